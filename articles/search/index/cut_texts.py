"""Tokenize the short fields of articles (title, digest, byline) and their figures for the index, in a reading process.

Pure.
"""

from collections.abc import Sequence
from typing import NamedTuple

from articles.search.index.tokens import cut_all, figures, fold_all, paired_all, squeezed_all
from sources.formats.raw_article import RawArticle
from sources.text.folding import fold, squeezed

# What stands where a digest was cut out of the text: …… of sources.text.plain.lead, or ... and [...] of other systems.
LEFT_OUT = " \t\n\u3000….[]"
# Invisible characters that web pages leave in digests.
_UNSEEN = dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))


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
    texts = fold_all([one.text for one in articles])
    own = [_own_digest(one, text) for one, text in zip(articles, texts, strict=True)]
    heads = zip(articles, own, strict=True)
    folded = fold_all([piece for one, own in heads for piece in (one.title, own, one.byline, one.editor)])
    others = fold_all([one.others for one in articles])
    words, close = cut_all(folded), squeezed_all(folded)
    pairs = paired_all(close)
    return [
        Cut(
            words[title],
            pairs[title],
            " ".join(dict.fromkeys(close[title])),
            words[title + 1],
            " ".join(words[title + 2 : title + 4] + pairs[title + 2 : title + 4]),
            figures("\n".join((*folded[title : title + 2], others[title // 4], texts[title // 4]))),
        )
        for title in range(0, len(folded), 4)
    ]


def _own_digest(one: Heads, text: str) -> str:
    """The digest, or "" if it only repeats the text (`text`: the same, folded), as most do, however spaces and lines
    part it, whatever its width, and whatever stands where it was cut."""
    said = one.digest.strip(LEFT_OUT)
    if one.text.startswith(said) or squeezed(said) in squeezed(one.text):
        return ""
    said = squeezed(fold(said).translate(_UNSEEN)).strip(LEFT_OUT)
    return "" if said in squeezed(text) else one.digest
