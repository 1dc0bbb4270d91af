"""Keyset pagination: lists of articles, newest first, read page by page from any position without a count."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Q
from django.utils import timezone

from articles.models import Article, ArticleQuerySet

PER_PAGE = 30
MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST_ID = 2**63 - 1
PLACE = re.compile(r"(-?[0-9]{1,18})_([0-9]{1,18})")


class Cursor(NamedTuple):
    """A position in a list: moment and id of the article there. The later position is the greater one."""

    at: datetime
    id: int

    def __str__(self):
        return f"{(self.at - EPOCH) // MICROSECOND}_{self.id}"

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """The cursor in a URL; None if the text is not a valid cursor."""
        found = PLACE.fullmatch(text)
        try:
            return found and cls(EPOCH + int(found[1]) * MICROSECOND, int(found[2]))
        except OverflowError:
            return None


@dataclass(frozen=True)
class KeysetList:
    """The published articles that match `where`, and the columns `at` and `id` that order them.

    Tags and securities use the columns of their join rows, whose index has the order of the list. `since` and `until`
    (excluded) are aware datetimes; `narrow` filters further, at any position.
    """

    where: dict = field(default_factory=dict)
    at: str = "public_at"
    id: str = "id"
    since: datetime | None = None
    until: datetime | None = None
    narrow: Callable[[ArticleQuerySet], ArticleQuerySet] | None = None

    def top(self) -> Cursor:
        """The position above the newest article that may be shown."""
        now = timezone.now()
        return Cursor(min(now, self.until - MICROSECOND) if self.until else now, LAST_ID)

    def older(self, than: Cursor) -> ArticleQuerySet:
        """The articles below a position, newest first."""
        # The position is also the limit for "published": with two limits, SQLite might seek to the wrong one.
        than = min(than, self.top())
        below = Q()
        if than.id != LAST_ID:
            below = Q(**{f"{self.at}__lt": than.at}) | Q(**{f"{self.id}__lt": than.id})
        if self.since:
            below &= Q(**{f"{self.at}__gte": self.since})
        return self._read(than.at, below).order_by(f"-{self.at}", f"-{self.id}")

    def newer(self, than: Cursor) -> ArticleQuerySet:
        """The articles above a position, nearest first."""
        than = max(than, Cursor(self.since, -1)) if self.since else than
        above = Q(**{f"{self.at}__gt": than.at}) | Q(**{f"{self.id}__gt": than.id})
        above &= Q(**{f"{self.at}__gte": than.at})
        return self._read(self.top().at, above).order_by(self.at, self.id)

    def _read(self, limit: datetime, place: Q) -> ArticleQuerySet:
        # All in one filter(): in two, the conditions on a tag would join its rows twice.
        if self.at != "public_at":
            place &= Q(**{f"{self.at}__lte": limit})
        articles = Article.objects.published(limit).filter(place, **self.where)
        return self.narrow(articles) if self.narrow else articles


def of_tag(tag) -> KeysetList:
    """A tag's articles, ordered by its join rows."""
    return KeysetList({"tagged__tag": tag}, at="tagged__public_at", id="tagged__content_object")


def of_security(security) -> KeysetList:
    """The articles that mention a security, ordered by its join rows."""
    return KeysetList({"mentions__security": security}, at="mentions__public_at", id="mentions__article")


@dataclass(frozen=True)
class Page:
    """One page of a list. `newer` and `older` are the query strings of the adjacent pages, "" at the ends."""

    articles: list[dict]
    newer: str = ""
    older: str = ""

    def days(self) -> list[tuple]:
        """The articles by day in the current time zone: (day, articles) pairs."""
        zone = timezone.get_current_timezone()
        by_day = groupby(self.articles, key=lambda article: article["at"].astimezone(zone).date())
        return [(day, list(articles)) for day, articles in by_day]


def read_page(shelf: KeysetList, query: Mapping, kept: Mapping, size: int = PER_PAGE) -> Page:
    """The page that `?after=` or `?before=` asks for, else the first; its links also carry the parameters in `kept`."""
    if before := Cursor.read(query.get("before", "")):
        nearest = list(shelf.newer(before).as_rows()[: size + 1])
        if len(nearest) > size:  # otherwise the page would not be full: show the first page instead
            return _page(nearest[size - 1 :: -1], kept, newer=True, older=True)
    after = Cursor.read(query.get("after", "")) if not before else None
    articles = list(shelf.older(after or shelf.top()).as_rows()[: size + 1])
    return _page(articles[:size], kept, newer=bool(after), older=len(articles) > size)


def _page(articles: list[dict], kept: Mapping, *, newer: bool, older: bool) -> Page:
    def link(name: str, article: dict) -> str:
        return f"?{urlencode({**kept, name: Cursor(article['at'], article['id'])})}"

    return Page(
        articles,
        newer=link("before", articles[0]) if newer and articles else "",
        older=link("after", articles[-1]) if older else "",
    )
