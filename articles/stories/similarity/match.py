"""From MinHash signatures to groups: find candidate pairs, compare their words, join near-duplicates. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from articles.stories.similarity.candidates import candidates
from articles.stories.similarity.clusters import Clusters
from articles.stories.similarity.comparable import Piece
from articles.stories.similarity.compare import ANOTHER, similarity

ASKED = 3  # members of a cluster that are compared with an article before it joins
LOOKED_AT = 200  # members looked at to find these, in a story of thousands
# Ids in, (title, text, moment) out; an id that is gone is left out.
Words = Callable[[Iterable[int]], dict[int, tuple[str, str, int]]]


@dataclass(frozen=True, slots=True)
class SignatureWindow:
    """Signatures ordered by moment (seconds), with the articles' ids, and which of them are to be grouped."""

    ids: np.ndarray
    moments: np.ndarray
    sketches: np.ndarray
    is_new: np.ndarray


def pairs_of(window: SignatureWindow) -> list[tuple[int, int]]:
    """Ids of articles that may be near-duplicates, the likeliest pair first."""
    found = candidates(window.sketches, window.moments, window.is_new)
    return list(zip(window.ids[found.one].tolist(), window.ids[found.other].tolist(), strict=True))


def join_pairs(pairs: Iterable[tuple[int, int]], words: Words, clusters: Clusters) -> None:
    """Join near-duplicates in `clusters`; two articles that are in one cluster already are not compared.

    Two articles that report different events in the same words are not joined through a third that names neither.
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
    """Whether most members of one's cluster report something else than the other article."""
    for here, there in ((one, other), (other, one)):
        asked = [pk for pk in clusters.with_(here, LOOKED_AT) if pk != here and pk in pieces][:ASKED]
        against = sum(similarity(pieces[pk], pieces[there]) == ANOTHER for pk in asked)
        if 2 * against > len(asked):
            return True
    return False
