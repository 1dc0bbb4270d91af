"""From sketches to groups: find pairs, compare their words, put together what is the same piece. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from articles.stories.similarity.candidates import candidates
from articles.stories.similarity.clusters import Clusters
from articles.stories.similarity.comparable import Piece
from articles.stories.similarity.compare import ANOTHER, similarity

ASKED = 3  # of those who are together already, before one more joins them
LOOKED_AT = 200  # of a story of thousands, to find these among them
# Ids in, (title, text, moment) out; an id that is gone is left out.
Words = Callable[[Iterable[int]], dict[int, tuple[str, str, int]]]


@dataclass(frozen=True, slots=True)
class SignatureWindow:
    """Sketches in the order of their moments (seconds), whose they are (ids), and which are to be grouped."""

    ids: np.ndarray
    moments: np.ndarray
    sketches: np.ndarray
    is_new: np.ndarray


def pairs_of(shelf: SignatureWindow) -> list[tuple[int, int]]:
    """Ids of articles that may be the same piece, the likeliest pair first."""
    found = candidates(shelf.sketches, shelf.moments, shelf.is_new)
    return list(zip(shelf.ids[found.one].tolist(), shelf.ids[found.other].tolist(), strict=True))


def join_pairs(pairs: Iterable[tuple[int, int]], words: Words, clusters: Clusters) -> None:
    """Join in `clusters` what is the same piece. Of two articles that are together already nothing is compared.

    Two that speak of other things in the same words are not brought together by a third, which may name neither.
    """
    pairs = [pair for pair in pairs if clusters.may_join(*pair)]
    said = words({pk for pair in pairs for pk in pair})
    pieces = dict(zip(said, Piece.all_of(list(said.values())), strict=True)) if said else {}
    for one, other in pairs:
        if one not in pieces or other not in pieces or not clusters.may_join(one, other):
            continue
        if similarity(pieces[one], pieces[other]) > 0 and not _others_object(pieces, clusters, one, other):
            clusters.join(one, other)


def _others_object(pieces: dict[int, Piece], clusters: Clusters, one: int, other: int) -> bool:
    """Whether those who are with one of the two mostly speak of something else than the other does."""
    for here, there in ((one, other), (other, one)):
        asked = [pk for pk in clusters.with_(here, LOOKED_AT) if pk != here and pk in pieces][:ASKED]
        against = sum(similarity(pieces[pk], pieces[there]) == ANOTHER for pk in asked)
        if 2 * against > len(asked):
            return True
    return False
