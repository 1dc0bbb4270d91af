"""Markup that would keep a parser busy: told before one sees it. Pure.

A parser walks its stack of open tags for most tags, compares a tag's attributes with each other, and looks for a table
among all its siblings when a word in it stands outside of the cells. Each is quadratic, and real pages do none of it.
"""

import re
from collections import Counter

FEW_TAGS = 200  # with fewer tags nothing can nest, or cost, too much
MANY_TAGS = 1000  # with more the markup must be readable in one way only, to be sure how deep it nests
MOST_ATTRIBUTES, LONG_TAG = 200, 2000  # of one tag; characters in which fewer than a thousand have room
DEEPEST = 200  # of what is given to a parser, unclosed tags counted; more than any real page has
MAX_WORK, SHALLOW = 500_000, 8  # tags times depth, a second of parsing; but what is shallow is no bomb
MOST_LOOKED_PAST = 2_000_000  # siblings of tables, for what stands in one but in no cell

_TAG = re.compile(r"<(/?)([a-z][^\s/>]*)")
_WHOLE_TAG = re.compile(
    r"(<[a-z][^\s/>]*+)(?:[^>=]++|=[ \t\n\r\f]*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))?+)*+>?", re.I
)
_VALUE = re.compile(r"=[ \t\n\r\f]*+(?:\"[^\"]*+\"?|'[^']*+'?)")
_SPANS_TAGS = re.compile(r"=[ \t\n\r\f]*+(?:\"[^\">]*+>|'[^'>]*+>)")
_ROOTS = re.compile(r"<(html|body)(?=[\s/])[^<>]*+>", re.I)
# What every parser cuts into the same tags: nothing in comments or quotes that looks like one.
_VALUED = r"""[^\s"'<>/=]++(?:\s*+=\s*+(?:"[^"<>]*+"|'[^'<>]*+'|[^\s"'<>]++))?+"""
_CLEAR_TAG = rf"</?[a-z][\w:-]*+(?:[\s/]++{_VALUED}(?:(?<=[\"']){_VALUED})*+)*+[\s/]*+>"
_CLEAR = re.compile(rf"(?:[^<]++|{_CLEAR_TAG}|<(?![a-z/!?]))*+", re.I)
_UNCLEAR = re.compile(
    r"(?P<hides><!--(?:-?>|.*?(?:--!?>|\Z))|<(script|style|textarea|title|iframe|noembed|noframes|xmp)\b[^<>]*+>"
    rf".*?(?:</\2\s*+>|\Z)|<[!?][^<>]*+>)|(?P<clear>{_CLEAR_TAG}|<(?![a-z/!?]))"
    rf"|<(?P<odd>/?[a-z][\w:-]*+)(?:[^>=]++|=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))?+)*+>?|<",
    re.I | re.S,
)
# An end tag in one of these closes nothing outside of it.
_FENCES = {"table", "select", "object", "applet", "marquee", "template", "svg", "math"}
_STRAY_WORDS = re.compile(
    r"<(?:table|/?tr|/?tbody|/?thead|/?tfoot|/t[dh]|/caption)(?=[\s/>])[^<>]*+>\s*+[^<\s]"
)
_ROWS = {"tr", "tbody", "thead", "tfoot"}
_IN_TABLES = {"table", "caption", "colgroup", "col", "td", "th", "script", "style", "template"} | _ROWS


def depth(html: str, leaves: set[str] | frozenset[str]) -> int:
    """How deep the tags nest, those aside that end by themselves."""
    opened, deep, deepest = Counter(), 0, 0
    fences: list[Counter] = []
    for closing, name in _TAG.findall(html.lower()):
        if name in leaves or (closing and not opened[name]):
            continue
        step = -1 if closing else 1
        opened[name] += step
        deep += step
        deepest = max(deepest, deep)
        if name in _FENCES:
            opened = _crossed(fences, opened, name, closing)
    return deepest


def _crossed(fences: list[Counter], opened: Counter, name: str, closing: str) -> Counter:
    """What an end tag can close on the other side of a fence: inside nothing but the fence itself."""
    if not closing:
        fences.append(opened)
        return Counter({name: 1})
    if not fences:
        return opened
    outside = fences.pop()
    outside[name] -= 1
    return outside


def with_few_attributes(html: str) -> str:
    """Tags of hundreds of attributes without any; the roots without theirs where there are many roots."""
    if max(map(len, html.split(">"))) > LONG_TAG or _SPANS_TAGS.search(html):
        html = _WHOLE_TAG.sub(_stripped, html)
    lower = html.lower()
    if lower.count("<body") + lower.count("<html") > 20:
        html = _ROOTS.sub(r"<\1>", html)
    return html


def _stripped(match: re.Match) -> str:
    tag = match[0]
    if len(tag) <= LONG_TAG or len(_VALUE.sub("=x ", tag).replace("/", " ").split()) <= MOST_ATTRIBUTES:
        return tag
    return f"{match[1]}>"


def clear(html: str) -> str:
    """Markup that every parser cuts into the same tags: if it has many, without comments and code, and without the
    attributes of those tags that are oddly written."""
    if html.count("<") <= MANY_TAGS or _CLEAR.fullmatch(html):
        return html
    return _UNCLEAR.sub(_cleared, html)


def _cleared(match: re.Match) -> str:
    if match["hides"] or match["clear"]:
        return match["clear"] or ""
    return f"<{match['odd']}>" if match["odd"] else "&lt;"


def has_strays(html: str) -> bool:
    """Whether so much stands in tables, but in no cell, that it cannot be put before them in good time."""
    return _strays(html) * html.count("<") > MOST_LOOKED_PAST


def _strays(html: str) -> int:
    if "<table" not in (lower := html.lower()):
        return 0
    found = len(_STRAY_WORDS.findall(lower))
    cells = [True]  # for each open table whether it is in a cell
    for closing, name in _TAG.findall(lower):
        if name == "table":
            if not closing:
                found += not cells[-1]
                cells.append(False)
            elif len(cells) > 1:
                cells.pop()
        elif name in ("td", "th", "caption"):
            cells[-1] = not closing or len(cells) == 1
        elif name in _ROWS:
            cells[-1] = len(cells) == 1
        elif name not in _IN_TABLES:
            found += not cells[-1]
    return found


def parseable(html: str, leaves: set[str] | frozenset[str]) -> str | None:
    """What a parser can be given in place of this markup; None for what would keep it busy."""
    html = with_few_attributes(html)
    tags = html.count("<")
    if tags <= FEW_TAGS:
        return html
    html = clear(html)
    deep = depth(html, leaves)
    return html if deep <= SHALLOW or (deep <= DEEPEST and deep * tags <= MAX_WORK) else None
