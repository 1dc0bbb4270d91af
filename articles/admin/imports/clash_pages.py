"""定夺: is this item the article of another outlet with the same id, or a new article?"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from articles.admin.imports.retry_pages import RetryPages, find_item, hold, unchanged_attempt
from articles.admin.parameters import read_number
from articles.models import Article
from articles.review.clashes import reading, rivals, take_for_same
from articles.review.retry import Settled, StillRejected
from sources.run_control.import_lock import ImportUnderWay
from sources.text.visible import visible, visible_lines

BODY_SHOWN = 3000  # characters
# The page shows articles, drafts included; choosing 同一篇 adds a pending text to one.
SEE, CHANGE = "articles.view_article", "articles.change_article"


class ClashPage(RetryPages):
    """Id clash view of the review queue admin."""

    def clash_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Both texts side by side, with the choices."""
        item, data = find_item(request, pk)
        may_change = request.user.has_perm(CHANGE)
        if not (may_change or request.user.has_perm(SEE)):
            raise PermissionDenied
        if not item.is_clash:
            raise Http404
        attempt = unchanged_attempt(request, item, data)
        if request.method == "POST" and request.POST.get("verdict") == "another":
            return self.import_and_redirect(request, attempt)
        if request.method == "POST" and not may_change:
            raise PermissionDenied
        if request.method == "POST":
            return self._attach(request, attempt)
        context = {
            "title": "同一篇还是另一篇",
            "subtitle": visible(item.name),
            "item": item,
            "reason": visible_lines(item.reason),
            "came": _incoming(attempt),
            "outlet": visible(attempt.source),
            "rivals": [_shown(one) for one in rivals(item)],
            "is_settled": item.settlements.in_force().exists(),
            "held": hold(request.user),
            "may_change": may_change,
        }
        return self.render(request, "admin/articles/review_queue/clash.html", context)

    def _attach(self, request: HttpRequest, attempt) -> HttpResponse:
        try:
            rival = read_number(request.POST.get("rival", ""))
            waiting = take_for_same(attempt, rival or 0, request.user)
        except (Settled, StillRejected, ImportUnderWay, Article.DoesNotExist) as why:
            said = "那篇稿件已经不在了" if isinstance(why, Article.DoesNotExist) else visible(str(why))
            self.message_user(request, f"什么也没有改：{said}。", messages.WARNING)
            return self.redirect_to("admin:sources_importitem_change", attempt.item.pk)
        said = "已作为待处理版本放在这篇稿件旁边；稿件还没有变，请在这里合并、采用或放弃。"
        self.message_user(request, said, messages.SUCCESS)
        return self.redirect_to("admin:articles_article_merge", waiting.article_id, waiting.pk)


def _incoming(attempt) -> dict:
    try:
        raw = reading(attempt)
    except StillRejected as why:
        return {"problem": visible(str(why))}
    return {"title": visible(raw.title), "at": raw.published_at} | _body(raw.plain.text)


def _shown(article: Article) -> dict:
    shown = {"article": article, "title": visible(str(article)), "outlet": visible(article.source.name)}
    return shown | _body(article.text)


def _body(text: str) -> dict:
    paragraphs = [one for one in visible_lines(text[:BODY_SHOWN]).split("\n") if one]
    return {"paragraphs": paragraphs, "left": max(len(text) - BODY_SHOWN, 0)}
