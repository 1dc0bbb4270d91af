"""Fast URLs for the pages that lists and every page link to, by the names in articles.portal.urls.

`reverse` takes longer than the rest of a list row. Here each pattern is reversed once per process for a sample value,
and other values are put in the sample's place. For all other URLs use `{% url %}`.
"""

import re
from datetime import date
from functools import cache, lru_cache
from urllib.parse import quote

from django.urls import get_script_prefix, reverse

# What apps add to a shared link under the name of a filter: WeChat ?from=singlemessage, Weibo ?from=10B3293010.
# No date looks like these.
SHARED = re.compile(r"[A-Za-z][\w.-]*+|[0-9]{9,}+|[0-9]++[A-Za-z][\w.-]*+", re.A)
# The characters that `reverse` leaves unquoted.
_UNQUOTED = "/~:@!$&'()*+,;="
# Sample values for patterns that do not accept 0, and how each appears in the URL.
_SAMPLES = {"day": (date(2000, 1, 1), "2000/01/01"), "year": (2000, "2000")}


def address(name: str, key: int | str | date, prefix: str | None = None) -> str:
    """The path of the page with this name, whose pattern has one part: an id, a slug, a day or a year.

    Who asks for hundreds passes the script prefix, which takes longer to get than all the rest.
    """
    prefix = prefix or get_script_prefix()
    if isinstance(key, str):
        return _of_slug(name, prefix, key)
    before, after = _around(name, prefix)
    return f"{before}{key}{after}" if isinstance(key, int) else f"{before}{key:%Y/%m/%d}{after}"


def home() -> str:
    """The path of the front page."""
    return _home(get_script_prefix())


@cache
def _home(prefix: str) -> str:
    return reverse("home")


@lru_cache(4096)  # the sections in the navigation, the outlets on the front page
def _of_slug(name: str, prefix: str, slug: str) -> str:
    before, after = _around(name, prefix)
    return f"{before}{quote(slug, safe=_UNQUOTED)}{after}"


@cache
def _around(name: str, prefix: str) -> tuple[str, str]:
    """The path before and after the variable part; `prefix` is the script prefix, which the path contains."""
    sample, text = _SAMPLES.get(name, (0, "0"))
    before, _, after = reverse(name, args=[sample]).rpartition(text)
    return before, after
