"""Candidate pairs of near-duplicates: by locality-sensitive hashing of their signatures, never all pairs. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sources.text.minhash import BINS

WINDOW = 3 * 86_400  # seconds: what is published again later than that is another story
BAND = 2  # bins that must agree for two signatures to become a pair
SMALL = 200  # shingles: a shorter text leaves most bins empty, so one equal bin is enough
# Under one key an article is paired with so many that follow it. A key with more (shingles of boilerplate) says
# little, and a key that a whole story shares still links each of its articles to the next.
NEIGHBOURS = 3
LEAST_SHARED = 0.5  # of the shorter text's shingles, as signatures estimate it
LEAST_NUMBERS = 0.45  # of the number bins that both fill
AT_ONCE = 100_000
# At most sixteen million signatures at a time, which would be 2.8 GB.
OWNER_BITS, OWNER = np.uint64(24), np.uint64((1 << 24) - 1)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Positions of signatures that may be alike, the likelier ones first; `shared` is the estimate."""

    one: np.ndarray
    other: np.ndarray
    shared: np.ndarray

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return zip(self.one.tolist(), self.other.tolist(), strict=True)


def candidates(sketches: np.ndarray, moments: np.ndarray, is_new: np.ndarray) -> Pairs:
    """The pairs worth comparing. `moments` are seconds, ascending; of each pair at least one `is_new`."""
    one, other = _met(sketches, moments, is_new)
    parts = [
        _likely(sketches, one[at : at + AT_ONCE], other[at : at + AT_ONCE])
        for at in range(0, len(one), AT_ONCE)
    ]
    if not parts:
        return Pairs(one, other, np.empty(0))
    one, other, shared = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((other, one, -shared))
    return Pairs(one[order], other[order], shared[order])


def _met(sketches: np.ndarray, moments: np.ndarray, is_new: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs that are neighbours under at least one key, each pair once."""
    filed = np.sort(_filed(sketches))  # in the order of keys and, under one key, of time
    keys, owners = filed >> OWNER_BITS, (filed & OWNER).astype(np.int64)
    when, found = moments[owners], []
    for apart in range(1, NEIGHBOURS + 1):
        meet = (keys[:-apart] == keys[apart:]) & (when[apart:] - when[:-apart] <= WINDOW)
        at = np.flatnonzero(meet)
        one, other = owners[at], owners[at + apart]
        counts = is_new[one] | is_new[other]
        found.append(one[counts] * len(sketches) + other[counts])
    pairs = np.sort(np.concatenate(found))
    pairs = pairs[np.diff(pairs, prepend=-1) != 0]
    return np.divmod(pairs, len(sketches)) if len(sketches) else (pairs, pairs)


def _filed(sketches: np.ndarray) -> np.ndarray:
    """Each signature's position (the last OWNER_BITS) under each of its keys: bands, single bins of a short text,
    headline. A key is a column's number (8 bits) and its value (32 bits)."""
    places = np.arange(len(sketches), dtype=np.uint64)
    bins, short = sketches["bins"].astype(np.uint64), sketches["size"] < SMALL
    bands = (bins[:, ::BAND] << np.uint64(16)) | bins[:, 1::BAND]
    full = (bins[:, ::BAND] != 0) & (bins[:, 1::BAND] != 0)
    titles = sketches["title"].astype(np.uint64)[:, None]
    filed = []
    for values, counts, owners, first in (
        (bands, full, places, 0),
        (bins[short], bins[short] != 0, places[short], BINS),
        (titles, titles != 0, places, 2 * BINS),
    ):
        columns = np.arange(first, first + values.shape[1], dtype=np.uint64)
        keys = (columns << np.uint64(32)) | values
        filed.append(((keys << OWNER_BITS) | owners[:, None])[counts])
    return np.concatenate(filed)


def _likely(sketches: np.ndarray, one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, ...]:
    """Pairs whose signatures share enough shingles and do not differ in their numbers."""
    a, b = sketches["bins"][one], sketches["bins"][other]
    filled = np.count_nonzero(a | b, axis=1)
    same = np.count_nonzero((a == b) & (a != 0), axis=1) / np.maximum(filled, 1)
    sizes = sketches["size"][one].astype(float), sketches["size"][other].astype(float)
    shared = same / (1 + same) * (sizes[0] + sizes[1]) / np.maximum(np.minimum(*sizes), 1)
    a, b = sketches["numbers"][one], sketches["numbers"][other]
    both = np.count_nonzero((a != 0) & (b != 0), axis=1)
    agree = np.count_nonzero((a == b) & (a != 0), axis=1)
    likely = (shared >= LEAST_SHARED) & ((both < 3) | (agree >= LEAST_NUMBERS * both))
    likely |= (sizes[0] == 0) & (sizes[1] == 0)
    return one[likely], other[likely], np.minimum(shared[likely], 1)
