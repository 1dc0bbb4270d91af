"""Decide an ambiguous time zone (CST) by what the outlet's other dates in the same input say. Pure."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from datetime import timedelta

from sources.formats.fields import dated
from sources.text.dates import CHINA, settled

_CHINESE, _UTC = CHINA.utcoffset(None), timedelta(0)


class ZoneProof:
    """The zones that the dates of each outlet name. One that writes +0800 and no other zone but UTC means China."""

    def __init__(self) -> None:
        self._offsets: dict[Hashable, set[timedelta]] = defaultdict(set)

    def add(self, outlet: Hashable, value: str) -> None:
        """Take in one date of an outlet."""
        read = dated(value)
        if read.at and read.zoned:
            self._offsets[outlet].add(read.at.utcoffset())

    def settle(self, outlet: Hashable, value: str, others: Iterable[str] = ()) -> tuple[str, str]:
        """Return a date with its zone decided, and how; as it is, and "", if its zone is clear or stays in doubt.

        `others` are the other dates of the same entry.
        """
        read = dated(value)
        if read.clock is None or read.zone is None:
            return value, ""
        certain = [one for one in map(dated, others) if one.at and one.zoned]
        if moment := settled(read, [one.at for one in certain]):
            return moment.isoformat(), f"时区 {read.zone.name} 按同一条的另一个日期定为 {moment:%z}"
        if CHINA in read.zone.meanings and self._is_chinese(outlet):
            moment = read.clock.replace(tzinfo=CHINA)
            return moment.isoformat(), f"时区 {read.zone.name} 按这家来源的其他日期（+0800）定为北京时间"
        return value, ""

    def _is_chinese(self, outlet: Hashable) -> bool:
        offsets = self._offsets.get(outlet, set())
        return _CHINESE in offsets and not offsets - {_CHINESE, _UTC}
