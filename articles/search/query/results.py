"""What a reader asks for, as an address says it, and what he gets."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse

from articles.search.query.parse import EARLIEST, LATEST
from articles.search.query.snippets import Piece
from sources.text.folding import clean

PER_PAGE = 20
MOST_PAGES = 50
LONGEST = 300  # characters of a word of the address; more is nobody's question
SORTS = ("relevance", "newest")
# As the address calls what is not called so here.
NAMES = {"since": "from", "until": "to"}


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A question with all its choices. An outlet and a section by their slugs, a security as 601939.SH."""

    q: str = ""
    source: str = ""
    category: str = ""
    security: str = ""
    since: date | None = None
    until: date | None = None  # included
    sort: str = "relevance"
    page: int = 1

    @classmethod
    def read(cls, query: Mapping) -> "SearchRequest":
        """What an address asks; what makes no sense is left out. Never raises."""
        words = {
            name: clean(str(query.get(name, ""))[:LONGEST])
            for name in ("q", "source", "category", "security")
        }
        sort, page = str(query.get("sort", "")), str(query.get("page", ""))
        return cls(
            **words,
            since=_day(str(query.get("from", ""))),
            until=_day(str(query.get("to", ""))),
            sort=sort if sort in SORTS else SORTS[0],
            page=min(max(int(page), 1), MOST_PAGES)
            if page.isascii() and page.isdecimal() and len(page) < 10
            else 1,
        )

    def query(self, **changes) -> str:
        """The address's query string with these changes; back on the first page unless they say another."""
        asked = replace(self, **{"page": 1} | changes)
        said = {
            NAMES.get(one.name, one.name): str(value)
            for one in fields(asked)
            if (value := getattr(asked, one.name)) != one.default
        }
        return f"?{urlencode(said)}"

    def address(self) -> str:
        """The path of the page that answers it, with its query string."""
        return f"{reverse('search')}{self.query()}"

    @property
    def is_narrowed(self) -> bool:
        return bool(self.source or self.category or self.security or self.since or self.until)

    @property
    def is_empty(self) -> bool:
        """Neither words nor a filter: only an order, perhaps, or a page."""
        return not self.q and not self.is_narrowed


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found; what it was found by is marked."""

    id: int
    title: list[Piece]
    passage: list[Piece]
    at: datetime
    outlet: str
    outlet_slug: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One value to narrow by; `query` makes the choice, or takes it back if it is `chosen`."""

    label: str
    count: int
    query: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """What the found can be narrowed by."""

    name: str
    label: str
    choices: list[Choice]


@dataclass(frozen=True, slots=True)
class Pointer:
    """A way on."""

    label: str
    href: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class SearchResults:
    """A page of what was found, and what it was found by, in words."""

    asked: SearchRequest
    total: int = 0
    hits: list[Hit] = field(default_factory=list)
    facets: list[Facet] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    meant: list[Pointer] = field(default_factory=list)
    outlets: list[Pointer] = field(default_factory=list)
    newer: str = ""
    older: str = ""
    milliseconds: float = 0.0
    is_plain: bool = False  # words alone were asked for

    @property
    def is_unanswered(self) -> bool:
        """Whether plain words found nothing: an alias might help their readers."""
        return self.is_plain and not self.total and self.asked.page == 1


def _day(words: str) -> date | None:
    try:
        day = date.fromisoformat(words)
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None
