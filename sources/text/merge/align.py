"""Align the pieces of two texts, in order: a piece matches if it is equal or a rewording. Pure."""

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from sources.text.markup import without_tags

ALIKE = 0.4  # share of common character pairs from which one piece counts as a rewording of the other
MOST_COMPARED = 2500  # pairs of pieces; above this, only equal pieces are matched


def key(piece: str) -> str:
    """Return the piece with whitespace and line breaks normalised."""
    return " ".join(piece.split())


def is_similar(one: str, other: str) -> bool:
    """Return True if two pieces share enough words for one to be a rewording of the other."""
    return similarity(_pairs(one), _pairs(other)) >= ALIKE


def similarity(one: Counter, other: Counter) -> float:
    """Return the share of common character pairs, from 0 to 1."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


def align(base: Sequence[str], other: Sequence[str]) -> list[int | None]:
    """Return for each piece of `base` the index of its match in `other`, ascending; None if it was removed."""
    found: list[int | None] = [None] * len(base)
    matcher = SequenceMatcher(None, [key(one) for one in base], [key(one) for one in other])
    i = j = 0
    for same in matcher.get_matching_blocks():
        for a, b in _reworded(base[i : same.a], other[j : same.b]):
            found[i + a] = j + b
        for n in range(same.size):
            found[same.a + n] = same.b + n
        i, j = same.a + same.size, same.b + same.size
    return found


def _reworded(base: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """Pair similar pieces, in order. A single piece opposite a single piece counts as its rewording in any case."""
    if not base or not other or len(base) * len(other) > MOST_COMPARED:
        return []
    mine, theirs = [_pairs(one) for one in base], [_pairs(one) for one in other]
    pairs = _best([[_weight(a, b) for b in theirs] for a in mine])
    edges = [(-1, -1), *pairs, (len(base), len(other))]
    alone = [(a + 1, b + 1) for (a, b), (c, d) in pairwise(edges) if (c - a, d - b) == (2, 2)]
    return sorted(pairs + alone)


def _weight(one: Counter, other: Counter) -> float:
    share = similarity(one, other)
    return share if share >= ALIKE else 0.0


def _best(weights: list[list[float]]) -> list[tuple[int, int]]:
    """Return the pairs, ascending on both sides, with the greatest total weight."""
    rows, columns = len(weights), len(weights[0])
    total = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in reversed(range(rows)):
        for j in reversed(range(columns)):
            paired = weights[i][j] + total[i + 1][j + 1] if weights[i][j] else 0.0
            total[i][j] = max(paired, total[i + 1][j], total[i][j + 1])
    pairs, i, j = [], 0, 0
    while i < rows and j < columns:
        if total[i][j] == total[i + 1][j]:
            i += 1
        elif total[i][j] == total[i][j + 1]:
            j += 1
        else:
            pairs.append((i, j))
            i, j = i + 1, j + 1
    return pairs


def _pairs(piece: str) -> Counter:
    words = "".join(without_tags(piece).split())
    return Counter(map("".join, pairwise(f"^{words}$")))
