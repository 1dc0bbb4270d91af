"""Parse a reader's query into parts to find, parts to exclude, and filters. Pure.

    降准 "中期借贷便利" -股票 来源:国际商报 日期:2024-03

Spaces separate parts. What cannot be parsed is taken as plain words; nothing raises.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from sources.text.folding import clean, fold, squeezed

LONGEST = 100  # characters of a query that are used
MOST_PARTS = 20
EARLIEST, LATEST = date(1800, 1, 1), date(2199, 12, 31)

QUOTES = {'"': '"', "＂": "＂", "“": "”", "「": "」", "『": "』"}  # opening: closing
_ALL_SIGNS = "".join(dict.fromkeys((*QUOTES, *QUOTES.values())))
_SIGNS = re.escape(_ALL_SIGNS)
_BEGIN = re.compile(r"[-－](?=[^\s\-－])")
_NAME = re.compile(rf"([^\s:：{_SIGNS}]{{2,6}})[:：]\s*(?=\S)")
_RUN = re.compile(r"\S+")
_DATE = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?")
_DATES = re.compile(r"(.*?)(?:\.\.+|…+|~|～|至|到)(.*)")

# Names that may stand before a colon (folded), and the field they mean.
TITLE, BYLINE = "title", "byline"
NAMES = {
    **dict.fromkeys(("来源", "媒体", "source"), "source"),
    **dict.fromkeys(("栏目", "分类", "category"), "category"),
    **dict.fromkeys(("代码", "证券", "股票代码"), "security"),
    **dict.fromkeys(("标签", "关键词", "tag"), "tag"),
    **dict.fromkeys(("标题", "题目", "title"), TITLE),
    **dict.fromkeys(("作者", "记者", "author"), BYLINE),
    **dict.fromkeys(("日期", "时间", "date"), "date"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """Words that must match (`excluded`: must not), anywhere or only in a `field` (TITLE, BYLINE).

    `exact`: as a phrase, not word by word.
    """

    words: str
    exact: bool = False
    excluded: bool = False
    field: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """Keep articles of this outlet, section, security or tag (`excluded`: all others)."""

    name: str
    value: str
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A parsed query. `whole` is all of it, to find texts that contain it literally."""

    whole: str = ""
    parts: tuple[Part, ...] = ()
    filters: tuple[Filter, ...] = ()
    since: date | None = None
    until: date | None = None
    # What was ignored, in words.
    left_out: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether it has plain words only: no filters, quotes, exclusions or fields."""
        narrowed = self.filters or self.since or self.until
        return not narrowed and not any(part.excluded or part.exact or part.field for part in self.parts)

    @property
    def wanted(self) -> list[Part]:
        return [part for part in self.parts if not part.excluded]


def read(words: str) -> Question:
    """Parse a query, up to LONGEST characters and MOST_PARTS parts."""
    asked = clean(words)
    whole = asked[:LONGEST]
    found = list(_read(whole))
    said = []
    if len(asked) > LONGEST:
        said.append(f"只用了前 {LONGEST} 个字")
    if len(found) > MOST_PARTS:
        said.append(f"只用了前 {MOST_PARTS} 个词")
    parts: list[Part] = []
    filters: list[Filter] = []
    since, until = None, None
    for one in found[:MOST_PARTS]:
        if isinstance(one, Part):
            parts.append(one)
        elif isinstance(one, Filter):
            filters.append(one)
        else:
            since, until = max(since or one[0], one[0]), min(until or one[1], one[1])
    return Question(whole, _telling(parts), tuple(dict.fromkeys(filters)), since, until, "；".join(said))


def span(words: str) -> tuple[date, date] | None:
    """The first and last day of 2024, 2024-03, 2024-03-05 or 2024年3月, or of a range of two of them joined by ..
    (either may be missing); None for anything else."""
    if between := _DATES.fullmatch(words):
        first, last = between[1].strip(), between[2].strip()
        since = span(first) if first else (EARLIEST, EARLIEST)
        until = span(last) if last else (LATEST, LATEST)
        if not since or not until or not (first or last):
            return None
        return min(since[0], until[0]), max(since[1], until[1])
    if not (one := _DATE.fullmatch(words)):
        return None
    year, month, day = (int(number) if number else None for number in one.groups())
    try:
        start = date(year, month or 1, day or 1)
        following = start + timedelta(days=1)
        if not day:
            following = date(year + (month or 12) // 12, (month or 12) % 12 + 1, 1)
    except (ValueError, OverflowError):
        return None
    last = following - timedelta(days=1)
    return (start, last) if start >= EARLIEST and last <= LATEST else None


def _read(text: str):
    """Yield the parts, filters and day ranges of the text, in order."""
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        if excluded := _BEGIN.match(text, at):
            at = excluded.end()
        if (name := _NAME.match(text, at)) and fold(name[1]) in NAMES:
            value, exact, end = _value(text, name.end())
            if value and (made := _named(NAMES[fold(name[1])], value, exact, bool(excluded))):
                yield made
                at = end
                continue
        value, exact, at = _value(text, at)
        if value:
            yield Part(value, exact=exact, excluded=bool(excluded))


def _value(text: str, at: int) -> tuple[str, bool, int]:
    """The value at this position, whether it was quoted, and where it ends. Unquoted values end at a space.

    A closing quote counts only before a space or the end: in a headline such as “服贸通”上线 it is plain text.
    """
    if closing := QUOTES.get(text[at]):
        end = text.find(closing, at + 1)
        if end > 0 and (quoted := text[at + 1 : end].strip()) and not text[end + 1 : end + 2].strip():
            return quoted, True, end + 1
    run = _RUN.match(text, at)
    return run[0].strip(_ALL_SIGNS), False, run.end()


def _named(name: str, value: str, exact: bool, excluded: bool):
    if name == "date":
        return None if excluded else span(value)
    if name in (TITLE, BYLINE):
        return Part(value, exact=exact, excluded=excluded, field=name)
    return Filter(name, value, excluded)


def _telling(parts: list[Part]) -> tuple[Part, ...]:
    """The parts without duplicates; single punctuation marks are dropped unless there is nothing else."""
    unlike = tuple(dict.fromkeys(part for part in parts if squeezed(fold(part.words))))
    telling = tuple(part for part in unlike if len(part.words) > 1 or part.words.isalnum())
    return telling or unlike
