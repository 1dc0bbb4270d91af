"""Rebuild an article of a printed page from its own text after an editor has changed it. Pure."""

import re

from sources.formats.newspaper.layout import Piece, article_of, proposed
from sources.formats.raw_article import RawArticle
from sources.text.printed.blocks import Kind, cut, kind_of, kinds_of

_EMPTY_LINES = re.compile(r"\n(?:[ \t\u3000]*\n)+")


def read_edited_piece(layout: dict, part: int, text: str) -> RawArticle:
    """Return article number `part` of the page with its text replaced.

    The text stays one article, in its own order. Only the edition and the paper are taken from the rest of the page.
    """
    page = [block.strip() for block in layout["blocks"]]
    pieces = proposed(layout).pieces
    was = pieces[part - 1] if 0 < part <= len(pieces) else Piece()
    own = _own_blocks(text, [page[number - 1] for number in was.blocks])
    heads = _own_heads(own, [page[number - 1] for number in was.heads])
    bylines = heads
    while bylines < len(own) and kind_of(own[bylines]) is Kind.BYLINE:
        bylines += 1
    piece = Piece(
        list(range(1, heads + 1)),
        list(range(heads + 1, bylines + 1)),
        list(range(bylines + 1, len(own) + 1)),
    )
    whole = {"blocks": [*own, *page], "articles": [{"blocks": piece.blocks}]}
    return article_of(whole, piece, str(part))


def _own_blocks(text: str, before: list[str]) -> list[str]:
    """Split the text at empty lines. A known block, or one of several lines with some changed, stays whole; other
    text is split into blocks again."""
    several = {line.strip(): block for block in before if "\n" in block for line in block.split("\n")}
    found: list[str] = []
    for group in filter(None, map(str.strip, _EMPTY_LINES.split(text))):
        lines = group.split("\n")
        was = next((several[line.strip()] for line in lines if line.strip() in several), "")
        whole = group in before or len(lines) <= was.count("\n") + 1
        found += [group] if whole else [block.strip() for block in cut(group)]
    return found


def _own_heads(own: list[str], before: list[str]) -> int:
    """Return the number of headline blocks: all above a byline, else as many as before, at least one that qualifies."""
    if before and own[: len(before)] == before:
        return len(before)
    kinds = [*kinds_of(own), Kind.PROSE]
    heads = next(at for at, kind in enumerate(kinds) if kind not in (Kind.HEAD, Kind.LABEL))
    return heads if kinds[heads] is Kind.BYLINE else min(heads, max(len(before), 1))
