"""The pages of an article's history: every version, one version, back to it, and texts that wait."""

from copy import copy

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from articles.admin.article.merge_pages import said_of
from articles.admin.article.version_rows import find_version, outline, revisions_of
from articles.admin.model_admin import DeskAdmin
from articles.models import Article, Revision
from articles.revisions.history import accept_pending, changes, restore, snapshot_of
from articles.revisions.merge import Proposal
from articles.revisions.pending import superseded_by
from articles.revisions.publishing import may_publish
from sources.text.visible import visible

PENDING_AT_MOST = 10  # waiting texts shown with an article


class Impossible(Exception):
    """The version cannot be put in force; the message says why."""


def pending(article: Article, may_date: bool) -> list[dict]:
    """Texts that imports brought for an article an editor had changed, each with what taking it would change."""
    waiting = revisions_of(article).filter(state=Revision.State.PENDING)[:PENDING_AT_MOST]
    # Read anew: the article at hand may wear what a form was sent.
    now = Article.objects.get(pk=article.pk) if waiting else None
    shown = []
    for revision in waiting:
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
    """The history of an article, for the admin of articles."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context=None) -> HttpResponse:
        """All versions: who, when, why, and which fields."""
        article = self.get_object(request, object_id) if request.method in ("GET", "HEAD") else None
        if article is None:
            raise Http404
        self._may_look(request, article)
        context = {"versions": outline(article), "title": "版本历史"}
        return self._render_version(request, article, "history", context)

    def version_view(self, request: HttpRequest, pk: int, revision_pk: int) -> HttpResponse:
        """What one version changed, and the way back to it."""
        article, version = self._find(request, pk, revision_pk)
        before = version.before or {}
        differences = changes(before, version.kept) if version.is_known else []
        context = {"version": version, "changes": differences, "title": f"版本：{version.revision}"}
        return self._render_version(request, article, "version", context)

    def restore_view(self, request: HttpRequest, pk: int, revision_pk: int) -> HttpResponse:
        """Shows what would change; a POST with a reason, on the version that was shown, does it."""
        article, version = self._find(request, pk, revision_pk)
        self._may_write(request, article)
        if not version.is_known or version.in_force or version.revision.version is None:
            raise Http404
        reason = request.POST.get("reason", "").replace("\0", "").strip()[:500]
        if request.method == "POST" and reason:
            return self._put_in_force(request, pk, version.revision, reason)
        restored = copy(article)
        restore(restored, version.kept, dated=may_publish(request.user))
        context = {"version": version, "changes": changes(article.kept(), restored.kept())}
        context |= {"title": f"恢复到{version.revision}", "was_sent": request.method == "POST"}
        return self._render_version(request, article, "restore", context)

    def take_view(self, request: HttpRequest, pk: int, revision_pk: int) -> HttpResponse:
        """采用: the waiting text becomes the article's, as a version of its own."""
        revision = self._waiting(request, pk, revision_pk)
        if revision.state != Revision.State.PENDING:
            self.message_user(request, said_of(revision), messages.WARNING)
            return self.redirect_to("admin:articles_article_change", pk)
        return self._put_in_force(request, pk, revision, "")

    def drop_view(self, request: HttpRequest, pk: int, revision_pk: int) -> HttpResponse:
        """不采用: the article stays as it is; the text stays in its history."""
        revision = self._waiting(request, pk, revision_pk)
        # Only what still waits: a colleague may just have taken it.
        still = Revision.objects.filter(pk=revision.pk, state=Revision.State.PENDING)
        if still.update(state=Revision.State.DROPPED, editor=request.user):
            self.log_change(request, revision.article, "未采用导入的文本")
            self.message_user(request, "没有采用导入的文本，稿件不变。", messages.SUCCESS)
        else:
            revision.refresh_from_db()
            self.message_user(request, said_of(revision), messages.WARNING)
        return self.redirect_to("admin:articles_article_change", pk)

    def _put_in_force(self, request: HttpRequest, pk: int, revision: Revision, reason: str) -> HttpResponse:
        try:
            with transaction.atomic():
                article = Article.objects.select_for_update().get(pk=pk)
                said = _apply_snapshot(article, revision, request, reason)
        except Impossible as why:
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

    def _waiting(self, request: HttpRequest, pk: int, revision_pk: int) -> Revision:
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
    """Put the revision's text in force in the locked article; what was done, in words."""
    if request.POST.get("version") != str(article.version):
        raise Impossible("没有保存：你打开页面之后，别人改过这篇稿件。请看过现在的文字再决定。")
    dated = may_publish(request.user) or article.status != Article.Status.PUBLISHED
    waits = revision.state == Revision.State.PENDING
    if waits and not Revision.objects.filter(pk=revision.pk, state=revision.state).update(
        state=Revision.State.APPLIED
    ):
        raise Impossible("这份文本刚被别人处理过。")
    (accept_pending if waits else restore)(article, snapshot_of(revision, article), dated)
    if article.status == Article.Status.PUBLISHED and (lacks := article.missing()):
        raise Impossible(f"稿件已发布，而这一版缺{'、'.join(lacks)}，没有保存。")
    said = "采用了导入的文本" if waits else f"恢复到了{revision}"
    kind = Revision.Kind.IMPORT if waits else Revision.Kind.RESTORE
    article.revise(kind, request.user, reason or said)
    return said
