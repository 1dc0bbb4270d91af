"""同题报道 on the article form: the other articles of its story; leave it or join another."""

import re

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from articles.admin.model_admin import DeskAdmin
from articles.admin.parameters import read_number
from articles.models import Article
from articles.revisions.publishing import Refused
from articles.stories import decisions

SHOWN = 20
_ADDRESS = re.compile(r"(?:.*/)?(?:articles|article)/([0-9]{1,18})/?(?:change/?)?\s*")


def story_panel_context(article: Article) -> dict:
    """Context of the panel; `members` is empty if the article has no story."""
    members = members_of(article.story_id) if article.story_id else []
    seen = decisions.signature([one.pk for one in members])
    return {"story": article.story_id, "members": members[:SHOWN], "count": len(members), "seen": seen}


def members_of(story: int) -> list[Article]:
    """A story's articles by publication time, undated ones last."""
    fields = ("title", "status", "published_at", "public_at", "story", "source__name")
    found = Article.objects.filter(story=story).select_related("source").only(*fields)
    return sorted(found, key=lambda one: (one.published_at is None, one.published_at, one.pk))


class StoryPanel(DeskAdmin):
    """Story views of the article admin."""

    def leave_story_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """移出: remove the article from its story."""
        article = self._find_posted(request, pk)
        try:
            if article.story_id is None:
                raise Refused("这篇稿件已不在任何同题报道里")
            decisions.remove_from_story(article.story_id, [pk], request.user, request.POST.get("seen", ""))
            self.log_change(request, article, f"移出同题报道第 {article.story_id} 组")
            self.message_user(request, "已移出。以后自动归并也不会再把它们放到一起。", messages.SUCCESS)
        except Refused as why:
            self.message_user(request, f"没有移出：{why}。", messages.ERROR)
        return self.redirect_to("admin:articles_article_change", pk)

    def join_story_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """并入: add the article to the story of another one, given by number or address."""
        article = self._find_posted(request, pk)
        try:
            other = find_article(request.POST.get("other", ""))
            story = decisions.add_to_story(pk, other, request.user)
            self.log_change(request, article, f"并入同题报道第 {story.pk} 组")
            self.message_user(request, f"已并入第 {story.pk} 组，并记为编辑核定。", messages.SUCCESS)
        except Refused as why:
            self.message_user(request, f"没有并入：{why}。", messages.ERROR)
        return self.redirect_to("admin:articles_article_change", pk)

    def _find_posted(self, request: HttpRequest, pk: int) -> Article:
        article = get_object_or_404(Article.objects.only("title", "story"), pk=pk)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        if request.method != "POST":
            raise Http404
        return article


def find_article(typed: str) -> int:
    """An article's id from what was typed: its address here, its id, or its external id. Raises Refused."""
    typed = typed.replace("\0", "").strip()[:400]
    if not typed:
        raise Refused("请写另一篇的网址或编号")
    named = Article.objects.filter(external_id=typed).values_list("pk", flat=True).first()
    if named:
        return named
    if address := _ADDRESS.fullmatch(typed):
        typed = address[1]
    number = read_number(typed)
    if number is None:
        raise Refused(f"没有“{typed[:60]}”这篇稿件")
    return number
