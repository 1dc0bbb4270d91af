"""A search request as its URL states it, and the results."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.forms import DateField
from django.urls import reverse

from articles.addresses import SHARED
from articles.search.query.parse import EARLIEST, LATEST
from articles.search.query.snippets import Piece
from sources.text.folding import clean

PER_PAGE = 20
MOST_PAGES = 50
LONGEST = 300  # characters of a URL parameter that are used
SORTS = ("relevance", "newest")
# Reads dates as the filters of lists do.
_DATE = DateField()
# Fields whose URL parameter has another name.
NAMES = {"since": "from", "until": "to"}


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A query with its filters. Outlet and section are slugs, a security is a symbol such as 601939.SH."""

    q: str = ""
    source: str = ""
    category: str = ""
    security: str = ""
    since: date | None = None
    until: date | None = None  # included
    sort: str = "relevance"
    page: int = 1
    refused: tuple[str, ...] = ()  # dates that are none, in words; no part of the address

    @classmethod
    def read(cls, query: Mapping) -> "SearchRequest":
        """The request in a URL's parameters; invalid values are ignored. Never raises."""
        words = {
            name: clean(str(query.get(name, ""))[:LONGEST])
            for name in ("q", "source", "category", "security")
        }
        sort, page = str(query.get("sort", "")), str(query.get("page", ""))
        since, until = (str(query.get(name, ""))[:LONGEST].strip() for name in ("from", "to"))
        since = "" if SHARED.fullmatch(since) else since
        return cls(
            **words,
            since=_day(since),
            until=_day(until),
            sort=sort if sort in SORTS else SORTS[0],
            page=min(max(int(page), 1), MOST_PAGES)
            if page.isascii() and page.isdecimal() and len(page) < 10
            else 1,
            refused=tuple(filter(None, (_refusal("开始日期", since), _refusal("结束日期", until)))),
        )

    def query(self, **changes) -> str:
        """The URL's query string with these changes; on the first page unless `page` is given."""
        asked = replace(self, **{"page": 1} | changes)
        said = {
            NAMES.get(one.name, one.name): str(value)
            for one in fields(asked)
            if one.name != "refused" and (value := getattr(asked, one.name)) != one.default
        }
        return f"?{urlencode(said)}"

    def address(self) -> str:
        """The path and query string of the result page."""
        return f"{reverse('search')}{self.query()}"

    @property
    def is_narrowed(self) -> bool:
        return bool(self.source or self.category or self.security or self.since or self.until)

    @property
    def is_empty(self) -> bool:
        """Whether there are neither words nor filters; a sort order or page may still be set."""
        return not self.q and not self.is_narrowed


@dataclass(frozen=True, slots=True)
class Pointer:
    """A suggested link."""

    label: str
    href: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Retold:
    """The other tellings of a hit's story among what was found: from how many other outlets, how many articles, the
    story's page ("" if it has none), and some by name."""

    outlets: int
    articles: int
    href: str
    named: list[Pointer]
    has_more: bool  # outlets that only the story's page names

    @property
    def label(self) -> str:
        if not self.outlets:
            return f"另有 {self.articles} 篇"
        others = f"另有 {self.outlets} 家"
        return others if self.outlets == self.articles else f"{others}，同题共 {self.articles + 1} 篇"


@dataclass(frozen=True, slots=True)
class Hit:
    """An article found, with the matches in its title and snippet marked, and what is folded under it."""

    id: int
    title: list[Piece]
    passage: list[Piece]
    at: datetime
    outlet: str
    outlet_slug: str
    retold: Retold | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet; `query` selects it, or deselects it if it is `chosen`."""

    label: str
    count: int
    query: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A field by which the results can be filtered."""

    name: str
    label: str
    choices: list[Choice]


@dataclass(frozen=True, slots=True)
class Heard:
    """What was searched for in the place of pinyin or a misspelling, and the question that finds what was typed."""

    words: str
    literal: str
    how: str = "按拼音查找"

    @property
    def href(self) -> str:
        return SearchRequest(q=self.literal).address()


@dataclass(frozen=True, slots=True)
class SearchResults:
    """One page of results, and a description of the search in words.

    `total` counts articles, as the facets do; `folded` of them are listed under another telling of their story, so that
    all pages together have `listed` hits.
    """

    asked: SearchRequest
    total: int = 0
    folded: int = 0
    hits: list[Hit] = field(default_factory=list)
    facets: list[Facet] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    meant: list[Pointer] = field(default_factory=list)
    places: list[Pointer] = field(default_factory=list)  # the securities and the day that the question names
    outlets: list[Pointer] = field(default_factory=list)
    heard: Heard | None = None  # the name that was searched for, where its pinyin was typed
    newer: str = ""
    older: str = ""
    milliseconds: float = 0.0
    is_plain: bool = False  # plain words, no filters

    @property
    def is_at_the_end(self) -> bool:
        """Whether this is the last page that can be reached, and there is more."""
        return self.asked.page >= MOST_PAGES and self.listed > MOST_PAGES * PER_PAGE

    @property
    def reachable(self) -> int:
        """How many of the articles can be turned to, those folded under others included."""
        return min(self.listed, MOST_PAGES * PER_PAGE) + self.folded

    @property
    def listed(self) -> int:
        return self.total - self.folded

    @property
    def is_unanswered(self) -> bool:
        """Whether plain words found nothing, so that a search alias might help."""
        return self.is_plain and not self.total and self.asked.page == 1


def _refusal(label: str, words: str) -> str:
    """What is wrong with a date, in the words of the lists; "" if nothing is."""
    if not words or _day(words):
        return ""
    try:
        day = _DATE.to_python(words)
    except ValidationError:
        return f"{label}：请写成 2021-12-29 这样的日期。"
    return f"{label}：日期不能{'早于 1800' if day < EARLIEST else '晚于 2199'} 年。"


def _day(words: str) -> date | None:
    try:
        day = _DATE.to_python(words)
    except ValidationError:
        return None
    return day if day and EARLIEST <= day <= LATEST else None
