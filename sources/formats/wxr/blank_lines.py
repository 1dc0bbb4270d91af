"""Paragraphs as WordPress makes them when it shows a post: at blank lines, around blocks of HTML. Pure."""

import re
from itertools import groupby

from sources.text.clean.declared import split_lines

_BLOCKS = "table|thead|tfoot|caption|colgroup|col|tbody|tr|td|th|div|dl|dd|dt|ul|ol|li|blockquote|address|p|h[1-6]|hr"
_BLOCKS += "|form|fieldset|legend|section|article|aside|header|footer|main|nav|figure|figcaption|details|summary|center"
# What stands in these keeps its line breaks, or is no prose. One that never ends takes the rest.
_KEPT = "pre|script|style|textarea|svg|iframe"
_PIECE = re.compile(
    rf"<({_KEPT})\b[^<>]*+>(?:.*?</\1\s*+>|.*)|<(?P<closes>/?)(?P<name>{_BLOCKS})(?=[\s/>])[^<>]*+>",
    re.I | re.S,
)
_ONE_PARAGRAPH = {"li", "dd", "dt", "td", "th", "caption", "figcaption", "figure", "summary", "legend"}
_ONE_PARAGRAPH |= {f"h{size}" for size in range(1, 7)}
_ROWS = {"table", "thead", "tfoot", "tbody", "tr", "ul", "ol", "dl", "colgroup"}


def with_paragraphs(body: str) -> str:
    """Return the body of a post with its paragraphs as HTML: a blank line ends one, a line break is a <br>."""
    body = body.replace("\r\n", "\n").replace("\r", "\n")
    made, at, inside = [], 0, ""
    for match in _PIECE.finditer(body):
        made += _text(body[at : match.start()], inside), match[0]
        name = (match["name"] or "").lower()
        inside = "" if match["closes"] or not name else name
        at = match.end()
    made.append(_text(body[at:], inside))
    return "".join(made)


def _text(text: str, inside: str) -> str:
    """Return what stands between two blocks; `inside` is the block that has just been opened, if any."""
    if not text.strip() or inside in _ROWS:
        return text
    lines = (line.strip() for line in split_lines(text))
    paragraphs = ["<br>".join(some) for blank, some in groupby(lines, key=lambda line: not line) if not blank]
    if inside in _ONE_PARAGRAPH:
        return "<br>".join(paragraphs)
    if inside == "p":
        return "</p>\n<p>".join(paragraphs)
    return "".join(f"<p>{paragraph}</p>\n" for paragraph in paragraphs)
