"""MinHash signatures: 170 bytes per text that find near-duplicates without reading the texts again. Pure.

One-permutation MinHash: each run of five letters (a shingle) is hashed; the hash's top bits select one of 64 bins, and
each bin keeps its smallest hash. The share of equal bins estimates the share of common shingles. Numbers in the text
are kept the same way in 32 bins of their own, because notices that differ only in company and figures share most
shingles but few numbers.
"""

from collections.abc import Sequence
from zlib import crc32

import numpy as np

from sources.text.letters import Letters, letters, numbers, shingles

BINS, NUMBER_BINS = 64, 32
# 0 is an empty bin. `size` is the number of shingles, capped at two bytes.
LAYOUT = np.dtype([("size", "<u2"), ("title", "<u4"), ("bins", "<u2", BINS), ("numbers", "u1", NUMBER_BINS)])
# texts: their arrays fit the CPU cache; batches five times as large take twice as long per text
AT_ONCE = 100
_HIGHEST = 0xFFFF


def signatures(articles: Sequence[tuple[str, str]]) -> np.ndarray:
    """Return one row of LAYOUT per (title, text). The title is only stored as a key for equal headlines."""
    made = np.zeros(len(articles), dtype=LAYOUT)
    for start in range(0, len(articles), AT_ONCE):
        some = articles[start : start + AT_ONCE]
        rows = made[start : start + AT_ONCE]
        titles = letters([title for title, _ in some])
        rows["title"] = [_title_key(titles.of(index)) for index in range(len(some))]
        _fill(rows, letters([text for _, text in some]))
    return made


def read_signatures(rows: Sequence[bytes]) -> np.ndarray:
    """Return stored signatures as an array, one row each."""
    return np.frombuffer(b"".join(rows), dtype=LAYOUT)


def _fill(rows: np.ndarray, found: Letters) -> None:
    lengths = found.ends - found.starts
    rows["size"] = np.minimum(np.maximum(lengths - 4, 0), _HIGHEST)
    owners = np.repeat(np.arange(len(rows)), lengths)
    hashes = shingles(found.codes)
    whole = owners[: len(hashes)] == owners[4:]  # the other shingles reach into the next text
    rows["bins"] = _smallest(hashes[whole], owners[: len(hashes)][whole], len(rows), BINS, 6, _HIGHEST)
    places, hashes = numbers(found.codes, found.starts)
    rows["numbers"] = _smallest(hashes, owners[places], len(rows), NUMBER_BINS, 5, 0xFF)


def _smallest(hashes, owners, count: int, bins: int, bits: int, highest: int) -> np.ndarray:
    """Return each owner's smallest hash per bin, from the bits after the bin number: at least 1; 0 for an empty bin."""
    least = np.full(count * bins, 0xFFFFFFFF, dtype=np.uint32)
    np.minimum.at(least, owners * bins + (hashes >> np.uint32(32 - bits)), hashes << np.uint32(bits))
    shift = np.uint32(32 - highest.bit_length())
    values = np.where(least == 0xFFFFFFFF, 0, np.maximum(least >> shift, 1))
    return values.reshape(count, bins)


def _title_key(codes: np.ndarray) -> int:
    return crc32(codes.tobytes()) if len(codes) else 0
