"""The characters that count when texts are compared: letters and digits, with width and case normalised. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

SHINGLE = 5  # letters per shingle
_ADDRESS = re.compile(r"https?://[!-~]+")  # URLs are not prose
_DIGITS = (46, 57)  # "." to "9" without "/": the characters of a number
_BASE = np.uint32(0x9E3779B1)
_BASES = np.cumprod(np.full(32, _BASE, dtype=np.uint32), dtype=np.uint32)


def _counted() -> np.ndarray:
    """Map each UTF-16 unit to its lower-case, half-width form, or to 0 if it does not count."""
    table = np.zeros(0x10000, dtype=np.uint16)
    for code in range(0x10000):
        char = chr(code - 0xFEE0 if 0xFF01 <= code <= 0xFF5E else code)
        if char.isalnum() or char in ".%" or 0xD800 <= code < 0xE000:
            table[code] = ord(char.lower()[0])
    return table


_COUNTED = _counted()


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of many texts in one array; text i is codes[starts[i]:ends[i]]."""

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
    """Extract the letters and digits of each text, with "." and "%"; drop spaces and other punctuation."""
    encoded = [_without_addresses(text).encode("utf-16-le", "surrogatepass") for text in texts]
    units = np.frombuffer(b"".join(encoded), dtype="<u2")
    codes = np.take(_COUNTED, units)
    kept = codes != 0
    bounds = pairwise(accumulate((len(one) // 2 for one in encoded), initial=0))
    # Count text by text: a cumulative sum over everything takes several times as long.
    ends = np.cumsum([np.count_nonzero(kept[start:end]) for start, end in bounds], dtype=np.int64)
    return Letters(codes[kept], np.concatenate([[0], ends[:-1]]).astype(np.int64), ends)


def _without_addresses(text: str) -> str:
    return _ADDRESS.sub(" ", text) if "http" in text else text


def shingles(codes: np.ndarray) -> np.ndarray:
    """Return a well-mixed 32-bit hash of each run of five letters: four fewer than letters, none below five letters."""
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
    """Return the start and the hash of every number in the letters. No number crosses a position in `cuts`."""
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
    """Mix the bits in place: each output bit depends on each input bit (the lowbias32 finalizer)."""
    hashes ^= hashes >> np.uint32(16)
    hashes *= np.uint32(0x7FEB352D)
    hashes ^= hashes >> np.uint32(15)
    hashes *= np.uint32(0x846CA68B)
    hashes ^= hashes >> np.uint32(16)
    return hashes
