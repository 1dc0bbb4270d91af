"""The merge page: a pending text merged with the editors' changes; saves exactly what was shown."""

from collections.abc import Mapping
from copy import copy
from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from articles.admin.article.merge_rows import changed_fields, rows
from articles.admin.article.version_rows import revisions_of
from articles.admin.model_admin import DeskAdmin
from articles.models import Article, Revision
from articles.revisions.history import changes, differing
from articles.revisions.merge import BODY, Proposal
from articles.revisions.publishing import may_publish
from sources.text.merge.three_way import Choice, Kind
from sources.text.visible import visible

REASON_LENGTH = 500
TYPED = ("title", BODY)  # fields the editor may correct in the merged text
OVERTAKEN = "没有保存：你打开页面之后，别人改过这篇稿件。下面已按现在的文字重新合并。"


class NotSaved(Exception):
    """Nothing was saved; the message says why, and the page shows again what was sent."""


class MergePage(DeskAdmin):
    """Merge view of the article admin."""

    def merge_view(self, request: HttpRequest, pk: int, revision_pk: int) -> HttpResponse:
        """Show the merge, ask about conflicts, show the result, save it."""
        article = get_object_or_404(Article, pk=pk)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        revision = get_object_or_404(revisions_of(article), pk=revision_pk)
        if revision.version is not None or revision.snapshot is None or revision.state == Revision.State.TWIN:
            raise Http404
        if revision.state != Revision.State.PENDING:
            return self._settled(request, article, revision)
        if request.method == "POST" and request.POST.get("do") == "save":
            try:
                return self._save_merge(request, article, revision)
            except NotSaved as why:
                article.refresh_from_db()
                return self._show_merge(request, article, revision, str(why), status=409)
        return self._show_merge(request, article, revision)

    def _settled(self, request: HttpRequest, article: Article, revision: Revision) -> HttpResponse:
        """Redirect with a message: the text was decided on, or a newer one has come."""
        self.message_user(request, why_not_pending(revision), messages.WARNING)
        return self.redirect_to("admin:articles_article_change", article.pk)

    def _show_merge(self, request, article, revision, error: str = "", status: int = 200) -> HttpResponse:
        proposal = Proposal.of(revision, article, _dated(request, article))
        # Choices made for another text do not count.
        error = error or ("" if _is_current(request, article) else OVERTAKEN)
        chosen = {} if error else _chosen(request, proposal.merge.conflicts())
        context = {
            **_shown(proposal, chosen, request.POST.get("do") == "result" and not error),
            "title": "合并来源新稿",
            "subtitle": visible(str(article)),
            "article": article,
            "revision": revision,
            "error": error,
            "lost": {name: request.POST[name] for name in TYPED if name in request.POST} if error else {},
            "reason": request.POST.get("reason", ""),
            "reason_length": REASON_LENGTH,
        }
        return self.render(request, "admin/articles/article/merge.html", context, status=status)

    def _save_merge(self, request: HttpRequest, article: Article, revision: Revision) -> HttpResponse:
        with transaction.atomic():
            article = Article.objects.select_for_update().get(pk=article.pk)
            if not _is_current(request, article):
                raise NotSaved(OVERTAKEN)
            said = _apply_merge(request, article, revision)
        self.log_change(request, article, said)
        self.message_user(request, f"{said}，现在是第 {article.version} 版。", messages.SUCCESS)
        return self.redirect_to("admin:articles_article_change", article.pk)


def why_not_pending(revision: Revision) -> str:
    """Why a text is no longer pending."""
    if revision.state == Revision.State.SUPERSEDED:
        return "来源后来又有更新的一稿，这份文本不用再处理；请处理最新的那一份。"
    return "这份文本刚被别人处理过。"


