"""Compare an input with its clean text: which characters stayed, which were removed, by which rule. No models."""

import re
from dataclasses import dataclass

from sources.formats.jekyll.front_matter import read_front_matter
from sources.formats.jekyll.posts import cut_digest, cut_tail, is_of_the_mirror
from sources.formats.markdown.rendering import is_html
from sources.text.clean.boilerplate import clean_body
from sources.text.clean.removals import MARKUP, Span, explain_body
from sources.text.decode import decode
from sources.text.substrings import standing_in

LONGEST = 400_000  # characters; a longer input is shown without reasons

_PIECES = re.compile(r"<[^<>]{0,2000}>|[^<>。！？\n]+[。！？]?|[<>。！？\n]", re.S)


@dataclass(frozen=True, slots=True)
class Explained:
    """The input's text as spans (joined they are the text), and whether each removal is traced to its rule."""

    spans: list[Span]
    by_rule: bool


def explain_input(data: bytes, format_name: str | None, clean: str) -> Explained:
    """Explain for every character of an input whether it is in `clean`, the text of its article, and if not, why.

    Posts (`jekyll`) are traced rule by rule unless they are Markdown; of others only the missing words are known.
    """
    text = decode(data).text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > LONGEST:
        return Explained([Span(text)], False)
    if format_name == "jekyll":
        front = read_front_matter(text)
        if is_of_the_mirror(front) or not front.found or is_html(front.body):
            return Explained(_post(text, front.body), True)
    return Explained(_elsewhere(text, clean), False)


def _post(text: str, whole: str) -> list[Span]:
    body, _ = cut_tail(whole)
    _, rest = cut_digest(body)
    if not clean_body(rest).html:
        rest = body  # nothing but the quote, which then is the article
    head = text[: len(text) - len(whole)]
    digest = body[: len(body) - len(rest)]
    spans = [Span(head, "front-matter"), Span(digest, "digest"), *explain_body(rest)]
    return [span for span in [*spans, Span(whole[len(body) :], "tail")] if span.source]


def _elsewhere(text: str, clean: str) -> list[Span]:
    """Piece by piece: whether it is in the clean text, or a tag."""
    pieces = [(piece, "".join(piece.split())) for piece in _PIECES.findall(text)]
    kept = standing_in("".join(clean.split()), (words for _, words in pieces))
    return [Span(piece, _fate(piece, words in kept)) for piece, words in pieces]


def _fate(piece: str, is_kept: bool) -> str:
    is_tag = len(piece) > 1 and piece[0] == "<"
    return MARKUP if is_tag else "" if is_kept else "elsewhere"
