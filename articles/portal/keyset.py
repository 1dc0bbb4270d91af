"""Lists of articles, newest first, read page by page from any place in them, without counting (keyset)."""

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
    """A place in a list: the moment and the id of the article that stands there. A later one is greater."""

    at: datetime
    id: int

    def __str__(self):
        return f"{(self.at - EPOCH) // MICROSECOND}_{self.id}"

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """The place an address names; None for anything that is none."""
        found = PLACE.fullmatch(text)
        try:
            return found and cls(EPOCH + int(found[1]) * MICROSECOND, int(found[2]))
        except OverflowError:
            return None


@dataclass(frozen=True)
class KeysetList:
    """Published articles that have something in common, and the columns that hold them in order.

    Tags and securities name the columns of their own rows, whose index is in the order of the list.
    `since` and `until` (not included) are moments; `narrow` takes out more, whatever the place.
    """

    where: dict = field(default_factory=dict)
    at: str = "public_at"
    id: str = "id"
    since: datetime | None = None
    until: datetime | None = None
    narrow: Callable[[ArticleQuerySet], ArticleQuerySet] | None = None

    def top(self) -> Cursor:
        """The place above the newest article that may be shown."""
        now = timezone.now()
        return Cursor(min(now, self.until - MICROSECOND) if self.until else now, LAST_ID)

    def older(self, than: Cursor) -> ArticleQuerySet:
        """What stands below a place, newest first."""
        # The place's moment IS the limit of what is published: of two limits SQLite might walk to the wrong one.
        than = min(than, self.top())
        below = Q()
        if than.id != LAST_ID:
            below = Q(**{f"{self.at}__lt": than.at}) | Q(**{f"{self.id}__lt": than.id})
        if self.since:
            below &= Q(**{f"{self.at}__gte": self.since})
        return self._read(than.at, below).order_by(f"-{self.at}", f"-{self.id}")

    def newer(self, than: Cursor) -> ArticleQuerySet:
        """What stands above a place, the nearest first."""
        than = max(than, Cursor(self.since, -1)) if self.since else than
        above = Q(**{f"{self.at}__gt": than.at}) | Q(**{f"{self.id}__gt": than.id})
        above &= Q(**{f"{self.at}__gte": than.at})
        return self._read(self.top().at, above).order_by(self.at, self.id)

    def _read(self, limit: datetime, place: Q) -> ArticleQuerySet:
        # All in one filter(): in two, a tag's conditions would join its rows twice.
        if self.at != "public_at":
            place &= Q(**{f"{self.at}__lte": limit})
        articles = Article.objects.published(limit).filter(place, **self.where)
        return self.narrow(articles) if self.narrow else articles


def of_tag(tag) -> KeysetList:
    """A tag's articles, read off its own rows."""
    return KeysetList({"tagged__tag": tag}, at="tagged__public_at", id="tagged__content_object")


def of_security(security) -> KeysetList:
    """The articles that speak of a security, read off its own rows."""
    return KeysetList({"mentions__security": security}, at="mentions__public_at", id="mentions__article")


@dataclass(frozen=True)
class Page:
    """One page of a list; `newer` and `older` are the query strings of its neighbours, empty at the ends."""

    articles: list[dict]
    newer: str = ""
    older: str = ""

    def days(self) -> list[tuple]:
        """The articles by day in the portal's zone: (day, its articles)."""
        zone = timezone.get_current_timezone()
        by_day = groupby(self.articles, key=lambda article: article["at"].astimezone(zone).date())
        return [(day, list(articles)) for day, articles in by_day]


def read_page(shelf: KeysetList, query: Mapping, kept: Mapping, size: int = PER_PAGE) -> Page:
    """The page that `?after=` or `?before=` asks for, else the first; links repeat the query in `kept`."""
    if before := Cursor.read(query.get("before", "")):
        nearest = list(shelf.newer(before).as_rows()[: size + 1])
        if len(nearest) > size:  # else it would be a page with gaps: the first one is shown, full
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
