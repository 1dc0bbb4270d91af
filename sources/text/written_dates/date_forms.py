"""The forms that dates take in posts, tables, feeds and pages, and what each says. Pure.

A form is here if it has one meaning. What has two (03/04/2022, 上午12:30) or none raises Doubt; a day or a time that
does not exist raises ValueError.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from sources.text.written_dates.numerals import plainly_written, with_digits
from sources.text.written_dates.time_zones import CHINA, Doubt, Zone, zone_of

LONGEST = 120  # characters
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>\d{1,2})"
_YEAR = r"(?P<year>\d{4})"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?"
_ORDINAL = r"(?:st|nd|rd|th)?"
_END = r"(?![\da-z])"


def _form(pattern: str) -> re.Pattern:
    return re.compile(pattern, re.I | re.A)


# Each matches at the beginning; what follows is the time and the zone.
_FORMS = [
    _form(rf"{_YEAR}\s?[-/.年]\s?(?P<month>\d{{1,2}})\s?[-/.月]\s?{_DAY}(?:\s?[日号號]|(?!\d))"),
    _form(rf"{_YEAR}-?W(?P<week>\d{{2}})-?(?P<weekday>[1-7])(?!\d)"),
    # asctime, and Java's and JavaScript's Date.toString
    _form(rf"{_MONTH} {_DAY} (?P<clock>{_CLOCK})(?: (?P<zone>[a-z]{{1,5}}|[+-]\d{{4}}))? {_YEAR}$"),
    _form(rf"{_MONTH} {_DAY}{_ORDINAL},? {_YEAR}{_END}"),
    _form(rf"{_DAY}{_ORDINAL}[ -]?{_MONTH}[ ,-]{{1,2}}{_YEAR}{_END}"),
    _form(rf"{_YEAR}[ -]{_MONTH}[ -]{_DAY}{_END}"),
    # RFC 822 and 850; there two digits are a year of 1950 to 2049
    _form(rf"{_DAY}[ -]{_MONTH}[ -](?P<short>\d{{2}}) (?P<clock>{_CLOCK}) (?P<zone>\S.{{0,40}})$"),
]
_GLUED = _form(
    r"((?:18|19|20|21)\d{2})(\d{2})(\d{2})(?:[ T]?(\d{2}):?(\d{2})(?::?(\d{2})(?:\.\d{1,9}|\d{3})?)?)?(?!\d)"
)
_EPOCH = _form(r"(1\d{9})(?:\d{3}){0,3}(?:\.\d{1,9})?")
_ENGLISH_DAY = _form(
    r"(?P<name>mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?(?:, ?| )(?=[\da-z])"
)
_CHINESE_DAY = re.compile(r"[(\[]?(?:星期|周|週|礼拜|禮拜)([一二三四五六日天])[)\]]?,?")
_LABEL = re.compile(
    r"(?:(?:首次)?(?:发布|发表|刊发|发稿|刊登|發布|發佈|發表)(?:时间|日期|时刻|時間|于|於)?|时间|日期|時間)\s?[:]?\s?(?=[\d(一二两北])"
)
_MADE_KNOWN = re.compile(r"\s?(?:发布|发表|刊发|發布|發佈)$")
_FIRST_ZONE = re.compile(r"(北京时间|北京時間|香港时间|香港時間)\s?[:,]?\s?")
_BEFORE = (
    "上午|下午|凌晨|早上|早晨|清晨|早间|早|中午|午间|午后|傍晚|晚上|晚间|晚|夜间|夜里|深夜|半夜|[ap]\\.?m\\.?"
)
_TIME = re.compile(
    rf"(?:(?P<before>{_BEFORE})\s?)?(?P<hour>\d{{1,2}})"
    r"(?:\s?:\s?(?P<minute>\d{1,2})(?:\s?:\s?(?P<second>\d{1,2})(?:[.,]\d{1,9})?)?"
    r"|\s?[时時点點]\s?(?:(?P<half>半)|[整正]|(?P<minute2>\d{1,2})(?:\s?分\s?(?:(?P<second2>\d{1,2})\s?秒?)?)?)?)"
    r"(?:\s?(?P<after>上午|下午|[ap]\.?m(?:\.|\b)))?(?![\d:])",
    re.I | re.A,
)
_TIME_BEGINS = re.compile(r"T(?=\d)|[\s,]{0,2}(?:at |-\s)?", re.I)
# Words for a part of the day: (the hours that it names, and what is added to them).
_HALVES = {
    **dict.fromkeys(("上午", "早上", "早晨", "清晨", "早间", "早"), ((range(1, 12), 0),)),
    "凌晨": ((range(0, 7), 0), (range(12, 13), -12)),
    **dict.fromkeys(("中午", "午间"), ((range(11, 14), 0), (range(1, 2), 12))),
    **dict.fromkeys(("下午", "午后"), ((range(1, 12), 12), (range(12, 24), 0))),
    "傍晚": ((range(4, 8), 12), (range(16, 20), 0)),
    **dict.fromkeys(("晚上", "晚间", "晚", "夜间"), ((range(5, 12), 12), (range(17, 24), 0))),
    **dict.fromkeys(("夜里", "深夜", "半夜"), ((range(9, 12), 12), (range(21, 24), 0))),
    "am": ((range(0, 12), 0), (range(12, 13), -12)),
    "pm": ((range(1, 12), 12), (range(12, 13), 0)),
}


@dataclass(frozen=True, slots=True)
class Written:
    """What a date says: the day, the time (None if only the day is given) and the zone (None if it is not given)."""

    day: date
    at: time | None = None
    zone: Zone | None = None


def read_form(value: str, epochs: bool = False) -> Written:
    """Read a date in any known form; `epochs` are seconds since 1970, or thousandths. Raises Doubt, or ValueError."""
    if len(value) > LONGEST:
        raise Doubt("太长，不是日期")
    text = plainly_written(value)
    if epochs and (epoch := _EPOCH.fullmatch(text)):
        moment = datetime.fromtimestamp(int(epoch[1]), CHINA)
        return Written(moment.date(), moment.time(), Zone(CHINA))
    return _glued(text) or _parted(text)


def _glued(text: str) -> Written | None:
    """Read 20220301, 20220301T091203Z, 202203010912."""
    match = _GLUED.match(text)
    if not match:
        return None
    year, month, day, *clock = match.groups()
    rest = text[match.end() :]
    at = time(*(int(one or 0) for one in clock)) if clock[0] else None
    if at is None and rest:
        at, rest = _time_in(rest)
    return Written(date(int(year), int(month), int(day)), at, zone_of(rest))


def _parted(text: str) -> Written:
    text = _MADE_KNOWN.sub("", _LABEL.sub("", text, count=1) if _LABEL.match(text) else text)
    weekday, text = _weekday_of(text)
    text = with_digits(text)
    zone, text = _leading_zone(text)
    for form in _FORMS:
        if match := form.match(text):
            break
    else:
        raise Doubt("读不懂")
    said, rest = match.groupdict(), text[match.end() :]
    day = _day_of(said)
    if weekday is not None and day.weekday() != weekday:
        raise Doubt("星期与日期不符")
    if said.get("clock"):
        at, rest = _time_in(said["clock"])
        rest = said["zone"] or ""
        if at is None:
            raise Doubt("时刻读不懂")
    else:
        between, rest = _leading_zone(rest)
        zone = _one_of(zone, between)
        at, rest = _time_in(rest)
    return Written(day, at, _one_of(zone, zone_of(rest)))


def _weekday_of(text: str) -> tuple[int | None, str]:
    """Return the day of the week that a date names (Monday is 0), and the rest."""
    if english := _ENGLISH_DAY.match(text):
        name = english["name"][:3].lower()
        return ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].index(name), text[english.end() :]
    if not text.isascii() and (chinese := _CHINESE_DAY.search(text)):
        number = "一二三四五六日天".index(chinese[1])
        left = f"{text[: chinese.start()].rstrip()} {text[chinese.end() :].lstrip()}".strip()
        return min(number, 6), left
    return None, text


def _leading_zone(text: str) -> tuple[Zone | None, str]:
    """Return the Chinese time that is named before a day or a time, and the rest."""
    first = _FIRST_ZONE.match(text.lstrip())
    return (zone_of(first[1]), text.lstrip()[first.end() :]) if first else (None, text)


def _day_of(said: dict) -> date:
    if said.get("week"):
        return date.fromisocalendar(int(said["year"]), int(said["week"]), int(said["weekday"]))
    month = said["month"]
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
    short = said.get("short")
    year = int(short or said["year"])
    if short:
        year += 2000 if year < 50 else 1900
    return date(year, number, int(said["day"]))


def _time_in(text: str) -> tuple[time | None, str]:
    """Return the time at the beginning, and what follows; None if there is none."""
    start = _TIME_BEGINS.match(text).end()
    match = _TIME.match(text, start)
    if not match:
        return None, text.strip(" ,")
    said = match.groupdict()
    if said["before"] and said["after"]:
        raise Doubt("时段写了两次")
    half = (said["before"] or said["after"] or "").lower().replace(".", "")
    minute = 30 if said["half"] else int(said["minute"] or said["minute2"] or 0)
    hour = _hour_of(int(said["hour"]), half, minute)
    return time(hour, minute, int(said["second"] or said["second2"] or 0)), text[match.end() :].strip(" ,")


def _hour_of(hour: int, half: str, minute: int) -> int:
    """Return the hour of 24 that an hour means with the word for a part of the day.

    凌晨12:30 is 00:30 and 下午12:30 is 12:30, for people as for Windows. 上午12:30 is 00:30 for Windows and half past
    noon for some people, 晚上12:30 is of this day or the next: both raise Doubt.
    """
    if not half:
        return hour
    if half == "上午" and hour == 0:
        return 0
    for hours, more in _HALVES[half]:
        if hour in hours:
            return hour + more
    raise Doubt(f"{half}{hour}时说不准是几点")


def _one_of(zone: Zone | None, other: Zone | None) -> Zone | None:
    if zone and other and zone != other:
        raise Doubt("写的时区前后不一")
    return zone or other
