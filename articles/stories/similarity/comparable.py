"""An article's text prepared for comparison, and the passages in which two texts differ. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sources.text.letters import SHINGLE, letters, shingles

_HAN_FIGURES = "一二三四五六七八九十百零〇"
_FIGURES = f"0123456789.第{_HAN_FIGURES}"
_DIGITS = "0123456789"
# Emoji and rarer characters are two units of UTF-16 and one letter of a text: another letter stands in for them, so
# that a place in the one is a place in the other.
_RARE, _STAND_IN = re.compile("[\U00010000-\U0010ffff]"), "\ua000"
MOST_MARKS = 5_000
LONGEST_FIGURE = 40  # characters beside a passage: longer runs are not numbers
TIMES_OVER = 10  # how often a text may be scanned for passages of another; parts of one passage are adjacent
ITEM = 12  # letters: items between two 、 of a list are shorter


@dataclass(frozen=True)
class Piece:
    """One article's text, prepared for comparison."""

    title: str
    text: str
    # As they were written.
    headline: str
    written: str
    at: int  # seconds since 1970

    @classmethod
    def all_of(cls, articles: Sequence[tuple[str, str, int]]) -> list["Piece"]:
        """A piece for each (title, text, moment)."""
        titles, texts, moments = zip(*articles, strict=True)
        bare = [_RARE.sub(_STAND_IN, text) for text in texts]
        columns = letters(titles).strings(), letters(bare).strings(), titles, bare, moments
        return [cls(*row) for row in zip(*columns, strict=True)]

    @cached_property
    def title_twos(self) -> set[str]:
        return twos(self.title)

    @cached_property
    def hashes(self) -> np.ndarray:
        return shingles(np.frombuffer(self.text.encode("utf-16-le", "surrogatepass"), dtype="<u2"))

    @cached_property
    def index(self) -> tuple[np.ndarray, np.ndarray]:
        """The hashes in order, and the position of each in the text."""
        order = np.argsort(self.hashes, kind="stable")
        return self.hashes[order], order

    @cached_property
    def marks(self) -> np.ndarray:
        """The positions of letters that follow a 、."""
        return letters(self.written.split("、", MOST_MARKS)).ends[:-1]

    def places_in(self, other: "Piece") -> np.ndarray:
        """For each of our shingles the first position in the other text, or -1."""
        known, order = other.index
        if not len(known):
            return np.full(len(self.hashes), -1)
        at = np.minimum(np.searchsorted(known, self.hashes), len(known) - 1)
        return np.where(known[at] == self.hashes, order[at], -1)


@dataclass(frozen=True, slots=True)
class Replaced:
    """Two passages that replace each other, extended to whole numbers."""

    ours: str
    theirs: str
    # Whether both texts begin or both end with it: credits, and text that was cut off or added.
    is_edge: bool = False
    is_list: bool = False

    @property
    def both(self) -> tuple[str, str]:
        return self.ours, self.theirs

    @property
    def short(self) -> int:
        return min(map(len, self.both))

    @property
    def long(self) -> int:
        return max(map(len, self.both))


def replaced(small: Piece, large: Piece, places: np.ndarray) -> list[Replaced]:
    """Every passage of the small text that the large one replaces."""
    return [
        _whole_numbers(small, start, end, large, left, right)
        for start, end, left, right in _aligned(small, large, places)
        if left < right
    ]


def grown(large: Piece, small: Piece) -> list[Replaced]:
    """Every passage of the large text between figures that are adjacent in the small one."""
    return [
        _whole_numbers(large, start, end, small, left, right)
        for start, end, left, right in _aligned(large, small, large.places_in(small))
        if left == right and any(near in _DIGITS for near in small.text[max(left - 1, 0) : left + 1])
    ]


def twos(text: str) -> set[str]:
    """Every two letters in a row."""
    return {text[at : at + 2] for at in range(len(text) - 1)}


def _aligned(one: Piece, other: Piece, places: np.ndarray) -> Iterator[tuple[int, int, int, int]]:
    """Each passage that the other lacks (start, end), and the positions of its neighbours there (left, right).

    Where these jump to and fro, what lies between them is cut short once that has come to many times the text.
    """
    left_over = TIMES_OVER * len(other.text)
    for start, end in _gaps(places, len(one.text)):
        left = int(places[start - SHINGLE]) + SHINGLE if start else 0
        right = int(places[end]) if end < len(one.text) else len(other.text)
        if right > left:
            right = min(right, left + max(left_over, LONGEST_FIGURE))
            left_over -= right - left
        yield start, end, left, right


def _gaps(places: np.ndarray, length: int) -> list[tuple[int, int]]:
    """The passages that no shared shingle covers, as (start, end)."""
    covered = np.zeros(length + 1, dtype=np.int32)
    shared = np.flatnonzero(places >= 0)
    covered[shared] += 1
    covered[shared + SHINGLE] -= 1
    is_open = np.cumsum(covered)[:length] == 0
    edges = np.flatnonzero(np.diff(np.concatenate([[0], is_open.view(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _whole_numbers(one: Piece, start: int, end: int, other: Piece, left: int, right: int) -> Replaced:
    """Both passages, extended by adjacent digits of a number that begins or ends in them."""
    is_edge = start == 0 or end == len(one.text)
    is_list = _is_list(one, start, end) and _is_list(other, left, right)
    ours, theirs = slice(*_widened(one.text, start, end)), slice(*_widened(other.text, left, right))
    return Replaced(one.text[ours], other.text[theirs], is_edge, is_list)


def _is_list(one: Piece, start: int, end: int) -> bool:
    first, last = np.searchsorted(one.marks, (start, end + 1))
    return bool(first < last) and end - start <= ITEM * int(last - first + 1)


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    first, last = max(start - LONGEST_FIGURE, 0), min(end + LONGEST_FIGURE, len(text))
    while start > first and text[start - 1] in _FIGURES:
        start -= 1
    while end < last and text[end] in _FIGURES:
        end += 1
    return start, end
