"""The articles of a portal as a reader who judges answers sees them, read from its tables and not from its index."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property

from sources.text.dates import SHANGHAI
from sources.text.folding import fold, squeezed

LEAD = 200  # characters of the first paragraph that are its lead
_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
_SENTENCES = re.compile(r"[。！？!?；;\n]")


@dataclass(frozen=True, slots=True)
class Listed:
    """A security that an article is filed under; `market` is SH, SZ or HK."""

    code: str
    market: str
    name: str


@dataclass
class Paper:
    """An article. What is compared is folded: width, case, script."""

    pk: int
    title: str
    text: str
    at: datetime = datetime(2024, 1, 1, tzinfo=UTC)
    outlet: str = ""
    section: str = ""
    byline: str = ""
    listed: tuple[Listed, ...] = field(default=())
    is_item: bool = False  # of the real ones

    def __post_init__(self):
        self.head, self.body = fold(self.title), fold(self.text)

    @property
    def day(self) -> date:
        return self.at.astimezone(SHANGHAI).date()

    @cached_property
    def lead(self) -> str:
        return self.body.partition("\n")[0][:LEAD]

    @cached_property
    def all(self) -> str:
        """Title and text."""
        return f"{self.head}\n{self.body}"

    @cached_property
    def close(self) -> str:
        """The same without spaces, in which a phrase is found literally."""
        return f"{squeezed(self.head)}\n{squeezed(self.body)}"

    @cached_property
    def plain_figures(self) -> str:
        """The same without commas between thousands."""
        return without_commas(self.all)

    def sentences(self) -> Iterator[str]:
        """Of the text, after the title."""
        return filter(None, _SENTENCES.split(self.all))


def without_commas(folded: str) -> str:
    """3,500 as 3500."""
    return _COMMA.sub("", folded) if "," in folded else folded


def published() -> list[Paper]:
    """All articles that readers may find, in the order of their keys."""
    from articles.models import Article, Mention

    listed: dict[int, list[Listed]] = {}
    fields = ("article_id", "security__code", "security__market", "security__name")
    for pk, code, market, name in Mention.objects.order_by("pk").values_list(*fields):
        listed.setdefault(pk, []).append(Listed(code, market, name))
    return list(_read(Article.objects.published().order_by("pk"), listed))


def _read(articles, listed: dict[int, list[Listed]]) -> Iterable[Paper]:
    names = ("pk", "title", "text", "public_at", "source__name", "category__name", "byline", "external_id")
    for pk, title, text, at, outlet, section, byline, number in articles.values_list(*names):
        is_item = str(number or "").startswith("item-")
        some = tuple(listed.get(pk, ()))
        yield Paper(pk, title, text, at, outlet, section or "", byline, some, is_item)
