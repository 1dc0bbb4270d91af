"""History pages of an article: all versions, one version, restore it, accept or drop a pending text."""

from copy import copy

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from articles.admin.article.merge_pages import why_not_pending
from articles.admin.article.version_rows import find_version, outline, revisions_of
from articles.admin.model_admin import DeskAdmin
from articles.models import Article, Revision
from articles.revisions.history import accept_pending, changes, restore, snapshot_of
from articles.revisions.merge import Proposal
from articles.revisions.pending import superseded_by
from articles.revisions.publishing import may_publish
from sources.text.visible import visible

PENDING_AT_MOST = 10  # pending texts shown with an article


class CannotApply(Exception):
    """The version cannot be applied; the message says why."""


def pending(article: Article, may_date: bool) -> list[dict]:
    """Pending texts of an article, each with what accepting it would change. `may_date`: may it change the date?"""
    revisions = revisions_of(article).filter(state=Revision.State.PENDING)[:PENDING_AT_MOST]
    # Read again: `article` may hold what was typed in a form.
    now = Article.objects.get(pk=article.pk) if revisions else None
    shown = []
    for revision in revisions:
        taken = copy(now)
        accept_pending(taken, revision.snapshot or {}, may_date or now.status != Article.Status.PUBLISHED)
        proposal = Proposal.of(revision, now, may_date or now.status != Article.Status.PUBLISHED)
        shown.append(
            {
                "revision": revision,
                "version": now.version,
                "changes": changes(now.kept(), taken.kept()),
                "conflicts": len(proposal.merge.conflicts()),
                "superseded": superseded_by(revision),
            }
        )
    return shown


class HistoryPages(DeskAdmin):
    """History views of the article admin."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context=None) -> HttpResponse:
        """All versions: who, when, why, and which fields changed."""
        article = self.get_object(request, object_id) if request.method in ("GET", "HEAD") else None
        if article is None:
            raise Http404
        self._may_look(request, article)
        context = {"versions": outline(article), "title": "版本历史"}
        return self._render_version(request, article, "history", context)

    def version_view(self, request: HttpRequest, pk: int, revision_pk: int) -> HttpResponse:
        """What one version changed, with the button to restore it."""
        article, version = self._find(request, pk, revision_pk)
        before = version.before or {}
        differences = changes(before, version.kept) if version.is_known else []
        context = {"version": version, "changes": differences, "title": f"版本：{version.revision}"}
        return self._render_version(request, article, "version", context)

    def restore_view(self, request: HttpRequest, pk: int, revision_pk: int) -> HttpResponse:
        """Show what restoring would change; a POST with a reason restores, if the article is still at that version."""
        article, version = self._find(request, pk, revision_pk)
        self._may_write(request, article)
        if not version.is_known or version.in_force or version.revision.version is None:
            raise Http404
        reason = request.POST.get("reason", "").replace("\0", "").strip()[:500]
        if request.method == "POST" and reason:
            return self._apply(request, pk, version.revision, reason)
        restored = copy(article)
        restore(restored, version.kept, dated=may_publish(request.user))
        context = {"version": version, "changes": changes(article.kept(), restored.kept())}
        context |= {"title": f"恢复到{version.revision}", "was_sent": request.method == "POST"}
        return self._render_version(request, article, "restore", context)

    def take_view(self, request: HttpRequest, pk: int, revision_pk: int) -> HttpResponse:
        """采用: save the pending text as the article's next version."""
        revision = self._find_pending(request, pk, revision_pk)
        if revision.state != Revision.State.PENDING:
            self.message_user(request, why_not_pending(revision), messages.WARNING)
            return self.redirect_to("admin:articles_article_change", pk)
        return self._apply(request, pk, revision, "")

    def drop_view(self, request: HttpRequest, pk: int, revision_pk: int) -> HttpResponse:
        """不采用: mark the pending text as dropped; it stays in the history."""
        revision = self._find_pending(request, pk, revision_pk)
        # Only if it is still pending: someone may just have accepted it.
        still = Revision.objects.filter(pk=revision.pk, state=Revision.State.PENDING)
        if still.update(state=Revision.State.DROPPED, editor=request.user):
            self.log_change(request, revision.article, "未采用导入的文本")
            self.message_user(request, "没有采用导入的文本，稿件不变。", messages.SUCCESS)
        else:
            revision.refresh_from_db()
            self.message_user(request, why_not_pending(revision), messages.WARNING)
        return self.redirect_to("admin:articles_article_change", pk)

    def _apply(self, request: HttpRequest, pk: int, revision: Revision, reason: str) -> HttpResponse:
        try:
            with transaction.atomic():
                article = Article.objects.select_for_update().get(pk=pk)
                said = _apply_snapshot(article, revision, request, reason)
        except CannotApply as why:
            self.message_user(request, str(why), messages.ERROR)
            return self.redirect_to("admin:articles_article_change", pk)
        self.log_change(request, article, said)
        self.message_user(request, f"{said}，现在是第 {article.version} 版。", messages.SUCCESS)
        return self.redirect_to("admin:articles_article_change", pk)

    def _find(self, request: HttpRequest, pk: int, revision_pk: int):
        article = get_object_or_404(Article, pk=pk)
        self._may_look(request, article)
        found = find_version(article, revision_pk)
        if found is None:
            raise Http404
        return article, found

    def _find_pending(self, request: HttpRequest, pk: int, revision_pk: int) -> Revision:
        article = get_object_or_404(Article, pk=pk)
        self._may_write(request, article)
        if request.method != "POST":
            raise Http404
        return get_object_or_404(Revision, pk=revision_pk, article=article)

    def _may_look(self, request: HttpRequest, article: Article) -> None:
        if not self.has_view_or_change_permission(request, article):
            raise PermissionDenied

    def _may_write(self, request: HttpRequest, article: Article) -> None:
        if not self.has_change_permission(request, article):
            raise PermissionDenied

    def _render_version(
        self, request: HttpRequest, article: Article, name: str, context: dict
    ) -> HttpResponse:
        common = {
            "article": article,
            "subtitle": visible(str(article)),
            "may_change": self.has_change_permission(request, article),
        }
        return self.render(request, f"admin/articles/article/{name}.html", common | context)


def _apply_snapshot(article: Article, revision: Revision, request: HttpRequest, reason: str) -> str:
    """Save the revision's text as the locked article's next version; returns what was done, in words."""
    if request.POST.get("version") != str(article.version):
        raise CannotApply("没有保存：你打开页面之后，别人改过这篇稿件。请看过现在的文字再决定。")
    dated = may_publish(request.user) or article.status != Article.Status.PUBLISHED
    is_pending = revision.state == Revision.State.PENDING
    if is_pending and not Revision.objects.filter(pk=revision.pk, state=revision.state).update(
        state=Revision.State.APPLIED
    ):
        raise CannotApply("这份文本刚被别人处理过。")
    (accept_pending if is_pending else restore)(article, snapshot_of(revision, article), dated)
    if article.status == Article.Status.PUBLISHED and (lacks := article.missing()):
        raise CannotApply(f"稿件已发布，而这一版缺{'、'.join(lacks)}，没有保存。")
    said = "采用了导入的文本" if is_pending else f"恢复到了{revision}"
    kind = Revision.Kind.IMPORT if is_pending else Revision.Kind.RESTORE
    article.revise(kind, request.user, reason or said)
    return said
