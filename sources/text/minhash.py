"""A text boiled down to 170 bytes by which near-duplicates are found without reading them again. Pure.

One-permutation MinHash: every five letters in a row (a shingle) are hashed; the hash's first bits choose one of 64
bins, and each bin keeps the smallest that falls into it. Two texts agree in about as large a share of their bins as
they share of their shingles. The numbers in the text are kept likewise in 32 bins of their own: notices that
differ in nothing but company and figures share most shingles, but few numbers.
"""

from collections.abc import Sequence
from zlib import crc32

import numpy as np

from sources.text.letters import Letters, letters, numbers, shingles

BINS, NUMBER_BINS = 64, 32
# 0 is an empty bin. `size` counts shingles, as far as two bytes reach.
LAYOUT = np.dtype([("size", "<u2"), ("title", "<u4"), ("bins", "<u2", BINS), ("numbers", "u1", NUMBER_BINS)])
AT_ONCE = 100  # texts: their arrays fit the processor's cache; five times as many take twice the time each
_HIGHEST = 0xFFFF


def signatures(articles: Sequence[tuple[str, str]]) -> np.ndarray:
    """A row of LAYOUT for each (title, text). The title gives only a key by which equal headlines meet."""
    made = np.zeros(len(articles), dtype=LAYOUT)
    for start in range(0, len(articles), AT_ONCE):
        some = articles[start : start + AT_ONCE]
        rows = made[start : start + AT_ONCE]
        titles = letters([title for title, _ in some])
        rows["title"] = [_title_key(titles.of(index)) for index in range(len(some))]
        _fill(rows, letters([text for _, text in some]))
    return made


def read_signatures(rows: Sequence[bytes]) -> np.ndarray:
    """Sketches as they were kept, one row each."""
    return np.frombuffer(b"".join(rows), dtype=LAYOUT)


def _fill(rows: np.ndarray, found: Letters) -> None:
    lengths = found.ends - found.starts
    rows["size"] = np.minimum(np.maximum(lengths - 4, 0), _HIGHEST)
    owners = np.repeat(np.arange(len(rows)), lengths)
    hashes = shingles(found.codes)
    whole = owners[: len(hashes)] == owners[4:]  # the others reach into the next text
    rows["bins"] = _smallest(hashes[whole], owners[: len(hashes)][whole], len(rows), BINS, 6, _HIGHEST)
    places, hashes = numbers(found.codes, found.starts)
    rows["numbers"] = _smallest(hashes, owners[places], len(rows), NUMBER_BINS, 5, 0xFF)


def _smallest(hashes, owners, count: int, bins: int, bits: int, highest: int) -> np.ndarray:
    """For each owner the smallest hash in each bin, as its next bits say it and never 0; 0 where there is none."""
    least = np.full(count * bins, 0xFFFFFFFF, dtype=np.uint32)
    np.minimum.at(least, owners * bins + (hashes >> np.uint32(32 - bits)), hashes << np.uint32(bits))
    shift = np.uint32(32 - highest.bit_length())
    values = np.where(least == 0xFFFFFFFF, 0, np.maximum(least >> shift, 1))
    return values.reshape(count, bins)


def _title_key(codes: np.ndarray) -> int:
    return crc32(codes.tobytes()) if len(codes) else 0
