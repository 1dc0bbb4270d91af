"""When a page was published: what its metadata, its scripts, its address and the words near its headline say. Pure."""

import logging
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

from sources.formats.fields import dated
from sources.formats.page.page_lines import Line, before_prose
from sources.text.dates import SHANGHAI

NEAR_ABOVE = 5  # lines above a headline that may hold its date
LONGEST_LINE = 150  # characters; a date in a longer line is part of a text
SAME_MOMENT = 120  # seconds; a page shows minutes, its metadata seconds
MOST_SEARCHED = 120_000  # characters given to the extractor
MOST_IN_SCRIPTS = 40

_DAY = (
    r"(?<![\d.])(?P<year>(?:19|20)\d\d)\s?[-/.年]\s?(?P<month>\d{1,2})\s?[-/.月]\s?"
    r"(?P<day>\d{1,2})(?:\s?[日号])?(?!\d)"
)
_WEEKDAY = r"(?:[（(]?(?:星期|周)[一二三四五六日天][）)]?\s{0,3})?"
_HALF = r"(?:(?P<half>上午|下午|凌晨|晚上|中午)\s?)?"
_TIME = r"(?P<hour>\d{1,2})[:：时点](?P<minute>\d\d)(?:[:：分](?P<second>\d\d))?"
_FULL = re.compile(rf"{_DAY}(?:[\sT,，]{{0,4}}{_WEEKDAY}{_HALF}{_TIME})?")
_CHINESE = re.compile(
    r"(?:[一二][〇○零一二三四五六七八九]{3})年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日"
)
_WITHOUT_YEAR = re.compile(
    r"(?<![\d.:-])(?:\d\d-)?(?P<month>\d{1,2})[-/月](?P<day>\d{1,2})日?(?![\d-])\s{0,3}(?P<clock>\d{1,2}:\d\d)?"
)
_CLOCK_BEFORE = r"(?:\d{1,2}:\d\d(?::\d\d)?\s{1,2})?"
_LABEL = re.compile(
    r"(?:[发發][布佈表稿文](?:[时時][间間]|日期|于|於)?|发布日|[时時][间間]|日期|发表|刊发|刊登"
    r"|pub(?:lish(?:ed)?)?(?: ?date| ?time)?|posted(?: ?@| on)?)"
    rf"\s?[:：]?\s?{_CLOCK_BEFORE}\Z",
    re.I,
)
_PUBLISHED = re.compile(r"[发發][布佈表稿]|pub|posted", re.I)
# Before a date: what is dated is not the publication.
_OTHER = re.compile(
    r"(?:更新|修改|编辑|生效|实施|施行|成立|截止|截至|开始|结束|有效|评论|回复|跟贴|网友|今天|今日|现在|当前|活动|报名|会议|考试|成文|生成|印发"
    r"|签发|开标|采购|投标|上映|举办|举行|播出|拍摄|出生|入库|归档|登记|注册|统计)"
    rf"[^\d]{{0,8}}{_CLOCK_BEFORE}\Z"
)
_NO_DATE_HERE = re.compile(r"版权|©|copyright|备案|许可证|ICP|上一[篇条]|下一[篇条]|相关阅读", re.I)
_CALLED_COMMENT = re.compile(r"comment|reply|pinglun|tie-|hot|rank|recommend|relat|copyright")
_IN_SCRIPT = re.compile(
    r"\b(?:page_?)?(?:publish|pub|release|issue)_?(?:ed)?_?(?:time|date|at)[\"']?\s{0,5}[:=]\s{0,5}"
    r"[\"']([^\"'\n]{8,32})[\"']",
    re.I,
)
_WECHAT = re.compile(
    r"""\b(?:var\s{1,3}ct|oriCreateTime|ori_create_time)\s{0,3}[:=]\s{0,3}["'](\d{10})["']"""
)
_JOINED = re.compile(r"^(\d{4}-\d\d-\d\d)-(\d\d:\d\d)")
_ADDRESS = re.compile(
    r"/(?P<year>(?:19|20)\d\d)[-_/]?(?P<month>0[1-9]|1[0-2])[-_/]?(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"
)


@dataclass(slots=True)
class Dated:
    """The publication date as a value to read ("" for none), and why an editor must check it ("" if evidence proves
    it)."""

    value: str = ""
    doubt: str = ""


