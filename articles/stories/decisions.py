"""Editors' decisions on stories, for every page that offers them. Grouping never overturns one."""

from collections.abc import Collection

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from articles.models import Article
from articles.models.story import Parting, Story
from articles.revisions.publishing import Refused

OVERTAKEN = "刚有别人或导入改过这组报道，请看过现在的样子再决定"
AT_ONCE = 5_000  # pairs of articles kept apart by one decision


@transaction.atomic
def remove_from_story(story: int, articles: Collection[int], editor: AbstractBaseUser, seen: str) -> None:
    """移出: these articles leave the story; whether they belong together is left open."""
    _keep_apart(story, articles, _rest(story, articles, seen), editor)
    Article.objects.file_under(dict.fromkeys(articles))
    Story.objects.dissolve_small([story])


@transaction.atomic
def split_off(story: int, articles: Collection[int], editor: AbstractBaseUser, seen: str) -> Story:
    """拆开: these articles are a story of their own."""
    if len(articles) < 2:
        raise Refused("另成一组至少要两篇；只有一篇，请用“移出”")
    _keep_apart(story, articles, _rest(story, articles, seen), editor)
    other = Story.objects.create(confirmed_at=timezone.now(), confirmed_by=editor)
    Article.objects.file_under(dict.fromkeys(articles, other.pk))
    Story.objects.dissolve_small([story])
    return other


@transaction.atomic
def merge(story: int, into: int, editor: AbstractBaseUser, seen: str) -> int:
    """合并: two stories are one, under the number of the second. Returns how many articles moved."""
    if story == into:
        raise Refused("这就是同一组")
    moved, there = _members(story), _members(into)
    if not there:
        raise Refused(f"没有第 {into} 组同题报道")
    if signature(moved) != seen:
        raise Refused(OVERTAKEN)
    _put(moved, into, there, editor)
    Story.objects.filter(pk=story).delete()
    return len(moved)


@transaction.atomic
def confirm(story: int, editor: AbstractBaseUser, seen: str) -> None:
    """核定: these articles belong together; grouping may only add to them."""
    if signature(_members(story)) != seen:
        raise Refused(OVERTAKEN)
    _confirm(story, editor)


@transaction.atomic
def add_to_story(article: int, other: int, editor: AbstractBaseUser) -> Story:
    """并入: the article joins the other's story, and leaves its own if it has one."""
    if article == other:
        raise Refused("这就是本篇")
    # Lock both in the order of their ids, so that two editors cannot deadlock.
    stories = dict(
        Article.objects.select_for_update()
        .filter(pk__in=[article, other])
        .order_by("pk")
        .values_list("pk", "story")
    )
    if other not in stories:
        raise Refused("没有这篇稿件")
    mine, theirs = stories[article], stories[other]
    if mine is not None and mine == theirs:
        raise Refused("两篇已经在同一组里")
    if mine is not None:
        _keep_apart(mine, [article], set(_members(mine)) - {article}, editor)
    into = theirs or Story.objects.create().pk
    _put([article] if theirs else [article, other], into, _members(into) or [other], editor)
    if mine is not None:
        Story.objects.dissolve_small([mine])
    return Story.objects.get(pk=into)


def signature(articles: Collection[int]) -> str:
    """The members of a story as a string; a form sends it back, so that changes in between are noticed."""
    return "-".join(map(str, sorted(articles)))


def _put(articles: Collection[int], story: int, there: Collection[int], editor: AbstractBaseUser) -> None:
    Parting.objects.forget_between(articles, there)
    Article.objects.file_under(dict.fromkeys(articles, story))
    _confirm(story, editor)


def _keep_apart(
    story: int, articles: Collection[int], rest: Collection[int], editor: AbstractBaseUser
) -> None:
    """Keep articles apart from those that stay; the story of those that stay is confirmed."""
    Parting.objects.keep_apart(articles, rest, editor)
    _confirm(story, editor)


def _confirm(story: int, editor: AbstractBaseUser) -> None:
    Story.objects.filter(pk=story).update(confirmed_at=timezone.now(), confirmed_by=editor)


def _members(story: int) -> list[int]:
    """The members now, locked until the transaction ends."""
    rows = Article.objects.select_for_update().filter(story=story).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def _rest(story: int, articles: Collection[int], seen: str) -> set[int]:
    """The members that stay. Raises Refused if the story has changed or the selection makes no sense."""
    members = _members(story)
    if signature(members) != seen:
        raise Refused(OVERTAKEN)
    if not articles or not set(articles) <= set(members):
        raise Refused("请选好稿件")
    rest = set(members) - set(articles)
    if not rest:
        raise Refused("全部选中就没有可分开的了；请留下至少一篇")
    if len(rest) * len(articles) > AT_ONCE:
        raise Refused("一次选得太多，请少选几篇")
    return rest
