"""A digest that still says what the body no longer does."""

import re
import unicodedata
from dataclasses import dataclass

from sources.text.plain import lead
from sources.text.sentences import sentences

# Numbers as they stand, with what makes another number of them: 12.5%, 1.2万亿, 3-5, 百分之三十, 三成.
FIGURE = re.compile(
    r"[0-9]++(?:[.,:/~-][0-9]++)*+(?:%|‰|[十百千万亿]++)?"
    r"|百分之[零一二三四五六七八九十百点]++|[零一二两三四五六七八九十百千万亿]++(?:成|倍|元|%)"
)
SHORTEST = 6  # characters of a sentence worth telling
NAMED = 3  # figures named to the editor
SHOWN = 40  # characters of a sentence


@dataclass(frozen=True, slots=True)
class StaleDigest:
    """What the digest says (`words`) and the text does not; the lead of the text, offered in its place."""

    words: list[str]
    lead: str
    is_refused: bool = False  # the form was not saved for it

    def __str__(self):
        return "、".join(f"“{word}”" for word in self.words)


def compare_digest(digest: str, before: str, now: str) -> StaleDigest | None:
    """What the digest has from the text before and the text now has no more: figures, else whole sentences."""
    if digest in ("", lead(before)):  # saving makes it anew
        return None
    words = [figure for figure in _absent(digest, now) if figure in _figures(before)]
    words = words or [
        one[:SHOWN] for one in _sentences(digest) if one in _bare(before) and one not in _bare(now)
    ]
    return StaleDigest(words[:NAMED], lead(now), is_refused=True) if words else None


def look_at_digest(digest: str, text: str) -> StaleDigest | None:
    """The figures of the digest that are not in its text, whenever they went."""
    words = _absent(digest, text)
    return StaleDigest(words[:NAMED], lead(text)) if words else None


def _absent(digest: str, text: str) -> list[str]:
    figures = _figures(text)
    return [figure for figure in _figures(digest) if figure not in figures]


def _figures(text: str) -> dict[str, None]:
    """The figures of a text, in its order; full-width digits and signs are as good as others."""
    return dict.fromkeys(FIGURE.findall(unicodedata.normalize("NFKC", text)))


def _sentences(digest: str) -> list[str]:
    bare = (_bare(one).rstrip("…") for one in sentences(digest))
    return [one for one in bare if len(one) >= SHORTEST]


def _bare(text: str) -> str:
    return "".join(text.split())
