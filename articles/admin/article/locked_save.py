"""Saving an article under a lock: saves come one after the other, and one that comes too late is a conflict page."""

from copy import copy

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, transaction
from django.http import HttpRequest

from articles.admin.article.conflicts import is_overtaken
from articles.admin.model_admin import DeskAdmin
from articles.db.locks import is_busy
from articles.models import Article, StaleArticle


class LockedSave(DeskAdmin):
    """The save of the article admin."""

    LOST_RACES = (*DeskAdmin.LOST_RACES, StaleArticle)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method != "POST" or object_id is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        if not self.has_change_permission(request):
            raise PermissionDenied
        try:
            with transaction.atomic():
                if not self._is_overtaken(request, object_id):
                    return super().changeform_view(request, object_id, form_url, extra_context)
        except OperationalError as error:
            if not is_busy(error):
                raise
            request.is_busy = True
        return super().changeform_view(_to_show_again(request), object_id, form_url, extra_context)

    def get_formset_kwargs(self, request, obj, inline, prefix):
        given = super().get_formset_kwargs(request, obj, inline, prefix)
        if _is_shown_again(request):
            given |= {"data": request.POST.copy(), "files": request.FILES}
        return given

    def _is_overtaken(self, request, object_id: str) -> bool:
        """Lock the row and compare versions: True if someone saved since the form was opened."""
        article = self.get_object(request, unquote(object_id))
        rows = Article.objects.select_for_update().filter(pk=article and article.pk)
        version = rows.values_list("version", flat=True).first()
        return version is not None and is_overtaken(request.POST, version)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.is_busy = getattr(request, "is_busy", False)
        form.shown_again = (request.POST, request.FILES) if _is_shown_again(request) else None
        return form


def _to_show_again(request: HttpRequest) -> HttpRequest:
    """Turn the POST of a form that is sure to be refused into a GET that keeps the posted data.

    Django runs a POST in a transaction. A busy database cannot start one, and no other save should wait for a lock
    while a conflict page is built.
    """
    again = copy(request)
    again.method, again.is_shown_again = "GET", True
    return again


def _is_shown_again(request: HttpRequest) -> bool:
    return getattr(request, "is_shown_again", False)
