"""Read stored raw bytes again with today's readers, to get the article they once gave. No models."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sources.files.inputs import file_name
from sources.formats import FORMATS, choose
from sources.formats.feed import feed_file
from sources.formats.filenames import TEXTS
from sources.formats.raw_article import Broken, NotAnArticle, RawArticle, Unreadable
from sources.formats.table import table_file
from sources.formats.table.columns import SavedColumns
from sources.problem import Code, Problem
from sources.reading.parts import standalone_entry

# Formats with many articles to a file; a part is named `file:part` and mostly stored with bytes of its own.
PARTED = {"table", "feed", "newspaper", "epub", "wxr", "ghost"}

_ENTRY = re.compile(rb"\s*<(?:\w+:)?(item|entry)[\s>]")
_JSON_FEED_BODIES = ("content_html", "content_text")
_OF_BROKEN_XML = "title_detail"  # how feedparser represented an entry of broken XML


def page_of(name: str) -> str:
    """The name of the printed page that an item of this name was cut out of; "" for other names."""
    page, colon, part = name.rpartition(":")
    return page if colon and part.isdecimal() and file_name(page).suffix in TEXTS else ""


class NotReadAgain(Exception):
    """The bytes do not give the article any more; the problem says why."""

    def __init__(self, problem: Problem):
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """The article, its format (None for a part without a recognisable one), and whether the bytes were the whole input,
    so that a value they lack was never given."""

    article: RawArticle
    format: str | None
    is_whole: bool


def read_again(
    name: str, data: bytes, format_name: str, title: str, saved: Mapping[str, SavedColumns] | None = None
) -> ReadAgain:
    """Read the bytes of an import item named `name`, which came in by `format_name` ("auto" or a name in FORMATS).

    `title` is what its article was called, to tell it from others in the same bytes ("" if unknown); `saved` are
    editors' readings of columns (sources.reading.saved_columns). Raises NotReadAgain.
    """
    chosen = choose(format_name, name, data)
    part = ""
    if chosen is None or chosen in PARTED:
        file, colon, part = name.rpartition(":")
        name = file if colon else name
        chosen = choose(format_name, name, data)
    if part and chosen in ("scrape", None) and file_name(name).suffix in TEXTS:
        # A scrape has no parts: this is an entry of a feed, or the lines of a printed article without its page.
        chosen = "feed" if _ENTRY.match(data) else "newspaper"
    try:
        found = list(_read(name, data, chosen, saved))
    except Unreadable as refusal:
        raise NotReadAgain(refusal.problem) from None
    except NotAnArticle as reason:
        raise _differs(str(reason)) from None
    except (NotReadAgain, MemoryError):
        raise
    except Exception as error:
        said = f"程序没能读懂它（{type(error).__name__}: {str(error)[:200]}）"
        raise NotReadAgain(Problem(Code.READER_FAILED, said)) from error
    article = _same(found, part, title)
    article.fit()
    return ReadAgain(article, chosen, is_whole=chosen is not None and chosen not in PARTED)


def articles_in(data: bytes, name: str, format_name: str) -> list[RawArticle]:
    """The articles that bytes give in this format, as the reader gives them. Raises what it raises."""
    return [one for one in FORMATS[format_name](data, name) if isinstance(one, RawArticle)]


def _read(name: str, data: bytes, chosen: str | None, saved: Mapping | None) -> Iterable:
    if chosen not in (None, "table", "feed"):
        return FORMATS[chosen](data, name)
    if _ENTRY.match(data):
        return feed_file.read(standalone_entry(data), name)
    if data.lstrip()[:1] == b"{":
        return _json_row(data, name, saved)
    if chosen == "feed":
        return feed_file.read(data, name)
    if chosen is None:
        raise NotReadAgain(Problem(Code.WRONG_FORMAT, "今天的程序认不出它的格式"))
    return table_file.read(data, name, saved=saved)


def _json_row(data: bytes, name: str, saved: Mapping | None) -> Iterable:
    """One object: a row of a table or workbook, or an entry of a JSON Feed."""
    try:
        keys = json.loads(data).keys()
    except (ValueError, AttributeError):
        keys = ()
    if _OF_BROKEN_XML in keys:
        said = "订阅源的 XML 当时有错，只留下了读出的部分，不能重新清洗"
        raise NotReadAgain(Problem(Code.BROKEN_XML, said))
    if any(body in keys for body in _JSON_FEED_BODIES):
        framed = b'{"version": "https://jsonfeed.org/version/1.1", "items": [%b]}' % data
        return feed_file.read(framed, name)
    return table_file.read(data, "row.json", saved=saved)


def _same(found: list, part: str, title: str) -> RawArticle:
    """The one article that the bytes give, else the one with this part or title."""
    articles = [one for one in found if isinstance(one, RawArticle)]
    broken = [one.problem for one in found if isinstance(one, Broken)]
    if not articles:
        raise NotReadAgain(broken[0]) if broken else _differs("读出来的不是稿件")
    if len(articles) == 1 and not broken:
        return articles[0]
    same = [one for one in articles if one.title == title or not title]
    here = [one for one in same if one.part == part] or same
    if len(here) != 1:
        raise _differs("今天的程序把它拆成了别的稿件，对不上，请人工处理")
    return here[0]


def _differs(said: str) -> NotReadAgain:
    return NotReadAgain(Problem(Code.READ_DIFFERENTLY, said))
