"""HTML and plain text as their source declares them: which is which, their entities, and the lines of a body. Pure."""

import re
from html import escape, unescape
from html.entities import html5
from itertools import groupby

# A single letter may be a quantity: a<b 且 c>d is no markup.
HAS_MARKUP = re.compile(
    r"<(?:/?(?:p|div|br|table|center|span|img|h[1-6]|ul|ol|li|strong|em|font|section|article|blockquote|pre"
    r"|figure|sup|sub|code|mark|small|hr|dl|iframe)\b|/[aiusb]\s?>|[iusb]\s?>|[aiusb]\s[\w:-]{1,40}\s?=|!--)",
    re.I,
)
_BLOCK = re.compile(
    r"</?(?:p|div|table|t[rdh]|tbody|h[1-6]|ul|ol|li|dl|d[td]|center|section|article|main|header|footer|aside|nav"
    r"|blockquote|pre|figure|figcaption|hr|form|address|fieldset|details)\b",
    re.I,
)
_UNBROKEN = re.compile(r"<!--(?:.*?-->|.*)|<[a-z/][^<>]*+>|[^<\n]++|\n|<", re.I | re.S)
# A tag written out as text, in pairs or as a break: nobody means to show these.
_ENCODED = re.compile(
    r"&lt;/(?:p|div|h[1-6]|ul|ol|table|section|article|blockquote|figure|strong|span|em|b|a)&gt;|&lt;br ?/?&gt;",
    re.I,
)
_SHOWN_TAGS = re.compile(
    r"</(?:p|div|h[1-6]|ul|ol|li|table|t[rdh]|section|article|blockquote|figure)\s?>|<br ?/?>", re.I
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8}\d{0,2});", re.I)
_AMPERSAND = re.compile(r"&amp;(?!#?\w{1,10};)")
_PAIRED = re.compile(
    r"<(em|b|strong|i|u|s|font|span|a|sub|sup|mark|small|big|code|p|div|h[1-6])\b[^<>]{0,300}+>([^<>]*+)</\1\s?>",
    re.I,
)
_BREAK = re.compile(r"<br\s?/?>", re.I)
MOST_NESTED = 5


def html_body(value: str) -> str:
    """Return a body declared to be HTML so that the cleaner takes it for that, whether or not it has a tag.

    Without tags, each line is a paragraph. HTML that was encoded twice is decoded once more.
    """
    if HAS_MARKUP.search(value):
        return value
    if (once := decoded_once(value)) != value:
        return once
    lines = (line.strip() for line in value.replace("<", "&lt;").split("\n"))
    return "\n".join(f"<p>{line}</p>" for line in lines if line)


def text_body(value: str) -> str:
    """Return a body declared to be plain text as HTML that shows it: tags stay words, each line is a paragraph."""
    lines = (line.strip() for line in read_entities(value).split("\n"))
    return "\n".join(f"<p>{escape(line, quote=False)}</p>" for line in lines if line)


def decoded_once(value: str) -> str:
    """Return a body without tags whose tags are all written as text (`&lt;p&gt;`) decoded; any other unchanged."""
    if "&lt;" in value and _ENCODED.search(value) and not HAS_MARKUP.search(value):
        return unescape(value)
    return value


def shows_tags(text: str) -> bool:
    """Return True if a plain text has tags of HTML as words, such as `</p>`."""
    return ("</" in text or "<br" in text) and _SHOWN_TAGS.search(text) is not None


def read_entities(text: str) -> str:
    """Decode what nobody writes for a reader to see (`&ldquo;`, `&nbsp;`, `&#8220;`). `&lt;` and `&gt;` stay: what
    they stand for may be a tag."""
    if "&" not in text or ";" not in text:
        return text
    return _AMPERSAND.sub("&", _ENTITY.sub(_character, text))


def _character(match: re.Match) -> str:
    name = match[0][1:]
    shown = unescape(match[0]) if name[0] == "#" else html5.get(name, "<")
    return match[0] if shown in "<>&" or shown >= "\U000f0000" else shown


def without_pairs(value: str) -> str:
    """Return a headline without the tags that enclose words in it; what only looks like a tag stays."""
    if "<" not in value:
        return value
    value = _BREAK.sub(" ", value)
    for _ in range(MOST_NESTED):
        value, found = _PAIRED.subn(r"\2", value)
        if not found:
            break
    return value


def title_words(value: str) -> str:
    """Return a headline that may or may not be HTML as words."""
    if "&lt;" in value and _ENCODED.search(value):
        value = unescape(value)
    return read_entities(without_pairs(value))


def split_lines(html: str) -> list[str]:
    """Split markup at the line breaks outside of its tags and comments."""
    if "<" not in html:
        return html.split("\n")
    lines: list[list[str]] = [[]]
    for piece in _UNBROKEN.findall(html):
        if piece == "\n":
            lines.append([])
        else:
            lines[-1].append(piece)
    return ["".join(line) for line in lines]


def lines_kept(html: str) -> str:
    """Return the lines of a plain text as paragraphs although it has some inline markup, such as one link or comment.

    Markup with blocks of its own stays as it is. Beside <br>, only blank lines separate paragraphs.
    """
    if "\n" not in html or "<p" in html or _BLOCK.search(html):
        return html
    lines = split_lines(html)
    if "<br" in html.lower():
        lines = ["\n".join(some) for blank, some in groupby(lines, key=_is_blank) if not blank]
    return "\n".join(f"<p>{line.strip()}</p>" for line in lines if line.strip())


def _is_blank(line: str) -> bool:
    return not line.strip()