def _shown(proposal: Proposal, chosen: Mapping[str, Choice], shows_result: bool) -> dict:
    """Context: the three texts compared and, once every conflict is settled, the merged text."""
    conflicts = proposal.merge.conflicts()
    unsettled = len(conflicts.keys() - chosen.keys())
    found = {
        "proposal": proposal,
        "fields": changed_fields(proposal.merge, chosen),
        "rows": list(rows(proposal.merge, chosen)),
        "conflicts": len(conflicts),
        "unsettled": unsettled if shows_result else 0,
        "counts": {side: proposal.merge.changed_by(kind) for side, kind in COUNTED.items()},
    }
    return found if unsettled else found | _result(proposal, chosen, shows_result)


COUNTED = {"theirs": Kind.THEIRS, "ours": Kind.OURS, "both": Kind.BOTH}


def _result(proposal: Proposal, chosen: Mapping[str, Choice], show: bool) -> dict:
    """Context: the merged text, and what accepting it would change."""
    article = copy(proposal.article)
    replace(proposal, article=article).dress(chosen)
    merged = {name: getattr(article, name) for name in TYPED}
    found = {"changes": changes(proposal.article.kept(), article.kept()), "merged": merged}
    found["seal"] = proposal.seal(chosen)
    return found | {"shows_result": show, "chosen": chosen}


def _chosen(request: HttpRequest, conflicts: Mapping) -> dict[str, Choice]:
    sent = {name: request.POST.get(f"choose-{name}", "") for name in conflicts}
    return {name: Choice(value) for name, value in sent.items() if value in list(Choice)}


def _is_current(request: HttpRequest, article: Article) -> bool:
    """True if the article has not changed since the form was opened."""
    return request.method != "POST" or request.POST.get("version") == str(article.version)


def _dated(request: HttpRequest, article: Article) -> bool:
    return may_publish(request.user) or article.status != Article.Status.PUBLISHED


# ------------------------------------------------------------------ saving


def _apply_merge(request: HttpRequest, article: Article, revision: Revision) -> str:
    """Save the merged text as the next version, if it is the one that was shown; returns what was done, in words."""
    proposal = Proposal.of(revision, article, _dated(request, article))
    chosen = _chosen(request, proposal.merge.conflicts())
    if chosen.keys() != proposal.merge.conflicts().keys():
        raise NotSaved("没有保存：还有冲突没有选定。")
    if request.POST.get("seal") != proposal.seal(chosen):
        raise NotSaved("没有保存：要合并的文字刚刚有了变化，请再看一遍。")
    pending = Revision.objects.filter(pk=revision.pk, state=Revision.State.PENDING)
    if not pending.update(state=Revision.State.APPLIED):
        raise NotSaved("没有保存：这份文本刚被别人处理过。")
    now, typed = article.kept(), _typed(request)
    if len(typed.get("title", "")) > (longest := Article._meta.get_field("title").max_length):
        raise NotSaved(f"没有保存：标题最多 {longest} 字。")
    proposal.dress(chosen, typed)
    if article.status == Article.Status.PUBLISHED and (lacks := article.missing()):
        raise NotSaved(f"没有保存：稿件已发布，而合并稿缺{'、'.join(lacks)}。")
    if not differing(now, article.kept()):
        return "来源新稿里没有现稿还没有的内容，稿件不变"
    article.revise(Revision.Kind.RECONCILE, request.user, _reason(request, chosen))
    return "采用了合并稿"


def _typed(request: HttpRequest) -> dict[str, str]:
    """Merged title and body as edited in the form, with LF line ends."""
    sent = {name: request.POST[name].replace("\0", "") for name in TYPED if name in request.POST}
    return {name: value.replace("\r\n", "\n").replace("\r", "\n") for name, value in sent.items()}


def _reason(request: HttpRequest, chosen: Mapping[str, Choice]) -> str:
    if typed := request.POST.get("reason", "").replace("\0", "").strip()[:REASON_LENGTH]:
        return typed
    settled = f"，{len(chosen)} 处冲突由编辑选定" if chosen else ""
    return f"合并了来源新稿{settled}"
