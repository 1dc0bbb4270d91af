"""Plain text from clean HTML: the text, its lead, and a fingerprint that identifies copies."""

import re
from hashlib import blake2b
from html import unescape
from typing import NamedTuple

from sources.text.markup import without_tags

LEAD_LENGTH = 120  # characters: two to three lines of a list on a phone
_COMPARED, _RUN = 50_000, 4  # characters of a text that are compared, in runs of so many letters

_BLOCKS = re.compile(
    r"(?:</(?:p|h[1-6]|li|dt|dd|tr|caption|blockquote|pre|figcaption|ul|ol|dl|table)>|<br>|<hr>)\s*+", re.I
)
_CELLS = re.compile(r"</t[dh]>\s*+(?=<t)", re.I)
_LINE_TAGS = ("<p>", "</p>", "<strong>", "</strong>", "<h3>", "</h3>")
# Any of these means uneven spacing. Checked before running a regex, because most texts have none.
_UNEVEN = ("  ", "\t", "\xa0", "\r", "\f", "\v", " \n", "\u3000\n", "\n ", "\n\u3000", "\n\n")
_BLANKS = re.compile(r"[ \t\xa0\r\f\v]+")
_AT_ENDS = " \t\u3000"
# Characters that change a number next to them: 1.25% is not 125, -5 is not 5, 3:1 is not 31.
_OF_FIGURES = "%.-:/"
_NOT_WORDS = re.compile(r"[^\w%.\-:/％．－−–~～]+|_+")
_BETWEEN_FIGURES = [(sign, re.compile(rf"{sign}(?=\d)")) for sign in "：—"]
# Nearly all other punctuation in news; removing them one by one takes half the time of the regex, but for a headline.
_USUAL_SIGNS = "，。、\n：；“”（）！？·《》 ,—…()\"'"
_SHORT = 50  # characters
# Not 据新华网消息：, which says whose word it is.
_OPENING = re.compile(
    r"\s*(?!另?据)(?:[\w·]{2,12}消息\s?[（(][^（）()\n]{1,12}[）)]|[\u4e00-\u9fff]{1,6}网消息)\s?[：:]\s*"
)
_SENTENCE_ENDS = "。！？!?；;"


class Plain(NamedTuple):
    """Plain text (one paragraph per line), its lead, and the fingerprint of title and text."""

    text: str
    lead: str
    fingerprint: str


def plain_text(html: str) -> str:
    """Return the text of sanitised HTML: one block per line, a space between table cells, entities decoded once."""
    marked = without_tags(_BLOCKS.sub("\n", _CELLS.sub(" ", html.replace("\n", " "))))
    text = unescape(marked) if "&" in marked else marked
    if any(sign in text for sign in _UNEVEN):
        text = _evened(text)
    return text.strip(" \n\u3000")


def plain_lines(html: str) -> str:
    """Like `plain_text`, in a tenth of the time, for a body of one <p> or <h3> per line that contains only <strong>
    and text without entities."""
    if "<figure" in html:
        return plain_text(html)
    text = html
    for tag in _LINE_TAGS:
        text = text.replace(tag, "")
    if "  " in text or "\t" in text or text.count("\n") != html.count(">\n<"):
        return plain_text(html)
    return text.strip(" \n\u3000")


def _evened(text: str) -> str:
    """Without blank lines, space at the ends of lines, and repeated spaces. A break at either end of the text stays."""
    first, *lines = _BLANKS.sub(" ", text).split("\n")
    if not lines:
        return first
    last = lines.pop().lstrip()
    inner = (line.lstrip().rstrip(_AT_ENDS) for line in lines)
    return "\n".join([first.rstrip(_AT_ENDS), *filter(None, inner), last])


def without_opening(text: str) -> str:
    """Return a text without the label that a site puts before every piece, such as 央视网消息（新闻联播）：."""
    match = _OPENING.match(text) if "消息" in text[:24] else None
    return text[match.end() :] if match else text


def is_lead(digest: str, text: str) -> bool:
    """Return True if a digest only repeats the beginning of the text, also as older leads did, with its label."""
    return digest == lead(text) or digest == _lead(text)


def lead(text: str, length: int = LEAD_LENGTH) -> str:
    """Return the beginning of a text, cut at a sentence end if one comes late enough, else ending in ……"""
    return _lead(without_opening(text), length)


def _lead(text: str, length: int = LEAD_LENGTH) -> str:
    flat = " ".join(text[: length * 3].split())
    if len(flat) <= length:
        return flat
    end = max(flat.rfind(sign, 0, length) for sign in _SENTENCE_ENDS) + 1
    if end >= length // 2:
        return flat[:end]
    return flat[: length - 2].rstrip("，、：, ") + "……"


def fingerprint(title: str, text: str) -> str:
    """Return 32 hex digits that are equal for copies: a hash of the letters and numbers of title and text only."""
    words = f"{only_words(title)}\n{only_words(text)}"
    return blake2b(words.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def only_words(text: str) -> str:
    """Return a text's letters and numbers without separators; numbers keep their decimal point, sign, ratio and %."""
    for sign, before_figure in _BETWEEN_FIGURES:
        if sign in text:
            text = before_figure.sub("-", text)
    if len(text) < _SHORT:
        return _NOT_WORDS.sub("", text)
    for sign in _USUAL_SIGNS:
        text = text.replace(sign, "")
    letters = text
    for sign in _OF_FIGURES:
        letters = letters.replace(sign, "")
    return text if letters.isalnum() else _NOT_WORDS.sub("", text)


def share_in_common(one: str, other: str) -> float:
    """Return the share of the shorter text's runs of four letters that are in the longer one, 0 to 1.

    An empty text is part of every other.
    """
    fewer, more = sorted((_runs(one), _runs(other)), key=len)
    return len(fewer & more) / len(fewer) if fewer else 1.0


def _runs(text: str) -> set[str]:
    words = only_words(text[:_COMPARED])
    return {words[at : at + _RUN] for at in range(max(len(words) - _RUN + 1, min(len(words), 1)))}


def read_plain(title: str, body_html: str) -> Plain:
    """Return text, lead and fingerprint for a title and a sanitised body."""
    return summed_up(title, plain_text(body_html))


def summed_up(title: str, text: str) -> Plain:
    """The same, for plain text that is already known."""
    return Plain(text, lead(text), fingerprint(title, text))
