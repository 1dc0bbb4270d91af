"""What a web page says of its article: title, date, outlet, author, the part marked as the article. Pure."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from sources.formats.fields import is_web_address, plain_words
from sources.formats.page import origin, publication_date
from sources.formats.page.body_finder import leave_out_what_is_not_shown
from sources.formats.page.furniture import first_prose, furniture
from sources.formats.page.headline import Declared, Headline, find_headline
from sources.formats.page.page_lines import Line, page_lines
from sources.text.lines import one_line
from sources.text.outlet_names import name_key
from sources.text.plain import plain_text
from sources.text.sanitize import sanitize_html

_DATES = (
    *(
        "article:published_time",
        "og:published_time",
        "og:article:published_time",
        "og:release_date",
        "og:time",
    ),
    *(
        "datepublished",
        "pubdate",
        "publishdate",
        "publish_time",
        "publishtime",
        "publish_date",
        "published_time",
    ),
    *("parsely-pub-date", "dc.date.issued", "dcterms.issued", "apub:time", "firstpublishedtime", "pubtime"),
    *("article:published", "sailthru.date", "bt:pubdate"),
)
_MODIFIED = ("dateupdate", "datemodified", "article:modified_time", "og:updated_time")
_SOURCES = ("contentsource", "source", "articlesource", "article:source", "dc.source", "mediaid")
_TITLES = ("articletitle", "headline", "twitter:title", "dc.title", "parsely-title")
_AUTHORS = ("author", "parsely-author", "byl")
# On pages of aggregators these name the outlet, a channel or an account as often as a person.
_DOUBTFUL_AUTHORS = ("article:author", "og:article:author")
_MARKED = "[itemprop=articleBody], article"
_UNREAD = ["script", "style", "noscript", "template", "iframe"]
MOST_DATA = 20  # scripts of JSON-LD, and articles in one
MOST_NAMES, DEEPEST_NAMES = 10, 3  # in a list; levels of nested lists
FIRST_WORDS = 30  # characters of the article that its body must hold
MOST_IN_SCRIPTS = 600_000  # characters of scripts that are searched
_LD_TYPES = re.compile(r"Article|BlogPosting|Report", re.I)
_WECHAT_VALUE = r"\s{0,3}=\s{0,3}(?:htmlDecode\(\s{0,3})?[\"']([^\"'\n]{1,200})[\"']"
_WECHAT_NAME = re.compile(r"\bvar\s{1,3}nickname" + _WECHAT_VALUE)
_WECHAT_TITLE = re.compile(r"\bvar\s{1,3}msg_title" + _WECHAT_VALUE)
_ORIGINAL = re.compile(r"[（(\[【]?(?:本文)?原标题\s?[：:]\s?(.{2,200}?)[）)\]】]?")


@dataclass(slots=True)
class Head:
    """The metadata found; "" for missing values.

    `article` is the text of the part marked as the article, `words` the text of the whole page, `all` its HTML,
    `pruned` the page's HTML without what stands around the article, `begins` the first words of the article.
    """

    title: str = ""
    title_certain: bool = False
    title_seen: bool = False
    original_title: str = ""
    site: str = ""
    site_guessed: bool = False
    source: str = ""
    source_doubt: str = ""
    url: str = ""
    author: str = ""
    date: publication_date.Dated = field(default_factory=publication_date.Dated)
    article: str = ""
    words: str = ""
    all: str = ""
    pruned: str = ""
    begins: str = ""


@dataclass(slots=True)
class _Said:
    """What the page's code says."""

    meta: dict[str, str]
    data: dict
    scripts: list[str]
    titled: str

    def first(self, names: tuple[str, ...]) -> str:
        return next((self.meta[name] for name in names if self.meta.get(name)), "")


def read_head(html: str) -> Head:
    """Read the metadata of any HTML, however broken. Never raises."""
    tree = LexborHTMLParser(html)
    titled = _first(tree, "title")
    said = _Said(_meta(tree), _linked_data(tree, titled), _scripts(tree), titled)
    tree.strip_tags(_UNREAD)
    lines = page_lines(tree.body) if tree.body is not None else []
    head = Head(url=next((address for address in _addresses(tree, said.meta) if is_web_address(address)), ""))
    headline = _headline(head, said, lines)
    _date(head, said, lines, headline, tree)
    _origin(head, said, lines, headline)
    head.original_title = next(
        (
            match[1].strip("《》 ")
            for line in lines
            if "原标题" in line.text[:8] and (match := _ORIGINAL.fullmatch(line.text))
        ),
        "",
    )
    first = first_prose(lines, headline.at)
    if first >= 0:
        head.begins = lines[first].text[:FIRST_WORDS]
        for node in furniture(lines, headline.at, first):
            node.remove()
    head.pruned = tree.html or html
    _texts(head, tree)
    return head


def _headline(head: Head, said: _Said, lines: list[Line]) -> Headline:
    meta, data = said.meta, said.data
    others = [meta.get(name, "") for name in _TITLES] + [_string(data, "headline"), _string(data, "title")]
    others += [match[1] for text in said.scripts if (match := _WECHAT_TITLE.search(text))][:1]
    site = meta.get("og:site_name", "") or _name(data.get("publisher"))
    declared = Declared(
        said.titled,
        plain_words(meta.get("og:title", "")),
        [words for one in dict.fromkeys(others) if (words := plain_words(one))],
        site,
    )
    found = find_headline(lines, declared, publication_date.labelled_line(lines))
    head.title, head.title_certain, head.title_seen = found.text, found.certain, found.at >= 0
    head.site = origin.outlet_name(site)
    if not head.site and found.site:
        head.site, head.site_guessed = origin.outlet_name(found.site), True
    return found


