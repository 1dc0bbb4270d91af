"""Time zones as dates name them: a closed list. A name with several meanings is never decided here."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

# Chinese news without a time zone is in Chinese time (formats.md §1).
SHANGHAI = ZoneInfo("Asia/Shanghai")
EIGHT_HOURS = timedelta(hours=8)
# Where the offset is written it counts, also in the years when Shanghai had summer time.
CHINA = timezone(EIGHT_HOURS)

# Names with one meaning in dates: the offset in hours.
_HOURS = {
    **dict.fromkeys(("Z", "UTC", "UT", "GMT", "UCT", "ZULU", "WET"), 0),
    **dict.fromkeys(("HKT", "SGT", "BJT", "CCT", "MYT", "PHT", "AWST"), 8),
    **{"JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13},
    **{"CET": 1, "MET": 1, "CEST": 2, "MEST": 2, "WEST": 1, "EET": 2, "EEST": 3},
    **{"EST": -5, "EDT": -4, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10},
    **dict.fromkeys(("北京时间", "北京標準時間", "北京标准时间", "中国标准时间", "中國標準時間"), 8),
    **dict.fromkeys(("中国时间", "北京時間", "东八区", "东8区", "东八区时间", "CHINA STANDARD TIME"), 8),
    **dict.fromkeys(("BEIJING TIME", "香港时间", "香港時間", "香港标准时间", "HONG KONG STANDARD TIME"), 8),
    **dict.fromkeys(("HONG KONG TIME", "台北时间", "台北時間", "臺北時間", "台北標準時間"), 8),
    **dict.fromkeys(("新加坡时间", "新加坡標準時間", "新加坡标准时间", "SINGAPORE STANDARD TIME"), 8),
    **dict.fromkeys(("东京时间", "日本标准时间", "日本時間", "JAPAN STANDARD TIME"), 9),
    **dict.fromkeys(("格林尼治时间", "格林威治时间", "格林尼治标准时间", "格林威治标准时间"), 0),
    **dict.fromkeys(("协调世界时", "世界协调时", "世界标准时间", "COORDINATED UNIVERSAL TIME"), 0),
}
_PLACES = {
    **dict.fromkeys(("美东时间", "美国东部时间", "纽约时间"), "America/New_York"),
    **dict.fromkeys(("美西时间", "美国西部时间", "洛杉矶时间"), "America/Los_Angeles"),
    "伦敦时间": "Europe/London",
}
# Names with several meanings: what they can mean, in hours and in words.
_SEVERAL = {
    "CST": ((8, -6, -5), "中国或美国中部"),
    "CDT": ((9, -5, -4), "中国夏令时或美国中部"),
    "IST": ((5.5, 2, 1), "印度、以色列或爱尔兰"),
    "ICT": ((7,), "中南半岛，也有人用来指中国"),
    "MST": ((-7, 8, 6.5), "美国山区、马来西亚或缅甸"),
    "BST": ((1, 6, 11), "英国夏令时或孟加拉"),
    "SST": ((-11, 8), "萨摩亚或新加坡"),
    "AST": ((-4, 3), "大西洋或阿拉伯"),
    "ADT": ((-3, 4), "大西洋或阿拉伯"),
    "GST": ((4, -2, 10), "海湾、南乔治亚或关岛"),
    "WST": ((8, 13), "澳大利亚西部或萨摩亚"),
    "ECT": ((-5, 1, -4), "厄瓜多尔或欧洲中部"),
    "TST": ((8,), "台湾，也有别的用法"),
}
_OFFSET = re.compile(r"(?:(?:UTC|GMT|UT)\s?)?([+-])(?:(\d{2}):?(\d{2})|(\d{1,2}):(\d{2})|(\d{1,2}))")
_PLACE = re.compile(r"[A-Z][A-Za-z]{1,20}/[A-Z][A-Za-z_]{2,30}(?:/[A-Z][A-Za-z_]{2,30})?")
_OLD_PLACES = {"PRC", "Hongkong", "Singapore", "Japan", "ROK", "ROC"}
_NOTED = re.compile(r"([^()\[\]]{0,40})[(\[]([^()\[\]]{1,60})[)\]]")
_NAMED = re.compile(r"([+-]\d{2}:?\d{2}) ([A-Za-z]{2,5})")  # as Go prints it
_FARTHEST = timedelta(hours=14)
_UNKNOWN = "时区不认得"


class Doubt(ValueError):
    """A date that is not certain; the text says why, for an editor."""


@dataclass(frozen=True, slots=True)
class Zone:
    """What a date says of its zone: the zone, or what an ambiguous `name` can mean."""

    at: tzinfo | None = None
    name: str = ""
    meanings: tuple[timezone, ...] = ()
    doubt: str = ""


def zone_of(text: str) -> Zone | None:
    """Read the zone that ends a date: `+08:00`, `GMT+8`, `HKT`, `Asia/Shanghai`, `+0800 (CST)`; None for "".

    Raises Doubt.
    """
    text = text.strip()
    if not text:
        return None
    if noted := _NOTED.fullmatch(text) or _NAMED.fullmatch(text):
        return _both(zone_of(noted[1]), zone_of(noted[2]))
    if offset := _OFFSET.fullmatch(text.upper()):
        return Zone(_fixed(offset))
    if _PLACE.fullmatch(text) or text in _OLD_PLACES:
        return Zone(_place(text))
    name = " ".join(text.upper().replace(".", "").split())
    if name in _HOURS:
        return Zone(CHINA if _HOURS[name] == 8 else _hours(_HOURS[name]))
    if name in _PLACES:
        return Zone(_place(_PLACES[name]))
    if name in _SEVERAL:
        hours, doubt = _SEVERAL[name]
        return Zone(None, name, tuple(map(_hours, hours)), doubt)
    raise Doubt(_UNKNOWN)


def is_clear(at: datetime) -> bool:
    """Return True if the clock shows this time exactly once: a change to or from summer time skips or repeats an
    hour."""
    return at.replace(fold=0).utcoffset() == at.replace(fold=1).utcoffset()


def _both(zone: Zone | None, note: Zone | None) -> Zone | None:
    """Return the zone that a name and a note in brackets agree on. Raises Doubt if they do not."""
    if zone is None or note is None:
        return zone or note
    if zone.at and note.at:
        one, other = (_offset(each.at) for each in (zone, note))
        if one is not None and other is not None and one != other:
            raise Doubt("写的时区前后不一")
        return zone
    if not zone.at and not note.at:
        return zone
    certain, vague = (zone, note) if zone.at else (note, zone)
    if _offset(certain.at) not in {_offset(one) for one in vague.meanings}:
        raise Doubt("写的时区前后不一")
    return certain


def _offset(zone: tzinfo) -> timedelta | None:
    """Return the offset if it is the same all year."""
    if isinstance(zone, ZoneInfo):
        winter, summer = (datetime(2022, month, 1, tzinfo=zone).utcoffset() for month in (1, 7))
        return winter if winter == summer else None
    return zone.utcoffset(None)


def _fixed(offset: re.Match) -> timezone:
    sign, hours, minutes, hours2, minutes2, hours3 = offset.groups()
    away = timedelta(hours=int(hours or hours2 or hours3), minutes=int(minutes or minutes2 or 0))
    if away > _FARTHEST or away.seconds % 900:
        raise Doubt(_UNKNOWN)
    return CHINA if away == EIGHT_HOURS and sign == "+" else timezone(-away if sign == "-" else away)


def _hours(hours: float) -> timezone:
    return timezone(timedelta(hours=hours))


@cache
def _place(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, LookupError, OSError):
        raise Doubt(_UNKNOWN) from None
