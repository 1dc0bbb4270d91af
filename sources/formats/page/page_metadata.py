"""Metadata of a web page: meta tags, JSON-LD, headings, the part marked as its article. Pure."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from sources.formats.fields import is_web_address, plain_words
from sources.formats.page.body_finder import NOT_SHOWN
from sources.text.lines import one_line
from sources.text.outlet_names import name_key
from sources.text.plain import plain_text
from sources.text.sanitize import sanitize_html

_DATES = (
    *("article:published_time", "og:published_time", "og:release_date", "datepublished", "pubdate"),
    *("publishdate", "publish_time", "publishtime", "parsely-pub-date", "dc.date.issued", "apub:time"),
)
_SOURCES = ("source", "contentsource", "articlesource", "article:source", "dc.source")
_AUTHORS = ("article:author", "author", "parsely-author")
# Match a run of spaces only from its start, for linear time; its last space may be the one before - or ·.
_SUFFIX = re.compile(r"(?:(?<!\s)\s*+(?:[_|｜丨—–]|(?<=\s)[-·]\s)|[_|｜丨—–])\s*+")
_MARKED = "[itemprop=articleBody], article"
MOST_NAMES, DEEPEST_NAMES = 10, 3  # in a list; levels of nested lists
MOST_OF_A_KIND = 20  # elements; nested ones each contain the text of all inside
_LD_TYPES = re.compile(r"Article|BlogPosting|Report", re.I)


@dataclass(slots=True)
class Head:
    """The metadata found; "" for missing values.

    `article` is the text of the part marked as the article, `words` the text of the whole page, `all` its HTML.
    `dates` are as written, those of meta tags first.
    """

    title: str = ""
    title_certain: bool = False
    heading: str = ""
    site: str = ""
    source: str = ""
    url: str = ""
    author: str = ""
    dates: list[str] = field(default_factory=list)
    article: str = ""
    words: str = ""
    all: str = ""


def read_head(html: str) -> Head:
    """Read the metadata of any HTML, however broken. Never raises."""
    tree = LexborHTMLParser(html)
    meta, data = _meta(tree), _linked_data(tree)
    head = Head(
        heading=_only(tree, "h1"),
        site=meta.get("og:site_name", "") or _name(data.get("publisher")),
        source=next((meta[name] for name in _SOURCES if meta.get(name)), ""),
        author=_name(data.get("author")) or next((meta[name] for name in _AUTHORS if meta.get(name)), ""),
        url=next((address for address in _addresses(tree, meta) if is_web_address(address)), ""),
    )
    head.author = "" if is_web_address(head.author) else head.author
    dates = [meta[name] for name in _DATES if meta.get(name)] + [_string(data, "datePublished")]
    head.dates = list(dict.fromkeys(one_line(date) for date in dates if date.strip()))
    _title(head, meta, _string(data, "headline"), _only(tree, "title"))
    _texts(head, tree)
    return head


def _meta(tree: LexborHTMLParser) -> dict[str, str]:
    """Map every meta tag and itemprop by lower-case name; the first of each name counts."""
    found: dict[str, str] = {}
    for node in tree.css("meta[content], time[itemprop], [itemprop=datePublished]"):
        said = node.attributes
        name = said.get("property") or said.get("name") or said.get("itemprop") or ""
        value = said.get("content") or said.get("datetime") or ""
        found.setdefault(name.strip().lower(), one_line(value))
    return found


def _linked_data(tree: LexborHTMLParser) -> dict:
    """Return the first article in the page's JSON-LD, or {}."""
    for node in tree.css('script[type="application/ld+json"]'):
        try:
            found = next(_articles(json.loads(node.text())), None)
        except (ValueError, RecursionError):
            continue
        if found:
            return found
    return {}


def _articles(value: object, depth: int = 0) -> Iterator[dict]:
    if isinstance(value, list) and depth < 4:
        for one in value:
            yield from _articles(one, depth + 1)
    if isinstance(value, dict):
        if _LD_TYPES.search(str(value.get("@type"))):
            yield value
        yield from _articles(value.get("@graph"), depth + 1)


def _name(value: object, depth: int = 0) -> str:
    """Return the name of a person or organisation, or of several, in any JSON-LD form."""
    if isinstance(value, list):
        some = value[:MOST_NAMES] if depth < DEEPEST_NAMES else []
        return " ".join(filter(None, (_name(one, depth + 1) for one in some)))
    if isinstance(value, dict):
        value = value.get("name")
    return one_line(value) if isinstance(value, str) else ""


def _string(data: dict, name: str) -> str:
    value = data.get(name)
    return one_line(value) if isinstance(value, str) else ""


def _only(tree: LexborHTMLParser, selector: str) -> str:
    """Return the text of a selector's only element; "" if there is none, or several with different texts."""
    texts: set[str] = set()
    for node in tree.css(selector)[:MOST_OF_A_KIND]:
        texts |= {one_line(re.sub(r"\s+", " ", node.text()))} - {""}
        if len(texts) > 1:
            break
    return texts.pop() if len(texts) == 1 else ""


def _addresses(tree: LexborHTMLParser, meta: dict[str, str]) -> Iterator[str]:
    for node in tree.css("link[rel=canonical]"):
        yield node.attributes.get("href") or ""
    yield meta.get("og:url", "")


def _title(head: Head, meta: dict[str, str], headline: str, titled: str) -> None:
    """Set the title: og:title, JSON-LD's headline, the only h1, or the <title> without the site's name."""
    shared = plain_words(_without_site(meta.get("og:title", ""), head.site))
    known = [title for title in (shared, plain_words(headline), head.heading) if title]
    head.title = known[0] if known else _without_site(titled, head.site)
    keys = {name_key(title) for title in known}
    head.title_certain = bool(known) and len(keys) == 1


def _without_site(title: str, site: str) -> str:
    """Remove the site's name, and everything after the title, from `标题_站名` or `标题 - 频道 - 站名`."""
    parts = _SUFFIX.split(title)
    if len(parts) > 1 and site and name_key(site) in map(name_key, parts[1:]):
        return title[: title.index(parts[1], len(parts[0]))].rstrip("_|｜丨—–-· \u3000")
    return title


def _texts(head: Head, tree: LexborHTMLParser) -> None:
    """Set the texts. Must run last, because it removes hidden elements from the tree."""
    tree.strip_tags(NOT_SHOWN.split(", "))
    marked: list[LexborNode] = tree.css(_MARKED)
    own = [node for node in marked if node.attributes.get("itemprop") == "articleBody"] or marked
    head.article = plain_text(sanitize_html(own[0].html or "")) if len(own) == 1 else ""
    head.all = (tree.body.inner_html or "") if tree.body else ""
    head.words = plain_text(sanitize_html(head.all))