@dataclass(slots=True, frozen=True)
class Moment:
    """One date of a page: as a value to read, parsed, and whether it says the time of day."""

    value: str
    at: datetime
    timed: bool

    @property
    def day(self) -> date:
        """The day in Chinese time."""
        return self.at.astimezone(SHANGHAI).date()


@dataclass(slots=True)
class Evidence:
    """All that a page says of its publication, each kind in order of trust."""

    declared: list[Moment] = field(default_factory=list)  # metadata
    near: list[Moment] = field(default_factory=list)  # beside the headline
    labelled: list[Moment] = field(default_factory=list)  # elsewhere, as 发布时间：
    scripted: list[Moment] = field(default_factory=list)
    stamped: list[Moment] = field(default_factory=list)  # WeChat's own second
    modified: list[Moment] = field(default_factory=list)
    partial: list[tuple[int, int]] = field(default_factory=list)  # month and day beside the headline
    address: date | None = None


def moment(value: str) -> Moment | None:
    """Return the moment of a written date; None if it cannot be read."""
    value = _JOINED.sub(r"\1 \2", value)
    at = dated(value).at if value.strip() else None
    return Moment(value, at, ":" in value or "T" in value or value.isdigit()) if at else None


def moments(values: Iterable[str]) -> list[Moment]:
    """Return the readable dates, each once."""
    return list(dict.fromkeys(found for value in values if (found := moment(value))))


def in_scripts(scripts: Iterable[str], evidence: Evidence) -> None:
    """Add the dates that scripts call those of publication."""
    named: list[str] = []
    for text in scripts:
        lower = text.lower()
        if any(sign in lower for sign in ("pub", "release", "issue")):
            named += [match[1] for match in _IN_SCRIPT.finditer(text)][:MOST_IN_SCRIPTS]
        if "nickname" in text and (match := _WECHAT.search(text)):
            evidence.stamped += moments([match[1]])
    found = moments(named[:MOST_IN_SCRIPTS])
    # Dates of several days are those of other articles, too.
    evidence.scripted = found if len({one.day for one in found}) == 1 else []


def in_address(url: str) -> date | None:
    """Return the day in a web address; None for none, or an impossible one."""
    match = _ADDRESS.search(url)
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"])) if match else None
    except ValueError:
        return None


def in_lines(lines: list[Line], headline: int, evidence: Evidence) -> None:
    """Add the dates beside the headline (a line's number, -1 for none), and those labelled elsewhere."""
    if headline >= 0:
        near = [*before_prose(lines, headline + 1)]
        above = [line for line in lines[max(headline - NEAR_ABOVE, 0) : headline] if not line.is_prose]
        evidence.near = _best_first(near) or _best_first(above)
        if not evidence.near:
            evidence.partial = [pair for line in near for pair in _without_year(line)]
    else:
        evidence.partial = []
    evidence.labelled = [found for line in lines for found, label in _dates(line) if label > 1]


def labelled_line(lines: list[Line]) -> int:
    """Return the number of the first line with a labelled date, or one that is little more than a date; -1 for none."""
    for at, line in enumerate(lines):
        if any(label for _, label in _dates(line)):
            return at
    for at, line in enumerate(lines):
        if len(line.text) <= 40 and any(found.timed for found, _ in _dates(line)):
            return at
    return -1


def line_beside(lines: list[Line], headline: int) -> int:
    """Return the number of the line with a date beside the headline; without any, of a labelled one; -1 for none."""
    if headline >= 0:
        below = range(headline + 1, headline + 1 + len([*before_prose(lines, headline + 1)]))
        for at in (*below, *range(headline - 1, max(headline - NEAR_ABOVE, 0) - 1, -1)):
            if not lines[at].is_prose and any(_dates(lines[at])):
                return at
    return labelled_line(lines)


def _best_first(lines: list[Line]) -> list[Moment]:
    """Return the dates of the first line that has any, those of a labelled one first."""
    found = [pair for line in lines for pair in _dates(line)]
    most = max((label for _, label in found), default=0)
    return list(dict.fromkeys(one for one, label in found if label == most))


def _dates(line: Line) -> Iterator[tuple[Moment, int]]:
    """Yield a line's dates, each with the strength of its label: 0 for none, 1 for 时间, 2 for 发布时间."""
    if line.linked or line.hidden or _CALLED_COMMENT.search(line.names):
        return
    words = unicodedata.normalize("NFKC", line.spaced[: LONGEST_LINE + 1])
    if len(words) > LONGEST_LINE or _NO_DATE_HERE.search(words):
        return
    for match in _FULL.finditer(words):
        before = words[max(match.start() - 20, 0) : match.start()]
        if not _OTHER.search(before) and (found := moment(_written(match))):
            label = _LABEL.search(before)
            yield found, 0 if not label else 2 if _PUBLISHED.search(label[0]) else 1
    for match in _CHINESE.finditer(words):
        if found := moment(match[0]):
            yield found, 0


