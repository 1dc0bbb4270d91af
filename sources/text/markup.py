"""Markup as text, before any parser: detect and defuse what would keep a parser busy, and remove tags. Pure.

For most tags a parser walks its stack of open tags; it compares a tag's attributes with each other; and for words in a
table but outside its cells it searches all siblings of the table. Each of these is quadratic. Real pages trigger none
of them.
"""

import re
from collections import Counter

FEW_TAGS = 200  # below this, neither nesting nor cost can become a problem
MANY_TAGS = 1000  # above this, markup must be unambiguous, so that its depth is certain
# attributes per tag; characters per tag, room for fewer than a thousand attributes
MOST_ATTRIBUTES, LONG_TAG = 200, 2000
DEEPEST = 200  # nesting passed to a parser, including unclosed tags; deeper than any real page
MAX_WORK, SHALLOW = 500_000, 8  # tags × depth, about one second of parsing; shallow markup is always allowed
MOST_LOOKED_PAST = 2_000_000  # table siblings a parser would search for words outside the cells

_TAG = re.compile(r"<(/?)([a-z][^\s/>]*)")
_WHOLE_TAG = re.compile(
    r"(<[a-z][^\s/>]*+)(?:[^>=]++|=[ \t\n\r\f]*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))?+)*+>?", re.I
)
_VALUE = re.compile(r"=[ \t\n\r\f]*+(?:\"[^\"]*+\"?|'[^']*+'?)")
_SPANS_TAGS = re.compile(r"=[ \t\n\r\f]*+(?:\"[^\">]*+>|'[^'>]*+>)")
_ROOTS = re.compile(r"<(html|body)(?=[\s/])[^<>]*+>", re.I)
# Tags that every parser delimits the same way: nothing in comments or quotes looks like a tag.
_VALUED = r"""[^\s"'<>/=]++(?:\s*+=\s*+(?:"[^"<>]*+"|'[^'<>]*+'|[^\s"'<>]++))?+"""
_CLEAR_TAG = rf"</?[a-z][\w:-]*+(?:[\s/]++{_VALUED}(?:(?<=[\"']){_VALUED})*+)*+[\s/]*+>"
_CLEAR = re.compile(rf"(?:[^<]++|{_CLEAR_TAG}|<(?![a-z/!?]))*+", re.I)
_UNCLEAR = re.compile(
    r"(?P<hides><!--(?:-?>|.*?(?:--!?>|\Z))|<(script|style|textarea|title|iframe|noembed|noframes|xmp)\b[^<>]*+>"
    rf".*?(?:</\2\s*+>|\Z)|<[!?][^<>]*+>)|(?P<clear>{_CLEAR_TAG}|<(?![a-z/!?]))"
    rf"|<(?P<odd>/?[a-z][\w:-]*+)(?:[^>=]++|=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))?+)*+>?|<",
    re.I | re.S,
)
# An end tag inside one of these closes nothing outside of it.
_FENCES = {"table", "select", "object", "applet", "marquee", "template", "svg", "math"}
_STRAY_WORDS = re.compile(
    r"<(?:table|/?tr|/?tbody|/?thead|/?tfoot|/t[dh]|/caption)(?=[\s/>])[^<>]*+>\s*+[^<\s]"
)
_ROWS = {"tr", "tbody", "thead", "tfoot"}
_IN_TABLES = {"table", "caption", "colgroup", "col", "td", "th", "script", "style", "template"} | _ROWS


def depth(html: str, leaves: set[str] | frozenset[str]) -> int:
    """Return how deep the tags nest; `leaves` are tags that end by themselves."""
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
    """Return the tags that an end tag can close across a fence: inside, only the fence itself."""
    if not closing:
        fences.append(opened)
        return Counter({name: 1})
    if not fences:
        return opened
    outside = fences.pop()
    outside[name] -= 1
    return outside


def with_few_attributes(html: str) -> str:
    """Remove all attributes from tags that have hundreds, and from <html> and <body> when there are many of them."""
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
    """Return markup that every parser tokenizes the same way. Markup with many tags loses its comments and code,
    and the attributes of malformed tags."""
    if html.count("<") <= MANY_TAGS or _CLEAR.fullmatch(html):
        return html
    return _UNCLEAR.sub(_cleared, html)


def _cleared(match: re.Match) -> str:
    if match["hides"] or match["clear"]:
        return match["clear"] or ""
    return f"<{match['odd']}>" if match["odd"] else "&lt;"


def has_strays(html: str) -> bool:
    """Return True if so much lies in tables but outside cells that a parser takes too long to move it out."""
    return _strays(html) * html.count("<") > MOST_LOOKED_PAST


def _strays(html: str) -> int:
    if "<table" not in (lower := html.lower()):
        return 0
    found = len(_STRAY_WORDS.findall(lower))
    cells = [True]  # for each open table: whether we are inside one of its cells
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
    """Return markup that is safe to parse; None if parsing it would take too long."""
    html = with_few_attributes(html)
    tags = html.count("<")
    if tags <= FEW_TAGS:
        return html
    html = clear(html)
    deep = depth(html, leaves)
    return html if deep <= SHALLOW or (deep <= DEEPEST and deep * tags <= MAX_WORK) else None


def shallow(html: str, leaves: set[str] | frozenset[str]) -> str:
    """Return markup that nests no deeper than DEEPEST: tags further inside are removed, their contents are not.

    Markup that needs it also loses its comments and code, as in `clear`.
    """
    if html.count("<") <= FEW_TAGS:
        return html
    cleared = clear(html)
    if depth(cleared, leaves) <= DEEPEST:
        return html
    opened, removed, deep = Counter(), Counter(), 0

    def keep(match: re.Match) -> str:
        nonlocal deep
        name = match[2].lower()
        if name in leaves:
            return match[0]
        if match[1]:
            if removed[name]:
                removed[name] -= 1
                return ""
            deep -= opened[name] > 0
            opened[name] -= opened[name] > 0
            return match[0]
        if deep == DEEPEST:
            removed[name] += 1
            return ""
        deep += 1
        opened[name] += 1
        return match[0]

    end = _end_of_tags(cleared)
    return _NAMED_TAG.sub(keep, cleared[:end]) + cleared[end:]


_NAMED_TAG = re.compile(r"<(/?)([a-z][^\s/>]*+)[^>]*+>", re.I)
_ANY_TAG = re.compile(r"<[^>]*+>")


def without_tags(html: str, instead: str = "") -> str:
    """Replace each tag with `instead`, in linear time."""
    end = _end_of_tags(html)
    return _ANY_TAG.sub(instead, html[:end]) + html[end:]


def _end_of_tags(html: str) -> int:
    """No tag ends after the last `>`; searching there would scan from every `<` to the end of the text."""
    return html.rfind(">") + 1