def _date(head: Head, said: _Said, lines: list[Line], headline: Headline, tree: LexborHTMLParser) -> None:
    dates = [said.meta[name] for name in _DATES if said.meta.get(name)]
    dates += [_string(said.data, name) for name in ("datePublished", "pubDate")]
    evidence = publication_date.Evidence(
        declared=publication_date.moments(dates),
        modified=publication_date.moments(said.meta.get(name, "") for name in _MODIFIED),
        address=publication_date.in_address(head.url),
    )
    publication_date.in_scripts(said.scripts, evidence)
    publication_date.in_lines(lines, headline.at, evidence)
    head.date = publication_date.judge(evidence, tree.html or "")
    if not head.date.value and (unread := next(filter(None, dates), "")):
        head.date.value = unread  # what is declared and cannot be read is reported as such


def _origin(head: Head, said: _Said, lines: list[Line], headline: Headline) -> None:
    declared = origin.outlet_name(said.first(_SOURCES))
    account = next((match[1] for text in said.scripts if (match := _WECHAT_NAME.search(text))), "")
    dated = publication_date.line_beside(lines, headline.at)
    shown = origin.signed(lines, headline.at, dated)
    if shown.guessed and head.site and not head.site_guessed and not origin.is_platform(head.site):
        shown.outlet = ""
    head.source = declared or origin.outlet_name(account) or shown.outlet
    if declared and shown.outlet and not origin.same_outlet(declared, shown.outlet):
        head.source_doubt = f"网页的代码里写来源“{declared}”，页面上写“{shown.outlet}”，请核对"
    elif shown.guessed and shown.outlet and not declared and not account:
        head.source_doubt = f"“{shown.outlet}”写在标题旁，没有注明是来源，请核对"
    authors = [(_name(said.data.get("author")), False)]
    authors += [(said.meta.get(name, ""), False) for name in _AUTHORS]
    authors += [(said.meta.get(name, ""), True) for name in _DOUBTFUL_AUTHORS]
    behind = said.titled.replace(head.title, "", 1) if head.title else ""
    head.author = origin.author_of(shown.author, authors, (head.site, head.source, behind))
    if origin.is_platform(head.site):
        head.site = ""


def _meta(tree: LexborHTMLParser) -> dict[str, str]:
    """Map every meta tag and itemprop by lower-case name without spaces; the first of each name that says anything
    counts."""
    found: dict[str, str] = {}
    for node in tree.css("meta[content], time[itemprop], [itemprop=datePublished]"):
        said = node.attributes
        name = said.get("property") or said.get("name") or said.get("itemprop") or ""
        value = said.get("content") or said.get("datetime") or ""
        if not value and node.tag != "meta":
            value = node.text()[:60]
        if value := one_line(value):
            found.setdefault("".join(name.split()).lower(), value)
    return found


def _scripts(tree: LexborHTMLParser) -> list[str]:
    """Return the page's own scripts, at most so many characters of them."""
    found, left = [], MOST_IN_SCRIPTS
    for node in tree.css("script"):
        if (node.attributes.get("type") or "").endswith("json"):
            continue
        text = node.text()[:left]
        if text.strip():
            found.append(text)
            left -= len(text)
        if left <= 0:
            break
    return found


def _linked_data(tree: LexborHTMLParser, titled: str) -> dict:
    """Return the page's article in its JSON-LD: the one that the <title> names, else the only one; {} for none."""
    found: list[dict] = []
    for node in tree.css('script[type="application/ld+json"]')[:MOST_DATA]:
        with suppress(ValueError, RecursionError):
            found += islice(_articles(json.loads(node.text(), strict=False)), MOST_DATA)
    window = name_key(titled)
    own = (
        one
        for one in found
        if (key := name_key(_string(one, "headline") or _string(one, "title"))) and key in window
    )
    return next(own, found[0] if len(found) == 1 else {})


def _articles(value: object, depth: int = 0) -> Iterator[dict]:
    if isinstance(value, list) and depth < 4:
        for one in value:
            yield from _articles(one, depth + 1)
    if isinstance(value, dict):
        # Baidu's form has no type.
        if _LD_TYPES.search(str(value.get("@type"))) or "pubDate" in value:
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


def _first(tree: LexborHTMLParser, selector: str) -> str:
    """Return the text of a selector's first element with any."""
    texts = (one_line(re.sub(r"\s+", " ", node.text())) for node in tree.css(selector)[:3])
    return next(filter(None, texts), "")


def _addresses(tree: LexborHTMLParser, meta: dict[str, str]) -> Iterator[str]:
    for node in tree.css("link[rel=canonical]"):
        yield node.attributes.get("href") or ""
    yield meta.get("og:url", "")


def _texts(head: Head, tree: LexborHTMLParser) -> None:
    """Set the texts. Must run last, because it removes hidden elements from the tree."""
    leave_out_what_is_not_shown(tree)
    marked: list[LexborNode] = tree.css(_MARKED)
    own = [node for node in marked if node.attributes.get("itemprop") == "articleBody"] or marked
    head.article = plain_text(sanitize_html(own[0].html or "")) if len(own) == 1 else ""
    head.all = (tree.body.inner_html or "") if tree.body else ""
    head.words = plain_text(sanitize_html(head.all))
