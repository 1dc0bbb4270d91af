"""Parse dates as sources write them, without guessing."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

from sources.problem import NO_DATE, Code, Problem
from sources.text.written_dates.date_forms import Written, read_form
from sources.text.written_dates.time_zones import CHINA, SHANGHAI, Doubt, Zone, is_clear, zone_of

__all__ = ["ASSUMED", "CHINA", "SHANGHAI", "ReadDate", "jekyll_day", "read_date", "settled"]

FIRST_YEAR, LAST_YEAR = 1800, 2199
AHEAD = timedelta(days=2)
SUMMER_TIME_ENDED = 1992  # in China
ASSUMED = "未写时区，按北京时间"
BY_DAY = "只有日期，没有时刻"
# What programs write for "no date": the zero of Unix clocks, in UTC or in Chinese time, and that of spreadsheets.
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)  # noqa: UP017 (as in jekyll_day)
_ZEROS = {(date(1970, 1, 1), time(0)), (date(1970, 1, 1), time(8)), (date(1899, 12, 30), time(0))}
_YEARS_OF_ZEROS = (1899, 1969, 1970)


@dataclass(frozen=True, slots=True)
class ReadDate:
    """An aware datetime, or None and the problem. `note` says what was assumed.

    `by_day` is True if no time was given. If only the zone is in doubt, `clock` is the time without it and `zone`
    what it can be (see `settled`).
    """

    at: datetime | None
    problem: Problem | None = None
    note: str = ""
    zoned: bool = False
    by_day: bool = False
    clock: datetime | None = None
    zone: Zone | None = None


def read_date(value: str, now: datetime | None = None, epochs: bool = False) -> ReadDate:
    """Parse one date. Without a zone it is Asia/Shanghai; a date without a time is midnight. Nothing is guessed.

    For impossible dates and times, dates too far in the future and ambiguous forms, `at` is None and `problem` is set.
    `now` (aware) defines "future". With `epochs`, a number of ten digits is seconds since 1970, as in tables and feeds.
    """
    text = value.strip().strip("\"'").strip()
    if not text or _is_zone(text):
        return ReadDate(None, NO_DATE)
    try:
        read = _as_scripts_write_it(text) or _of_form(read_form(text, epochs), text)
        return _believable(read, text, now) if read.at is not None else read
    except Doubt as doubt:
        return _doubtful(f"日期说不准（{doubt}）：{text[:40]}")
    except (ValueError, OverflowError):
        return _doubtful(f"没有这样的日期：{text[:40]}")


def settled(read: ReadDate, moments: list[datetime]) -> datetime | None:
    """Return the one meaning of a date with an ambiguous zone that falls on another certain date of the same entry;
    None if none does, or several do."""
    if read.clock is None or read.zone is None:
        return None
    meant = {read.clock.replace(tzinfo=zone) for zone in (*read.zone.meanings, CHINA)}
    same = [moment for moment in meant if moment in moments]
    return same[0] if len(same) == 1 else None


def _is_zone(text: str) -> bool:
    """Return True for a zone without a date, which scripts leave when the date is empty."""
    if text[0] not in "+-" or len(text) > 6:
        return False
    try:
        return zone_of(text) is not None
    except ValueError:
        return False


def _as_scripts_write_it(text: str) -> ReadDate | None:
    """Parse `2022-03-01 09:12:03 +0800`, with or without the zone: nearly all dates, so avoid the regexes."""
    if len(text) not in (19, 25) or text[4] != "-" or text[16] != ":" or text[19:] not in ("", " +0800"):
        return None
    if not text.isascii():
        return None
    at = datetime.fromisoformat(text[:19])
    if text[19:]:
        return ReadDate(at.replace(tzinfo=CHINA), zoned=True)
    return ReadDate(at.replace(tzinfo=SHANGHAI), note=ASSUMED)


def _of_form(written: Written, text: str) -> ReadDate:
    zone, by_day = written.zone, written.at is None
    clock = datetime.combine(written.day, written.at or time(0))
    if zone is None:
        note = f"{ASSUMED}；{BY_DAY}" if by_day else ASSUMED
        return ReadDate(clock.replace(tzinfo=SHANGHAI), note=note, by_day=by_day)
    if zone.at is None:
        problem = Problem(Code.DOUBTFUL_DATE, f"时区 {zone.name} 可指{zone.doubt}，请写明：{text[:40]}")
        return ReadDate(None, problem, clock=clock, zone=zone)
    at = clock.replace(tzinfo=zone.at)
    if by_day and at.utcoffset() != CHINA.utcoffset(None):
        return _doubtful(f"只有日期，却写了别处的时区，不知是北京的哪一天：{text[:40]}")
    return ReadDate(at, note=BY_DAY if by_day else "", zoned=True, by_day=by_day)


def _believable(read: ReadDate, text: str, now: datetime | None) -> ReadDate:
    """Return the date, or the reason why it cannot be when something was published."""
    at = read.at
    if at.year in _YEARS_OF_ZEROS and (at == _EPOCH or (at.date(), at.time()) in _ZEROS):
        return ReadDate(None, Problem(Code.NO_DATE, f"日期是程序的零值，等于没有写，请补上：{text[:40]}"))
    if not FIRST_YEAR <= at.year <= LAST_YEAR or at > (now or datetime.now(CHINA)) + AHEAD:
        return _doubtful(f"日期不可信：{text[:40]}")
    always_clear = at.tzinfo is CHINA or (at.tzinfo is SHANGHAI and at.year >= SUMMER_TIME_ENDED)
    if not (always_clear or read.by_day or is_clear(at)):
        return _doubtful(f"当地那一天换夏令时，这个时刻不存在，或有两个：{text[:40]}")
    return read


def _doubtful(said: str) -> ReadDate:
    return ReadDate(None, Problem(Code.DOUBTFUL_DATE, said))


def jekyll_day(read: ReadDate) -> date | None:
    """Return the day in the post's URL on the old site, which took times without a zone as UTC, shown in
    Asia/Shanghai."""
    if read.at is None:
        return None
    at = read.at if read.zoned else read.at.replace(tzinfo=timezone.utc)  # noqa: UP017
    return at.astimezone(SHANGHAI).date()
