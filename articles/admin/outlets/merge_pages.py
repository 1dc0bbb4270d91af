"""The admin of outlet merges: choose which one stays, confirm, the record, undo."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from articles.admin.model_admin import ReadOnlyAdmin
from articles.admin.outlets.find_outlets import find_outlets
from articles.admin.parameters import read_number, read_numbers
from articles.db.locks import is_busy
from articles.taxonomy.merge_outlets import CannotMerge, belongings, merge, rehearse_unmerge, unmerge
from sources.models import Source
from sources.models.outlet_history import SourceMerge
from sources.run_control.import_lock import ImportUnderWay

MERGED_AT_ONCE = 20  # outlets
RIGHTS = ("sources.change_source", "articles.change_article")
LISTED = 100  # articles listed by title
OFFERED = 10  # outlets found by name


@admin.register(SourceMerge)
class MergeAdmin(ReadOnlyAdmin):
    """合并记录. Visible to whoever may see outlets; merging needs RIGHTS."""

    list_display = ["pair", "articles", "editor", "made_at", "state"]
    list_display_links = ["pair"]
    list_select_related = ["editor"]
    search_fields = ["merged_name", "into_name"]
    search_help_text = "被并的来源或并入的来源。"
    ordering = ["-id"]
    pages = {"new": "new/", "undo": "<int:pk>/undo/"}

    @admin.display(description="合并")
    def pair(self, done):
        return str(done)

    @admin.display(description="现状")
    def state(self, done):
        return "已合并" if done.is_standing else "已撤销"

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("sources.view_source") or request.user.has_perm("sources.change_source")

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def new_view(self, request: HttpRequest) -> HttpResponse:
        """合并来源: ask which outlet stays, show what would move, merge on POST."""
        if not may_merge(request):
            raise PermissionDenied
        asked = request.POST if request.method == "POST" else request.GET
        sources = list(Source.objects.filter(pk__in=read_numbers(asked.getlist("pk"))[:MERGED_AT_ONCE]))
        into = Source.objects.filter(pk=read_number(asked.get("into", ""))).first()
        going = [source for source in sources if source != into]
        if not sources or (into and not going):
            self.message_user(request, "没有可合并的来源，也许刚被别人合并了。", messages.WARNING)
            return self.redirect_to("admin:sources_source_changelist")
        if request.method == "POST" and into:
            return self._merge(request, going, into)
        if into:
            context = {"going": [belongings(source) for source in going], "into": belongings(into)}
            context |= {"seen": _seen([*going, into]), "title": f"并入“{into}”"}
            return self.render(request, "admin/sources/merge_confirm.html", context)
        return self._ask_which(request, sources)

    def _ask_which(self, request: HttpRequest, sources: list[Source]) -> HttpResponse:
        """Ask which outlet stays; for a single one, search the other by name."""
        term = request.GET.get("name", "").strip()[:200]
        found = [source for source in find_outlets(term)[:OFFERED] if source not in sources] if term else []
        shown = [belongings(source) for source in (*sources, *found)]
        stays = max(shown, key=lambda one: (one.source.standing == Source.Standing.CHECKED, one.articles))
        if found:
            stays = shown[len(sources)]
        context = {"sources": sources, "shown": shown, "stays": stays.source, "term": term, "found": found}
        return self.render(request, "admin/sources/merge_choose.html", context | {"title": "合并来源"})

    def _merge(self, request: HttpRequest, going: list[Source], into: Source) -> HttpResponse:
        if request.POST.get("seen") != _seen([*going, into]):
            self.message_user(
                request, "没有合并：你打开页面之后，别人改过这些来源。请再看一遍。", messages.ERROR
            )
            query = {"pk": [source.pk for source in going], "into": into.pk}
            return self.redirect_to("admin:sources_sourcemerge_new", query=query)
        done = None
        for source in going:
            try:
                done = merge(source.pk, into.pk, request.user)
            except (CannotMerge, ImportUnderWay, OperationalError) as why:
                if isinstance(why, OperationalError) and not is_busy(why):
                    raise
                self.message_user(request, _said("合并", source, why), messages.ERROR)
                continue
            self.admin_site.get_model_admin(Source).log_change(request, into, str(done))
            self.message_user(request, f"{done}，移了 {done.articles} 篇稿件。", messages.SUCCESS)
        if done is None:
            return self.redirect_to("admin:sources_source_changelist")
        return self.redirect_to("admin:sources_sourcemerge_change", done.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url="", extra_context=None
    ) -> HttpResponse:
        """One merge: who, when, what moved; and what undoing it would do."""
        if not self.has_view_permission(request) or request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        done = get_object_or_404(
            SourceMerge.objects.select_related("editor", "undone_by"), pk=read_number(object_id)
        )
        unmerging = rehearse_unmerge(done) if done.is_standing and may_merge(request) else None
        left = done.left if unmerging is None else unmerging.left
        context = {"done": done, "unmerging": unmerging, "left": left[:LISTED], "left_count": len(left)}
        context["into"] = Source.objects.filter(pk=done.into_id).first()
        context["back"] = Source.objects.filter(pk=done.merged_id).first()
        return self.render(request, "admin/sources/merge_record.html", context | {"title": str(done)})

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """撤销合并."""
        if not may_merge(request):
            raise PermissionDenied
        if request.method != "POST":
            raise Http404
        done = get_object_or_404(SourceMerge, pk=pk)
        try:
            done = unmerge(pk, request.user)
        except (CannotMerge, ImportUnderWay, OperationalError) as why:
            if isinstance(why, OperationalError) and not is_busy(why):
                raise
            self.message_user(request, _said("撤销", done, why), messages.ERROR)
        else:
            source = Source.objects.get(pk=done.merged_id)
            self.admin_site.get_model_admin(Source).log_change(request, source, f"撤销：{done}")
            kept = f"，{len(done.left)} 篇留在原处" if done.left else ""
            self.message_user(request, f"已撤销：“{source}”回来了{kept}。", messages.SUCCESS)
        return self.redirect_to("admin:sources_sourcemerge_change", pk)


def may_merge(request: HttpRequest) -> bool:
    return request.user.has_perms(RIGHTS)


def _seen(sources: list[Source]) -> str:
    """What the page showed; nobody merges an outlet that was renamed meanwhile."""
    return " ".join(f"{source.pk}:{source.slug}:{source.name}" for source in sources)


def _said(verb: str, what, why: Exception) -> str:
    if isinstance(why, OperationalError):
        return f"没有{verb}（{what}）：数据库正忙，什么也没有改，请再试一次。"
    return f"没有{verb}（{what}）：{why}"
