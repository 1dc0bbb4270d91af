"""Publish and withdraw, from the list and from an article's page."""

from collections.abc import Callable, Iterable

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from articles.admin.model_admin import DeskAdmin
from articles.models import Article, StaleArticle
from articles.revisions.publishing import AT_ONCE, Refused, may_publish, publish, withdraw
from sources.text.visible import visible

LISTED = 10  # refused articles named in the message
REASON_LENGTH = 500


class PublishPages(DeskAdmin):
    """Publish and withdraw actions of the article admin."""

    @admin.action(description="发布所选稿件", permissions=["publish"])
    def publish_selected(self, request: HttpRequest, queryset):
        pks = self._chosen(request, queryset)
        self._act_on_each(request, pks, "发布", lambda pk: publish(pk, request.user))

    @admin.action(description="撤下所选稿件……", permissions=["publish"])
    def withdraw_selected(self, request: HttpRequest, queryset) -> HttpResponse | None:
        pks = self._chosen(request, queryset)
        reason = _reason(request)
        if not pks:
            return None
        if not reason:
            return self._ask_for_reason(request, pks, is_list=True)
        self._act_on_each(request, pks, "撤下", lambda pk: withdraw(pk, request.user, reason))
        return None

    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Withdraw one article; asks until a reason is given."""
        article = get_object_or_404(Article, pk=pk)
        if not may_publish(request.user) or not self.has_change_permission(request, article):
            raise PermissionDenied
        if request.method != "POST" or not _reason(request):
            return self._ask_for_reason(request, [pk], is_list=False)
        self._act_on_each(request, [pk], "撤下", lambda pk: withdraw(pk, request.user, _reason(request)))
        return self.redirect_to("admin:articles_article_change", pk)

    def _chosen(self, request: HttpRequest, queryset) -> list[int]:
        pks = list(queryset.values_list("pk", flat=True)[: AT_ONCE + 1])
        if len(pks) > AT_ONCE:
            self.message_user(request, f"一次最多 {AT_ONCE} 篇，请先缩小范围。什么也没有改。", messages.ERROR)
            return []
        return pks

    def _act_on_each(
        self, request: HttpRequest, pks: Iterable[int], verb: str, do: Callable[[int], Article]
    ) -> None:
        """Each in its own transaction, so a refused one does not stop the others."""
        done, refused = [], []
        for pk in pks:
            try:
                done.append(do(pk))
            except StaleArticle:
                refused.append(f"{_name(pk)}（刚被别人改过，请再试）")
            except Refused as why:
                refused.append(f"{_name(pk)}（{why}）")
        for article in done:
            self.log_change(request, article, verb)
        if done:
            names = f"：{visible(str(done[0]))}" if len(done) == 1 else ""
            self.message_user(request, f"{verb}了 {len(done)} 篇{names}。", messages.SUCCESS)
        if refused:
            named = "；".join(refused[:LISTED]) + ("……" if len(refused) > LISTED else "")
            self.message_user(request, f"{len(refused)} 篇没有{verb}：{named}", messages.WARNING)

    def _ask_for_reason(self, request: HttpRequest, pks: list[int], is_list: bool) -> HttpResponse:
        articles = list(
            Article.objects.filter(pk__in=pks).select_related("source").only("title", "status", "source")
        )
        context = {
            "title": "撤下稿件",
            "articles": articles,
            "published": sum(article.status == Article.Status.PUBLISHED for article in articles),
            "is_list": is_list,
            "checkbox": ACTION_CHECKBOX_NAME,
            "was_sent": "reason" in request.POST,
            "length": REASON_LENGTH,
        }
        return self.render(request, "admin/articles/article/withdraw.html", context)


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "").replace("\0", "").strip()[:REASON_LENGTH]


def _name(pk: int) -> str:
    title = Article.objects.filter(pk=pk).values_list("title", flat=True).first()
    return f"“{visible(title)}”" if title else f"第 {pk} 号（无标题）"
