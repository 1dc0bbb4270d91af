"""放弃: dismiss an item of the review queue with a reason; 撤回: undo that."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from articles.admin.model_admin import DeskAdmin
from sources.models import MENDABLE, ImportItem, ImportRun, Settlement
from sources.text.visible import visible

RIGHTS = ["sources.change_importitem", "sources.view_importitem"]
REASON_LENGTH = 500


class DismissPages(DeskAdmin):
    """Dismiss views of the review queue admin."""

    def dismiss_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask until a reason is given."""
        item = _find(request, pk)
        if item.outcome not in MENDABLE:
            raise Http404
        reason = request.POST.get("reason", "").replace("\0", "").strip()[:REASON_LENGTH]
        if request.method == "POST" and reason:
            done = _dismiss(item, request.user, reason)
            said = "已放弃，条目和原文都留着，随时可以撤回。" if done else "这一条刚被别人处理过。"
            self.message_user(request, said, messages.SUCCESS if done else messages.WARNING)
            return self.redirect_to("admin:sources_importitem_change", pk)
        context = {
            "title": "放弃这一条",
            "item": item,
            "item_name": visible(item.name),
            "length": REASON_LENGTH,
            "was_sent": request.method == "POST",
        }
        return self.render(request, "admin/articles/review_queue/dismiss.html", context)

    def back_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """撤回放弃: put the item back into the queue; the dismissal stays on record."""
        item = _find(request, pk)
        if request.method != "POST":
            raise Http404
        dismissed = item.settlements.filter(kind=Settlement.Kind.DISMISSED, taken_back_at=None)
        done = dismissed.update(taken_back_at=timezone.now(), taken_back_by=request.user)
        said = "已撤回，这一条又在“待处理”里了。" if done else "这一条没有被放弃。"
        self.message_user(request, said, messages.SUCCESS if done else messages.WARNING)
        return self.redirect_to("admin:sources_importitem_change", pk)


def _dismiss(item: ImportItem, user, reason: str) -> bool:
    """False if somebody else has just dismissed it."""
    undone = item.settlements.filter(taken_back_at=None, run__state=ImportRun.State.UNDONE)
    try:
        with transaction.atomic():
            undone.update(taken_back_at=timezone.now(), taken_back_by=user)
            item.settlements.create(kind=Settlement.Kind.DISMISSED, by=user, reason=reason)
    except IntegrityError:
        return False
    return True


def _find(request: HttpRequest, pk: int) -> ImportItem:
    if not request.user.has_perms(RIGHTS):
        raise PermissionDenied
    return get_object_or_404(ImportItem.objects.defer("raw", "layout"), pk=pk)
