"""Tokenize the short fields of articles (title, digest, byline) and their figures for the index, in a reading process.

Pure.
"""

from collections.abc import Sequence
from typing import NamedTuple

from articles.search.index.tokens import cut_all, figures, fold_all, paired_all, squeezed_all
from sources.formats.raw_article import RawArticle
from sources.text.folding import squeezed

LEFT_OUT = "……"  # the ellipsis that sources.text.plain.lead puts where it cuts


class Heads(NamedTuple):
    """The fields of an article that are cut with the dictionary; its text, which its digest may repeat; and its other
    headlines, for their figures."""

    title: str
    digest: str
    byline: str
    editor: str
    text: str
    others: str = ""


class Cut(NamedTuple):
    """An article's short fields as the index stores them: words and pairs, each joined by spaces; and the figures of
    all its texts, one per line."""

    title: str
    title_pairs: str
    title_chars: str
    digest: str
    byline: str
    figures: str


def prepare(raws: Sequence[RawArticle]) -> list[Cut]:
    """The cut fields of raw articles, in order; worker processes call it before articles are written."""
    return cut_up(
        [
            Heads(
                raw.title,
                raw.digest or raw.plain.lead,
                raw.byline,
                raw.editor,
                raw.plain.text,
                f"{raw.subtitle}\n{raw.original_title}",
            )
            for raw in raws
        ]
    )


def cut_up(articles: Sequence[Heads]) -> list[Cut]:
    """The cut fields of each article, in order."""
    own = list(map(_own_digest, articles))
    heads = zip(articles, own, strict=True)
    folded = fold_all([piece for one, own in heads for piece in (one.title, own, one.byline, one.editor)])
    words, close = cut_all(folded), squeezed_all(folded)
    pairs = paired_all(close)
    # A digest that repeats the text has no figures of its own.
    heads = zip(articles, own, strict=True)
    whole = fold_all([f"{one.title}\n{one.others}\n{own}\n{one.text}" for one, own in heads])
    return [
        Cut(
            words[title],
            pairs[title],
            " ".join(dict.fromkeys(close[title])),
            words[title + 1],
            " ".join(words[title + 2 : title + 4] + pairs[title + 2 : title + 4]),
            figures(whole[title // 4]),
        )
        for title in range(0, len(folded), 4)
    ]


def _own_digest(one: Heads) -> str:
    """The digest, or "" if it only repeats the text, as most do, however spaces and lines part it."""
    said = one.digest.removesuffix(LEFT_OUT)
    if one.text.startswith(said):
        return ""
    return "" if squeezed(said) in squeezed(one.text) else one.digest
