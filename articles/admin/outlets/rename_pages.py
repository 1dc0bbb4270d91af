"""Restore an earlier name of an outlet, as another renaming that can be undone."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from articles.admin.model_admin import DeskAdmin
from sources.models import Source
from sources.models.outlet_history import Renaming
from sources.text.visible import visible

SHOWN = 20  # renamings in an outlet's page


class TakenName(Exception):
    """That name or address belongs to another outlet; the message says which."""


class RenamePage(DeskAdmin):
    """Rename view of the outlet admin."""

    def name_back_view(self, request: HttpRequest, pk: int, renaming_pk: int) -> HttpResponse:
        """改回: restore the name and address from before this renaming."""
        if request.method != "POST":
            raise Http404
        try:
            with transaction.atomic():
                source = get_object_or_404(Source.objects.select_for_update(), pk=pk)
                if not self.has_change_permission(request, source):
                    raise PermissionDenied
                renaming = get_object_or_404(Renaming, pk=renaming_pk, source=source)
                if request.POST.get("now") != f"{source.slug} {source.name}":
                    raise TakenName("你打开页面之后，别人改过这个来源的名称或地址名。什么也没有改。")
                _go_back(source, renaming, request.user)
        except TakenName as why:
            self.message_user(request, str(why), messages.ERROR)
        else:
            self.log_change(request, source, f"改回“{source.name}”")
            self.message_user(
                request, f"已改回“{visible(source.name)}”，刚才的名称和地址仍然认得。", messages.SUCCESS
            )
        return self.redirect_to("admin:sources_source_change", pk)


def _go_back(source: Source, renaming: Renaming, editor) -> None:
    was = source.name, source.slug
    holder = Source.objects.named(renaming.name_was) or Source.objects.filter(name=renaming.name_was).first()
    if holder and holder.pk != source.pk:
        raise TakenName(f"没有改回：“{renaming.name_was}”现在是来源“{holder}”的名称或别名。")
    source.name = renaming.name_was
    if renaming.slug_was != renaming.slug:
        slug = renaming.slug_was
        holder = Source.objects.filter(slug=slug).first() or Source.objects.at_old_slug(slug)
        if holder and holder.pk != source.pk:
            raise TakenName(f"没有改回：地址名“{slug}”现在通到来源“{holder}”。")
        source.slug = slug
    source.save()
    source.renamed(*was, editor)
