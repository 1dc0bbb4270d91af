"""The publication dates of a feed's entries, as they are written. Pure."""

from sources.formats.fields import host
from sources.formats.zone_proof import ZoneProof
from sources.text.lines import one_line

_NAMES = ("published", "updated", "created")


class EntryDates:
    """The dates of a feed. An ambiguous zone is decided by the other dates of the same outlet, or stays."""

    def __init__(self, feed: dict, entries: list[dict]) -> None:
        self._home = host(feed.get("link") or "")
        self._proof = ZoneProof()
        for value in _written(feed):
            self._proof.add(self._outlet({}), value)
        for entry in entries:
            for value in _written(entry):
                self._proof.add(self._outlet(entry), value)

    def of(self, entry: dict) -> tuple[str, str]:
        """Return an entry's publication date, and how its zone was decided ("" if it was written)."""
        date, *others = _written(entry) or [""]
        return self._proof.settle(self._outlet(entry), date, others)

    def _outlet(self, entry: dict) -> tuple[str, str]:
        """Return who dates an entry: a feed may gather those of many sites."""
        named = (entry.get("source") or {}).get("title") or ""
        return named, host(entry.get("link") or "") or self._home


def _written(one: dict) -> list[str]:
    # Use dict.get: feedparser's own returns `published` for `updated`, with a warning.
    found = (dict.get(one, name) for name in _NAMES)
    return [date for value in found if isinstance(value, str) and (date := one_line(value))]
