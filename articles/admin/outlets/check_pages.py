"""来源检查: unchecked outlets, each beside similar ones."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from articles.admin.model_admin import DeskAdmin
from articles.admin.parameters import read_number, read_numbers
from articles.taxonomy.similar_outlets import Outlet, PossibleMatch, SimilarOutlets
from sources.models import Source
from sources.models.outlet_history import Unlike

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class Proposal:
    """A similar outlet, and which of the two would be merged into which."""

    outlet: Outlet
    why: str
    goes: int
    stays: int


class CheckPage(DeskAdmin):
    """Check view of the outlet admin."""

    def check_view(self, request: HttpRequest) -> HttpResponse:
        """The list; a POST marks one as checked, or a pair as different outlets."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            if not self.has_change_permission(request):
                raise PermissionDenied
            self._save_check(request)
            return HttpResponseRedirect(request.get_full_path())
        known = SimilarOutlets()
        shown = Paginator(known.doubts(), PER_PAGE).get_page(request.GET.get("page"))
        known.compare_closely(shown.object_list)
        context = {
            "title": "来源检查",
            "page": shown,
            "rows": [(doubt, _proposals(doubt)) for doubt in shown.object_list],
            "may_change": self.has_change_permission(request),
        }
        return self.render(request, "admin/sources/check.html", context)

    def _save_check(self, request: HttpRequest) -> None:
        if pair := request.POST.get("unlike"):
            self._mark_different(request, pair)
        elif (pk := read_number(request.POST.get("checked", ""))) is not None:
            self._mark_checked(request, pk)

    def _mark_different(self, request: HttpRequest, pair: str) -> None:
        pks = read_numbers(pair.split("-"))
        names = dict(Source.objects.filter(pk__in=pks).values_list("pk", "name"))
        if len(names) != 2:
            self.message_user(request, "其中一个来源已不存在。", messages.WARNING)
            return
        try:
            with transaction.atomic():
                Unlike.objects.remember(*names, request.user)
        except IntegrityError:
            self.message_user(request, "其中一个来源刚被合并或删除。", messages.WARNING)
        else:
            self.message_user(
                request, f"记住了：“{'”与“'.join(names.values())}”不是同一家。", messages.SUCCESS
            )

    def _mark_checked(self, request: HttpRequest, pk: int) -> None:
        """Mark a new outlet as checked. (One without a proper name needs a name first, on its page.)"""
        waiting = Source.objects.filter(pk=pk, standing=Source.Standing.NEW)
        if waiting.update(standing=Source.Standing.CHECKED):
            source = Source.objects.get(pk=pk)
            self.log_change(request, source, "已核")
            self.message_user(request, f"“{source}”已核。", messages.SUCCESS)
        else:
            self.message_user(request, "这个来源刚被别人处理过。", messages.WARNING)


def _proposals(doubt: PossibleMatch) -> list[Proposal]:
    """The checked one stays, else the one with more articles, else the older."""

    def stands(outlet: Outlet) -> tuple:
        return outlet.source.standing == Source.Standing.CHECKED, outlet.count, -outlet.source.pk

    found = []
    for like in doubt.like:
        goes, stays = sorted((doubt.outlet, like.outlet), key=stands)
        found.append(Proposal(like.outlet, like.why, goes.source.pk, stays.source.pk))
    return found
