"""Assign a printed page's blocks to articles: stored proposal, editor's changes, resulting articles. Pure."""

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from sources.formats.newspaper.printed_page import NO_BODY, TO_CHECK, body_html
from sources.formats.raw_article import RawArticle
from sources.problem import NO_DATE, NO_TITLE
from sources.text.plain import read_plain
from sources.text.printed.blocks import Kind, bare, kind_of, kinds_of
from sources.text.printed.mastheads import read_edition
from sources.text.printed.printed_bylines import read_byline, read_lead


@dataclass(slots=True)
class Piece:
    """One article of a page: its block numbers (from 1), separated into heads, bylines and body.

    `article` is the id of the article made from it, None for a new one.
    """

    heads: list[int] = field(default_factory=list)
    bylines: list[int] = field(default_factory=list)
    body: list[int] = field(default_factory=list)
    article: int | None = None

    @property
    def blocks(self) -> list[int]:
        return [*self.heads, *self.bylines, *self.body]


@dataclass(slots=True)
class Split:
    """The assignment of all blocks. `repeats` maps each copy to its original."""

    pieces: list[Piece] = field(default_factory=list)
    repeats: dict[int, int] = field(default_factory=dict)
    left_over: list[int] = field(default_factory=list)

    def as_json(self) -> dict:
        pieces = [
            {"heads": one.heads, "bylines": one.bylines, "body": one.body, "article": one.article}
            for one in self.pieces
        ]
        return {"pieces": pieces, "repeats": self.repeats, "left_over": self.left_over}

    @classmethod
    def of_json(cls, kept: dict) -> "Split":
        repeats = {int(block): int(of) for block, of in kept["repeats"].items()}
        return cls([Piece(**one) for one in kept["pieces"]], repeats, list(kept["left_over"]))

    def faults(self, count: int) -> list[str]:
        """Return the errors for a page of `count` blocks, in words: no block may be missing or used twice."""
        given = (
            [block for piece in self.pieces for block in piece.blocks] + self.left_over + list(self.repeats)
        )
        every, times = set(range(1, count + 1)), Counter(given)
        faults = [f"第 {block} 段哪里也没有放" for block in sorted(every - set(given))]
        faults += [f"第 {block} 段放了不止一处" for block in sorted(times) if times[block] > 1]
        faults += [f"没有第 {block} 段" for block in sorted(set(given) - every)]
        for block, of in self.repeats.items():
            if of not in every or of == block or of in self.repeats:
                faults.append(f"第 {block} 段标为重复，但没有写明与哪一段重复（要写一段没有标为重复的）")
        return faults


def proposed(layout: dict) -> Split:
    """Return the reader's proposal from an item's layout (a sources.formats.raw_article.Page as JSON)."""
    words = [block.strip() for block in layout["blocks"]]
    pieces = [_piece(words, one) for one in layout["articles"]]
    repeats = {int(block): of for block, of in layout["repeats"].items()}
    return Split(pieces, repeats, list(layout["left_over"]))


def _piece(words: Sequence[str], proposal: dict) -> Piece:
    """Split a proposal: heads and bylines are its first blocks; the words of heads are in the headline."""
    piece, rest = Piece(), deque(proposal["blocks"])
    while (
        rest and (head := bare(words[rest[0] - 1])) and (head in proposal["title"] or head.startswith("——"))
    ):
        piece.heads.append(rest.popleft())
    while rest and kind_of(words[rest[0] - 1]) is Kind.BYLINE:
        piece.bylines.append(rest.popleft())
    piece.body = list(rest)
    return piece


def articles_of(layout: dict, pieces: Sequence[Piece]) -> list[RawArticle]:
    """Return an article for each piece."""
    return [article_of(layout, piece, str(number)) for number, piece in enumerate(pieces, 1)]


def article_of(layout: dict, piece: Piece, part: str) -> RawArticle:
    """Return the article of a piece, as the importer would read it: always for review."""
    words = [block.strip() for block in layout["blocks"]]
    heads = [bare(words[number - 1]) for number in piece.heads]
    under = [head for head in heads[1:] if head.startswith("——")]
    title = " ".join(head for head in heads if head not in under)
    html = body_html(words, piece.body, (one["blocks"] for one in layout["articles"]))
    raw = RawArticle(title, "", html, read_plain(title, html), part)
    by = read_byline(" ".join(words[number - 1] for number in piece.bylines)) if piece.bylines else None
    lead = words[piece.body[0] - 1] if piece.body else ""
    raw.subtitle, raw.byline = " ".join(under), (by or read_lead(lead)).names
    day, number, paper = read_edition(
        one for one, kind in zip(words, kinds_of(words), strict=True) if kind is Kind.MARGIN
    )
    raw.edition_date, raw.page, raw.outlet = day, number, by.outlet if by and by.outlet else paper
    raw.problems = [TO_CHECK, NO_DATE]
    raw.problems += [] if title else [NO_TITLE]
    raw.problems += [] if raw.plain.text else [NO_BODY]
    text = "\n\n".join(words[number - 1] for number in piece.blocks) + "\n"
    raw.raw = text.encode("utf-8", "surrogatepass")
    outlet = raw.outlet
    raw.fit()
    raw.outlet = outlet  # leave an unknown outlet empty: the article's current one is better
    return raw
