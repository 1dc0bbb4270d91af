"""定夺: whether an input is the article of another outlet that has its id, or a piece of its own."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from articles.admin.imports.retry_pages import as_it_came, find, hold, import_or_say
from articles.models import Article
from articles.review.clashes import reading, rivals, take_for_same
from articles.review.retry import Settled, StillRejected
from sources.run_control.import_lock import ImportUnderWay
from sources.text.visible import visible, visible_lines

BODY_SHOWN = 3000  # characters
# The page shows articles, drafts too; a text beside one waits to be taken.
SEE, CHANGE = "articles.view_article", "articles.change_article"


def clash_page(desk, request: HttpRequest, pk: int) -> HttpResponse:
    """Both texts beside each other, and the choices."""
    item, data = find(request, pk)
    may_change = request.user.has_perm(CHANGE)
    if not (may_change or request.user.has_perm(SEE)):
        raise PermissionDenied
    if not item.is_clash:
        raise Http404
    attempt = as_it_came(request, item, data)
    if request.method == "POST" and request.POST.get("verdict") == "another":
        return import_or_say(desk, request, attempt) or _to_item(pk)
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    if request.method == "POST":
        return _same(desk, request, attempt)
    context = {
        **desk.admin_site.each_context(request),
        "title": "同一篇还是另一篇",
        "subtitle": visible(item.name),
        "opts": desk.opts,
        "item": item,
        "reason": visible_lines(item.reason),
        "came": _came(attempt),
        "outlet": visible(attempt.source),
        "rivals": [_shown(one) for one in rivals(item)],
        "is_settled": item.settlements.in_force().exists(),
        "held": hold(request.user),
        "may_change": may_change,
    }
    return TemplateResponse(request, "admin/articles/shelf/clash.html", context)


def _same(desk, request: HttpRequest, attempt) -> HttpResponse:
    try:
        asked = request.POST.get("rival", "")
        waiting = take_for_same(
            attempt, int(asked) if asked.isdecimal() and len(asked) < 19 else 0, request.user
        )
    except (Settled, StillRejected, ImportUnderWay, Article.DoesNotExist) as why:
        said = "那篇稿件已经不在了" if isinstance(why, Article.DoesNotExist) else visible(str(why))
        desk.message_user(request, f"什么也没有改：{said}。", messages.WARNING)
        return _to_item(attempt.item.pk)
    said = "已作为待处理版本放在这篇稿件旁边；稿件还没有变，请在这里合并、采用或放弃。"
    desk.message_user(request, said, messages.SUCCESS)
    merge = reverse("admin:articles_article_merge", args=[waiting.article_id, waiting.pk])
    return HttpResponseRedirect(merge)


def _came(attempt) -> dict:
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


def _to_item(pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:sources_importitem_change", args=[pk]))
