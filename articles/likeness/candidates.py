"""Which of many sketches may tell the same piece: found by an index of what they share, never by all pairs. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sources.text.sketches import BINS

WINDOW = 3 * 86_400  # seconds: what is told again later is another story
BAND = 2  # bins that must agree for two sketches to meet
SMALL = 200  # shingles: so short a text leaves most bins empty, and one that agrees is enough
# Under one key an article is held against so many that follow it. What stands in more (a boilerplate's shingles) says
# little, and what stands in all of a big story leads from each of its articles to the next.
NEIGHBOURS = 3
LEAST_SHARED = 0.5  # of the shorter text's shingles, as far as sketches can tell
LEAST_NUMBERS = 0.45  # of the number bins that both fill
AT_ONCE = 100_000


@dataclass(frozen=True, slots=True)
class Pairs:
    """Places of sketches that may be alike, the likelier ones first; `shared` is the estimate."""

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
    """Pairs that stand close to one another under one key or more, each once."""
    keys, owners = _keys(sketches)
    order = np.argsort(keys, kind="stable")  # within a key the order in time stays
    keys, owners = keys[order], owners[order]
    found = []
    for apart in range(1, NEIGHBOURS + 1):
        one, other = owners[:-apart], owners[apart:]
        meets = (keys[:-apart] == keys[apart:]) & (moments[other] - moments[one] <= WINDOW)
        meets &= (is_new[one] | is_new[other]) & (one != other)
        found.append(one[meets].astype(np.int64) * len(sketches) + other[meets])
    pairs = np.sort(np.concatenate(found))
    pairs = pairs[np.diff(pairs, prepend=-1) != 0]
    return np.divmod(pairs, len(sketches)) if len(sketches) else (pairs, pairs)


def _keys(sketches: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All keys under which sketches are filed, and whose each is: bands, single bins of short texts, headlines."""
    bins = sketches["bins"].astype(np.uint64)
    bands = (bins[:, ::BAND] << np.uint64(16)) | bins[:, 1::BAND]
    full = (bins[:, ::BAND] != 0) & (bins[:, 1::BAND] != 0)
    short = (sketches["size"] < SMALL)[:, None] & (bins != 0)
    title = sketches["title"].astype(np.uint64)[:, None]
    columns = [(bands, full, 0), (bins, short, BINS), (title, title != 0, 2 * BINS)]
    keys, owners = [], []
    for values, counts, first in columns:
        who, which = np.nonzero(counts)
        keys.append(values[who, which] | (np.uint64(first) + which.astype(np.uint64)) << np.uint64(32))
        owners.append(who.astype(np.int32))
    return np.concatenate(keys), np.concatenate(owners)


def _likely(sketches: np.ndarray, one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, ...]:
    """Those whose sketches share enough shingles and do not speak of other numbers."""
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