def _written(match: re.Match) -> str:
    day = f"{match['year']}-{int(match['month']):02}-{int(match['day']):02}"
    if not match["hour"]:
        return day
    return f"{day} {match['half'] or ''}{int(match['hour']):02}:{match['minute']}:{match['second'] or '00'}"


def _without_year(line: Line) -> Iterator[tuple[int, int]]:
    if line.linked or line.hidden or len(words := line.spaced) > LONGEST_LINE or _NO_DATE_HERE.search(words):
        return
    for match in _WITHOUT_YEAR.finditer(words):
        yield int(match["month"]), int(match["day"])


def judge(evidence: Evidence, html: str) -> Dated:
    """Choose the date and say whether evidence proves it. `html` is the page without scripts, for a second opinion."""
    sure = [*evidence.declared, *evidence.stamped]
    alone = evidence.scripted or [one for one in evidence.modified if _fits(one, evidence.partial)]
    if near := evidence.near:
        return _beside_the_headline(evidence, near, sure or alone, html)
    if sure:
        return _agreeing(sure, [*evidence.scripted, *evidence.labelled])
    if alone and (_fits(alone[0], evidence.partial) or _confirmed(alone[0], evidence, html)):
        return _agreeing(alone, evidence.labelled)
    if evidence.labelled:
        return _beside_the_headline(evidence, evidence.labelled, alone, html)
    if alone or evidence.modified:
        return Dated((alone or evidence.modified)[0].value, "发布时间只在网页的代码里写着，请核对")
    return Dated()


def _fits(one: Moment, partial: list[tuple[int, int]]) -> bool:
    return (one.day.month, one.day.day) in partial


def _beside_the_headline(evidence: Evidence, near: list[Moment], others: list[Moment], html: str) -> Dated:
    best = near[0]
    if any(one.day != best.day for one in near):
        return Dated(best.value, "标题旁有几个日期，请核对")
    best = next((one for one in near if one.timed), best)
    if not others:
        # The extractor reads the same words, so it confirms only what can hardly be anything else.
        telling = best.timed or any(one.day == best.day for one in evidence.labelled)
        if (telling or evidence.address) and _confirmed(best, evidence, html):
            return Dated(best.value)
        return Dated(best.value, "发布时间只见于标题旁，别处没有佐证，请核对")
    if any(one.day != best.day for one in others):
        return Dated(best.value, DIFFERENT)
    finer = next((one for one in others if one.timed), None)
    if finer is None:
        return Dated(best.value)
    if not best.timed:
        return _agreeing(others, [])
    apart = max(abs((one.at - best.at).total_seconds()) for one in others if one.timed)
    return Dated(finer.value if apart < SAME_MOMENT else best.value, "" if apart < SAME_MOMENT else DIFFERENT)


DIFFERENT = "网页里写的发布时间不一致，请核对"


def _agreeing(chosen: list[Moment], others: list[Moment]) -> Dated:
    best = next((one for one in chosen if one.timed), chosen[0])
    if any(one.day != best.day for one in (*chosen, *others)):
        return Dated(chosen[0].value, DIFFERENT)
    timed = [one.at for one in (*chosen, *others) if one.timed]
    if timed and (max(timed) - min(timed)).total_seconds() >= SAME_MOMENT:
        return Dated(best.value, DIFFERENT)
    return Dated(best.value)


def _confirmed(found: Moment, evidence: Evidence, html: str) -> bool:
    """Return True if the address or a well-kept extractor gives the same day."""
    if evidence.address is not None:
        return evidence.address == found.day
    return _extracted(html) == found.day.isoformat()


def _extracted(html: str) -> str:
    """Return the day that htmldate finds in a page of usual size; "" for none."""
    if len(html) > MOST_SEARCHED:
        return ""
    try:
        # The extensive search would try dateparser with all languages of the world: seconds for a page.
        return _find_date()(html, extensive_search=False) or ""
    except Exception:  # noqa: BLE001 (a second opinion only; markup it cannot read is no evidence)
        return ""


@cache
def _find_date():
    """Return htmldate's function, imported on first use."""
    from htmldate import find_date

    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    return find_date
