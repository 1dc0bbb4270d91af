"""Parse dates as sources write them, without guessing."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from sources.problem import NO_DATE, Code, Problem

# Chinese news without a time zone is in Chinese time (formats.md §1).
SHANGHAI = ZoneInfo("Asia/Shanghai")
EARLIEST = datetime(1900, 1, 1, tzinfo=timezone.utc)  # noqa: UP017 (read as one with `timezone` below)
AHEAD = timedelta(days=2)
ASSUMED = "未写时区，按北京时间"

_DATE = re.compile(
    r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[T\s]*+(?:星期[一二三四五六日天]|周[一二三四五六日天])?[T\s]*+(上午|下午|凌晨|晚上|中午)?"
    r"(\d{1,2})[:时点](\d{1,2})分?(?:[:]?(\d{1,2})秒?)?(?:\.\d++)?)?"
    r"\s*+(?:(Z|UTC|GMT)|(?:GMT|UTC)?([+-])(\d{1,2}):?(\d{2})?)?$",
    re.I,
)
_ZONE_ONLY = re.compile(r"^[+-]\d{2}:?\d{2}$")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９：－／＋．\u3000", "0123456789:-/+. ")


@dataclass(frozen=True, slots=True)
class ReadDate:
    """An aware datetime, or None and the problem. `note` says what was assumed."""

    at: datetime | None
    problem: Problem | None = None
    note: str = ""
    zoned: bool = False


def read_date(value: str, now: datetime | None = None) -> ReadDate:
    """Parse one date. Without a zone it is Asia/Shanghai; a date without a time is midnight. Nothing is guessed.

    For impossible dates and times, dates too far in the future and ambiguous forms, `at` is None and `problem` is set.
    `now` (aware) defines "future".
    """
    text = value.strip().strip("\"'")
    text = (text if text.isascii() else text.translate(_FULL_WIDTH)).strip()
    if not text or _ZONE_ONLY.match(text):
        return ReadDate(None, NO_DATE)
    try:
        read = _as_scripts_write_it(text) or _from_parts(_DATE.match(text)) or _from_mail(text)
        if read.at is not None and not EARLIEST <= read.at <= (now or datetime.now(SHANGHAI)) + AHEAD:
            return ReadDate(None, Problem(Code.DOUBTFUL_DATE, f"日期不可信：{text[:40]}"))
    except (ValueError, OverflowError):
        return ReadDate(None, Problem(Code.DOUBTFUL_DATE, f"没有这样的日期：{text[:40]}"))
    return read


def _as_scripts_write_it(text: str) -> ReadDate | None:
    """Parse `2022-03-01 09:12:03 +0800`, with or without the zone: nearly all dates, so avoid the regex."""
    if len(text) not in (19, 25) or text[4] != "-" or text[13] != ":" or text[19:] not in ("", " +0800"):
        return None
    at = datetime.fromisoformat(text[:19])
    return ReadDate(at.replace(tzinfo=SHANGHAI), note="" if text[19:] else ASSUMED, zoned=bool(text[19:]))


def _from_parts(match: re.Match | None) -> ReadDate | None:
    if match is None:
        return None
    year, month, day, half, hour, minute, second, utc, sign, hours, minutes = match.groups()
    if half in ("下午", "晚上") and int(hour) < 12:
        hour = int(hour) + 12
    clock = time(int(hour or 0), int(minute or 0), int(second or 0))
    zone, notes = SHANGHAI, []
    if utc or sign:
        offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
        zone = timezone(-offset if sign == "-" else offset)
    else:
        notes.append(ASSUMED)
    if hour is None:
        notes.append("只有日期，没有时刻")
    at = datetime.combine(date(int(year), int(month), int(day)), clock, zone)
    return ReadDate(at, note="；".join(notes), zoned=bool(utc or sign))


def _from_mail(text: str) -> ReadDate:
    at = parsedate_to_datetime(text)
    if at.tzinfo is None:
        raise ValueError(text)
    return ReadDate(at, zoned=True)


def jekyll_day(read: ReadDate) -> date | None:
    """Return the day in the post's URL on the old site, which took times without a zone as UTC, shown in
    Asia/Shanghai."""
    if read.at is None:
        return None
    at = read.at if read.zoned else read.at.replace(tzinfo=timezone.utc)  # noqa: UP017
    return at.astimezone(SHANGHAI).date()
