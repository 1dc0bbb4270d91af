"""Addresses of pages that stand in lists, by the names in articles.portal.urls.

`reverse` takes longer than it takes to print the rest of a list's row. Here each pattern is reversed once a process
for a sample, and the part of every other row is put in the sample's place. `{% url %}` does for all else.
"""

from datetime import date
from functools import cache
from urllib.parse import quote

from django.urls import get_script_prefix, reverse

# As `reverse` leaves them unquoted.
_UNQUOTED = "/~:@!$&'()*+,;="
# What patterns are reversed for that do not take a 0, and how the address writes it.
_SAMPLES = {"day": (date(2000, 1, 1), "2000/01/01"), "year": (2000, "2000")}


def address(name: str, key: int | str | date) -> str:
    """The path of the page of this name, whose pattern has one part: an id, a slug, a day or a year."""
    before, after = _around(name, get_script_prefix())
    if isinstance(key, int):
        return f"{before}{key}{after}"
    text = f"{key:%Y/%m/%d}" if isinstance(key, date) else quote(key, safe=_UNQUOTED)
    return f"{before}{text}{after}"


@cache
def _around(name: str, prefix: str) -> tuple[str, str]:
    """What stands before and after the part that differs; `prefix` is the script's, part of the result."""
    sample, text = _SAMPLES.get(name, (0, "0"))
    before, _, after = reverse(name, args=[sample]).rpartition(text)
    return before, after
