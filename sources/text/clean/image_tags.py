"""Pictures in a body: which belong to the article, and their addresses; trackers and icons are skipped. Pure."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from sources.text.lines import one_line

MOST_PICTURES = 100  # per article; a picture story has thirty
LONGEST_ADDRESS, LONGEST_ALT = 2000, 300
SMALLEST = 24  # pixels; smaller images are counters, bullets and icons

# Lazy-loading pages keep the real address in these attributes; src is a grey placeholder.
_LATE = ("data-original", "data-src", "data-lazy-src", "data-actualsrc")
_PIXELS = re.compile(r"\s*+(\d{1,5})(?:\.\d++)?+\s*+(?:px)?+\s*+\Z", re.I)
# Match the whole file name: market_share.jpg and loading-dock.jpg are pictures.
_MACHINE_NAME = re.compile(
    r"(?:^|/)(?:spacer|blank|pixel|1x1|transparent|tracking|tracker|beacon|counter|hm|loading|placeholder|share"
    r"|weixin|wechat|weibo|qzone|qrcode|erweima|icons?|favicon|logo|emoji|smiley)[_-]?\d{0,4}\.\w{2,5}\Z",
    re.I,
)
_MACHINE_HOST = re.compile(
    r"(?:^|\.)(?:hm\.baidu\.com|cnzz\.com|google-analytics\.com|doubleclick\.net|feedburner\.com|feedsportal\.com"
    r"|pixel\.wp\.com|stats\.wordpress\.com)\Z",
    re.I,
)
_NO_WORDS = re.compile(
    r"(?:图片?\d*|图像|插图|image|img|photo|picture|\d+|[\w-]+\.(?:jpe?g|png|gif|webp))\Z", re.I
)
_MARKDOWN = re.compile(
    r"!\[([^\]\n]{0,300}+)\]\(\s{0,9}<?([^\s()<>]++(?:\([^\s()<>]*+\)[^\s()<>]*+)*+)>?"
    r"(?:\s++[\"'][^\"'\n]*+[\"'])?\s{0,9}\)"
)


class Pictured(NamedTuple):
    """A picture in a body: its address and alternative text."""

    url: str
    alt: str = ""


def read_picture(attributes: Mapping[str, str | None]) -> Pictured | None:
    """Return the picture of an `img` with these attributes; None for trackers, icons and data: URLs."""
    own = (attributes.get("src") or "").strip()
    late = ((attributes.get(name) or "").strip() for name in _LATE)
    url = one_line(next((one for one in late if "/" in one and not _is_data(one)), own))
    if not url or _is_data(url) or len(url) > LONGEST_ADDRESS or _is_small(attributes):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return Pictured(url, _words(attributes))
    if _MACHINE_NAME.search(parts.path) or _MACHINE_HOST.search(parts.netloc.partition(":")[0]):
        return None
    return Pictured(url, _words(attributes))


def _is_data(url: str) -> bool:
    return url[:5].lower() == "data:" or url[:5].lower() == "blob:"


def _is_small(attributes: Mapping[str, str | None]) -> bool:
    """Return True if the stated size is an icon's. If only one side is stated, only up to 2 pixels counts."""
    said = [_PIXELS.match(attributes.get(name) or "") for name in ("width", "height")]
    sides = [int(one[1]) for one in said if one]
    return any(side <= 2 for side in sides) or (len(sides) == 2 and max(sides) < SMALLEST)


def _words(attributes: Mapping[str, str | None]) -> str:
    words = one_line(attributes.get("alt") or "") or one_line(attributes.get("title") or "")
    return "" if _NO_WORDS.match(words) else words[:LONGEST_ALT]


def markdown_pictures(html: str) -> str:
    """Convert `![words](address)` to `<img>`; the result must be sanitised."""

    def img(match: re.Match) -> str:
        alt, url = (value.replace('"', "&quot;") for value in match.groups())
        return f'<img src="{url}" alt="{alt}">'

    return _MARKDOWN.sub(img, html)


def resolved(pictures: Iterable[Pictured], page: str) -> list[Pictured]:
    """Return the pictures with absolute addresses, resolved against the page's URL."""
    return [Pictured(_resolved(one.url, page), one.alt) for one in pictures]


def _resolved(url: str, page: str) -> str:
    try:
        if url.startswith("//"):
            return f"{urlsplit(page).scheme or 'https'}:{url}"
        return urljoin(page, url)[:LONGEST_ADDRESS] if page else url
    except ValueError:
        return url
