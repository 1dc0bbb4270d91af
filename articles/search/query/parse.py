"""Parse a reader's query into parts to find, parts to exclude, and filters. Pure.

    降准 "中期借贷便利" -股票 (降息 | 加息) 来源:国际商报 日期:2024-03

Spaces separate parts; OR and | stand between two parts of which one is enough. What cannot be parsed is taken as plain
words; nothing raises.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sources.text.folding import clean, fold, squeezed

LONGEST = 100  # characters of a query that are used
MOST_PARTS = 20
DEEPEST = 3  # brackets within brackets
EARLIEST, LATEST = date(1800, 1, 1), date(2199, 12, 31)

QUOTES = {'"': '"', "＂": "＂", "“": "”", "「": "」", "『": "』"}  # opening: closing
BRACKETS = {"(": ")", "（": "）"}
_ALL_SIGNS = "".join(dict.fromkeys((*QUOTES, *QUOTES.values())))
_SIGNS = re.escape(_ALL_SIGNS)
_BEGIN = re.compile(r"[-－](?=[^\s\-－])")
_NAME = re.compile(rf"([^\s:：{_SIGNS}]{{2,6}})[:：]\s*(?=\S)")
_BARS = re.compile(r"\s*+[|｜][\s|｜]*+")
_OR_WORD = re.compile(r"(?:OR|或者?)(?!\S)")
_AN_OR = re.compile(r"[|｜]|(?<!\S)(?:OR|或者?)(?!\S)")
_OR_SIGN = re.compile(r"[|｜]|(?:OR|或者?)(?!\S)")
_OR_BEFORE = re.compile(r"(?:[|｜]|(?<!\S)(?:OR|或者?))\Z")
_DATE = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?")
_DATES = re.compile(r"(.*?)(?:\.\.+|…+|~|～|至|到)(.*)")
_DAY = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日?|(\d\d)(\d\d))", re.ASCII)

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
class Either:
    """Of these choices one must match (`excluded`: none may); of a choice, all parts."""

    choices: tuple[tuple["Part | Either", ...], ...]
    excluded: bool = False


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
    parts: tuple[Part | Either, ...] = ()
    filters: tuple[Filter, ...] = ()
    since: date | None = None
    until: date | None = None
    # What was ignored, in words.
    left_out: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether it has plain words only: no filters, quotes, exclusions, fields or alternatives."""
        narrowed = self.filters or self.since or self.until
        return not narrowed and all(
            isinstance(part, Part) and not (part.excluded or part.exact or part.field) for part in self.parts
        )

    @property
    def wanted(self) -> list[Part]:
        """The parts that are searched for, also those of which one is enough."""
        return list(_wanted(self.parts))


Days = tuple[date, date]
_Node = Part | Either | Filter | Days


def read(words: str) -> Question:
    """Parse a query, up to LONGEST characters and MOST_PARTS parts."""
    asked = clean(words)
    whole = asked[:LONGEST]
    reading = _Reading(whole)
    found = list(reading.nodes())
    said = reading.said
    if len(asked) > LONGEST:
        said.append(f"只用了前 {LONGEST} 个字")
    if len(found) > MOST_PARTS:
        said.append(f"只用了前 {MOST_PARTS} 个词")
    parts: list[Part | Either] = []
    filters: list[Filter] = []
    since, until = None, None
    for one in [*found[:MOST_PARTS], *reading.lifted]:
        if isinstance(one, (Part, Either)):
            parts.append(one)
        elif isinstance(one, Filter):
            filters.append(one)
        else:
            since, until = max(since or one[0], one[0]), min(until or one[1], one[1])
    left_out = "；".join(dict.fromkeys(said))
    return Question(whole, _telling(parts), tuple(dict.fromkeys(filters)), since, until, left_out)


def span(words: str) -> Days | None:
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


def day(words: str) -> date | None:
    """The day that 2024年3月5日, 2024-03-05, 2024/3/5 or 20240305 is; None for anything else."""
    if not (found := _DAY.fullmatch(squeezed(fold(words)))):
        return None
    year, _, *numbers = found.groups()
    month, number = filter(None, numbers)
    try:
        one = date(int(year), int(month), int(number))
    except ValueError:
        return None
    return one if EARLIEST <= one <= LATEST else None


# ------------------------------------------------------------------ reading
_OR = object()  # stands between two nodes of which one is enough


