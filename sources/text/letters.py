"""What of a text counts when texts are compared: letters and digits, in one width and case. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

SHINGLE = 5  # letters
_ADDRESS = re.compile(r"https?://[!-~]+")  # a machine's words
_DIGITS = (46, 57)  # "." to "9" without "/": what a number is written with
_BASE = np.uint32(0x9E3779B1)
_BASES = np.cumprod(np.full(32, _BASE, dtype=np.uint32), dtype=np.uint32)


def _counted() -> np.ndarray:
    """For each UTF-16 unit what it counts as: itself in lower case and half width, or 0 for nothing."""
    table = np.zeros(0x10000, dtype=np.uint16)
    for code in range(0x10000):
        char = chr(code - 0xFEE0 if 0xFF01 <= code <= 0xFF5E else code)
        if char.isalnum() or char in ".%" or 0xD800 <= code < 0xE000:
            table[code] = ord(char.lower()[0])
    return table


_COUNTED = _counted()


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of many texts in one array, one text after the other; text i stands in [starts[i], ends[i])."""

    codes: np.ndarray
    starts: np.ndarray
    ends: np.ndarray

    def of(self, index: int) -> np.ndarray:
        return self.codes[self.starts[index] : self.ends[index]]

    def strings(self) -> list[str]:
        """The letters of each text as a string."""
        codes = self.codes.tobytes()
        bounds = zip((self.starts * 2).tolist(), (self.ends * 2).tolist(), strict=True)
        return [codes[start:end].decode("utf-16-le", "surrogatepass") for start, end in bounds]


def letters(texts: Sequence[str]) -> Letters:
    """The letters and digits of each text (and what belongs to a number); spaces and punctuation are left out."""
    encoded = [_without_addresses(text).encode("utf-16-le", "surrogatepass") for text in texts]
    units = np.frombuffer(b"".join(encoded), dtype="<u2")
    codes = np.take(_COUNTED, units)
    kept = codes != 0
    bounds = pairwise(accumulate((len(one) // 2 for one in encoded), initial=0))
    # A count for each text; a running sum of all takes several times as long.
    ends = np.cumsum([np.count_nonzero(kept[start:end]) for start, end in bounds], dtype=np.int64)
    return Letters(codes[kept], np.concatenate([[0], ends[:-1]]).astype(np.int64), ends)


def _without_addresses(text: str) -> str:
    return _ADDRESS.sub(" ", text) if "http" in text else text


def shingles(codes: np.ndarray) -> np.ndarray:
    """A well mixed 32-bit hash of every five letters in a row: four fewer than letters, none of fewer than five."""
    if len(codes) < SHINGLE:
        return np.empty(0, dtype=np.uint32)
    codes = codes.astype(np.uint32)
    pairs = codes[:-1] * _BASE
    pairs += codes[1:]
    fours = pairs[:-2] * _BASES[1]
    fours += pairs[2:]
    fives = fours[:-1] * _BASE
    fives += codes[4:]
    return _mixed(fives)


def numbers(codes: np.ndarray, cuts: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Every number written in the letters: where it begins, and a hash of it. No number goes over a cut."""
    places = np.flatnonzero((codes >= _DIGITS[0]) & (codes <= _DIGITS[1]) & (codes != 47))
    breaks = np.diff(places, prepend=-9) != 1
    if cuts is not None:
        breaks |= np.isin(places, cuts)
    starts = np.flatnonzero(breaks)
    if not len(starts):
        return starts, starts.astype(np.uint32)
    within = np.arange(len(places)) - np.repeat(starts, np.diff(starts, append=len(places)))
    terms = codes[places] * _BASES[np.minimum(within, 31)]
    return places[starts], _mixed(np.add.reduceat(terms, starts, dtype=np.uint32))


def _mixed(hashes: np.ndarray) -> np.ndarray:
    """In place: every bit of the result depends on every bit of the hash (the finisher known as lowbias32)."""
    hashes ^= hashes >> np.uint32(16)
    hashes *= np.uint32(0x7FEB352D)
    hashes ^= hashes >> np.uint32(15)
    hashes *= np.uint32(0x846CA68B)
    hashes ^= hashes >> np.uint32(16)
    return hashes