class _Reading:
    """Reads a text. `said`: what it cannot take as it is meant; `lifted`: what is among alternatives and is none."""

    def __init__(self, text: str):
        self.text = text
        self.said: list[str] = []
        self.lifted: list[_Node] = []

    def nodes(self) -> list[_Node]:
        """The parts, alternatives, filters and day ranges of the text, in order."""
        return self._joined(list(self._tokens(0, len(self.text), 0)))

    def _tokens(self, at: int, end: int, depth: int) -> Iterator:
        text = self.text
        while at < end:
            if bars := _BARS.match(text, at, end):
                yield _OR
                at = bars.end()
                continue
            if text[at].isspace():
                at += 1
                continue
            if word := _OR_WORD.match(text, at, end):
                yield _OR if at and text[word.end() : end].strip() else Part(word[0])
                at = word.end()
                continue
            if excluded := _BEGIN.match(text, at, end):
                at = excluded.end()
            if closing := self._group(at, end, depth):
                inside = self._joined(list(self._tokens(at + 1, closing, depth + 1)))
                yield from self._grouped(inside, bool(excluded))
                at = closing + 1
                continue
            if (name := _NAME.match(text, at, end)) and fold(name[1]) in NAMES and name.end() < end:
                value, exact, after = self._value(name.end(), end)
                if value and (made := self._named(NAMES[fold(name[1])], value, exact, bool(excluded))):
                    yield made
                    at = after
                    continue
            value, exact, at = self._value(at, end, depth)
            if value:
                yield Part(value, exact=exact, excluded=bool(excluded))

    def _value(self, at: int, end: int, depth: int = DEEPEST) -> tuple[str, bool, int]:
        """The value at this position, whether it was quoted, and where it ends: at a space, a bar or a group.

        A closing quote counts only before a space, a bar or the end: in a headline such as “服贸通”上线 it is text.
        """
        text = self.text
        if sign := QUOTES.get(text[at]):
            last = text.find(sign, at + 1, end)
            after = text[last + 1 : last + 2] if last + 1 < end else ""
            if last > 0 and (quoted := text[at + 1 : last].strip()) and (not after.strip() or after in "|｜"):
                return quoted, True, last + 1
        stop = at + 1
        while stop < end and not text[stop].isspace() and text[stop] not in "|｜":
            if self._group(stop, end, depth):
                break
            stop += 1
        return text[at:stop].strip(_ALL_SIGNS), False, stop

    def _group(self, at: int, end: int, depth: int) -> int:
        """Where the brackets close that open here, if alternatives are in them or beside them; 0 if none are."""
        if depth >= DEEPEST or at >= end or self.text[at] not in BRACKETS:
            return 0
        opened = 0
        for place in range(at, end):
            opened += (self.text[place] in BRACKETS) - (self.text[place] in BRACKETS.values())
            if not opened:
                is_group = _AN_OR.search(self.text, at + 1, place) or self._is_chosen(at, place, end)
                return place if is_group else 0
        return 0

    def _is_chosen(self, at: int, closing: int, end: int) -> bool:
        """Whether OR stands before or after these brackets."""
        after, before = self.text[closing + 1 : end].lstrip(), self.text[:at].rstrip()
        return bool(_OR_SIGN.match(after) or _OR_BEFORE.search(before[-4:]))

    def _grouped(self, inside: list[_Node], excluded: bool) -> Iterator[_Node]:
        """What is in brackets as one node; its filters are filters of the whole query."""
        parts = tuple(one for one in inside if isinstance(one, (Part, Either)))
        self._lift([one for one in inside if one not in parts])
        if len(parts) == 1 and not excluded:
            yield parts[0]
        elif parts:
            yield Either((parts,), excluded)

    def _joined(self, tokens: list) -> list[_Node]:
        """The nodes, those with OR between them as one. OR binds its two neighbours, as in other search engines."""
        chains: list[list[_Node]] = []
        joins = False
        for token in tokens:
            if token is _OR:
                joins = bool(chains)
            elif joins:
                chains[-1].append(token)
                joins = False
            else:
                chains.append([token])
        return [made for some in chains if (made := self._either(some))]

    def _either(self, some: list[_Node]) -> _Node | None:
        if len(some) == 1:
            return some[0]
        parts = [one for one in some if isinstance(one, (Part, Either)) and not one.excluded]
        others = [one for one in some if one not in parts]
        # Two outlets are alternatives in any case.
        names = {one.name if isinstance(one, Filter) and not one.excluded else "" for one in others}
        if others and (parts or len(names) > 1 or not names <= {"source", "category"}):
            self.said.append("“OR”只用在词之间，限定和减号对整个查询都算")
        self._lift(others)
        if len(parts) < 2:
            return parts[0] if parts else None
        flat = [one.choices if isinstance(one, Either) else ((one,),) for one in parts]
        return Either(tuple(dict.fromkeys(choice for choices in flat for choice in choices)))

    def _lift(self, some: list[_Node]) -> None:
        self.lifted += some

    def _named(self, name: str, value: str, exact: bool, excluded: bool) -> _Node | None:
        if name == "date":
            found = None if excluded else span(value)
            if not found and not excluded and re.search(r"\d", value):
                self.said.append(f"“{value}”不是日历上的日子，按原文找")
            return found
        if name in (TITLE, BYLINE):
            return Part(value, exact=exact, excluded=excluded, field=name)
        return Filter(name, value, excluded)


def _wanted(nodes: Sequence[Part | Either]) -> Iterator[Part]:
    for one in nodes:
        if one.excluded:
            continue
        if isinstance(one, Part):
            yield one
        else:
            for choice in one.choices:
                yield from _wanted(choice)


def _telling(parts: list[Part | Either]) -> tuple[Part | Either, ...]:
    """The parts without duplicates; single punctuation marks are dropped unless there is nothing else."""
    unlike = tuple(
        dict.fromkeys(part for part in parts if isinstance(part, Either) or squeezed(fold(part.words)))
    )
    telling = tuple(
        part for part in unlike if isinstance(part, Either) or len(part.words) > 1 or part.words.isalnum()
    )
    return telling or unlike
