"""Whether two articles tell the same piece, judged by their very words. Pure.

Who takes a piece over cuts it, adds to it, gives it another headline and credit: what is left stands word for word.
A serial notice keeps the words too, but puts other figures or another company in their places. So it is not
how much differs that decides, but how: what was left out or added weighs little, what was put in place of
something else weighs much.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sources.text.letters import SHINGLE, letters, shingles

LEAST_CONTAINED = 0.6  # of the shorter text's shingles must stand in the longer one
ENOUGH = 0.75  # from here on the headlines may differ as they like
MUCH_SHORTER = 0.4  # of the other's length: a true excerpt, or one item of a round-up; the headlines tell
LEAST_OF_EXCERPT = 0.9
LEAST_OF_TITLE = 0.5  # of the shorter headline's pairs of letters
FEW_LETTERS = 12  # in so short a text only equality counts
SHORT = 200  # letters: may be no more than furniture of the site, so each headline must speak of the other's words
LEAST_ABOUT = 0.35  # of a headline's pairs of letters
WORDS = 24  # letters: up to here something put in the place of something is a word, a name, a figure
WORDS_APART = 50  # letters: closer together, exchanged words are no rewording
OFTEN = 3  # times the same word in the place of the same other: no rewording, another subject
_HAN_FIGURES = "一二三四五六七八九十百零〇"
_FIGURES = f"0123456789.第{_HAN_FIGURES}"
_DIGITS = "0123456789"
_NUMBER = re.compile(rf"[0-9]+(?:\.[0-9]+)?|第[{_HAN_FIGURES}]+")


@dataclass(frozen=True)
class Piece:
    """One article's words, made ready to be compared with others."""

    title: str
    text: str

    @classmethod
    def all_of(cls, articles: Sequence[tuple[str, str]]) -> list["Piece"]:
        """A piece for each (title, text)."""
        titles, texts = (letters(column).strings() for column in zip(*articles, strict=True))
        return [cls(*both) for both in zip(titles, texts, strict=True)]

    @cached_property
    def title_twos(self) -> set[str]:
        return _twos(self.title)

    @cached_property
    def hashes(self) -> np.ndarray:
        return shingles(np.frombuffer(self.text.encode("utf-16-le", "surrogatepass"), dtype="<u2"))

    @cached_property
    def index(self) -> tuple[np.ndarray, np.ndarray]:
        """The hashes in order, and where in the text each stands."""
        order = np.argsort(self.hashes, kind="stable")
        return self.hashes[order], order

    def places_in(self, other: "Piece") -> np.ndarray:
        """For each of our shingles the first place where the other has it, or -1."""
        known, order = other.index
        if not len(known):
            return np.full(len(self.hashes), -1)
        at = np.minimum(np.searchsorted(known, self.hashes), len(known) - 1)
        return np.where(known[at] == self.hashes, order[at], -1)


@dataclass(frozen=True, slots=True)
class Replaced:
    """What stands in one text where the other has something else, with the rest of the numbers they belong to."""

    ours: str
    theirs: str


def likeness(one: Piece, other: Piece) -> float:
    """How much of the shorter text stands in the longer, LEAST_CONTAINED to 1; 0 if they are not the same piece."""
    if one.text == other.text and (one.title == other.title or len(one.text) >= SHORT):
        return 1.0
    titles_meet = _titles_meet(one, other)
    if titles_meet and _other_figures(Replaced(one.title, other.title)) or _other_subjects(one, other):
        return 0.0
    small, large = (one, other) if len(one.text) <= len(other.text) else (other, one)
    if len(small.text) < FEW_LETTERS:
        return float(one.text == other.text and one.title == other.title)
    places = small.places_in(large)
    contained = float(np.mean(places >= 0))
    is_excerpt = len(small.text) < MUCH_SHORTER * len(large.text)
    if contained < (LEAST_OF_EXCERPT if is_excerpt else LEAST_CONTAINED):
        return 0.0
    if not titles_meet and (is_excerpt or contained < ENOUGH):
        return 0.0
    if len(small.text) < SHORT and not _heads_fit(one, other, titles_meet):
        return 0.0
    if _speaks_of_another(small, large, replaced(small, large, places)):
        return 0.0
    # 5% that has become 15%: nothing was put in its place, and yet it is another figure.
    return 0.0 if any(map(_other_figures, grown(large, small))) else contained


# ------------------------------------------------------------------ what stands in place of what
def replaced(small: Piece, large: Piece, places: np.ndarray) -> list[Replaced]:
    """Every passage of the small text in whose place the large one has another."""
    return [
        _whole_numbers(small.text, start, end, large.text, left, right)
        for start, end, left, right in _aligned(small, large, places)
        if left < right
    ]


def grown(large: Piece, small: Piece) -> list[Replaced]:
    """Every passage that stands in the large text between figures which the small one has side by side."""
    return [
        _whole_numbers(large.text, start, end, small.text, left, right)
        for start, end, left, right in _aligned(large, small, large.places_in(small))
        if left == right and any(near in _DIGITS for near in small.text[max(left - 1, 0) : left + 1])
    ]


def _aligned(one: Piece, other: Piece, places: np.ndarray) -> Iterator[tuple[int, int, int, int]]:
    """Each passage that the other lacks (start, end), and where it has its neighbours (left, right)."""
    for start, end in _gaps(places, len(one.text)):
        left = int(places[start - SHINGLE]) + SHINGLE if start else 0
        right = int(places[end]) if end < len(one.text) else len(other.text)
        yield start, end, left, right


def _gaps(places: np.ndarray, length: int) -> list[tuple[int, int]]:
    """The passages that no shared shingle covers, as (start, end)."""
    covered = np.zeros(length + 1, dtype=np.int32)
    shared = np.flatnonzero(places >= 0)
    np.add.at(covered, shared, 1)
    np.add.at(covered, shared + SHINGLE, -1)
    is_open = np.cumsum(covered)[:length] == 0
    edges = np.flatnonzero(np.diff(np.concatenate([[0], is_open.view(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _whole_numbers(ours: str, start: int, end: int, theirs: str, left: int, right: int) -> Replaced:
    """Both passages with the digits on either side that belong to a number which begins or ends in them."""
    return Replaced(ours[slice(*_widened(ours, start, end))], theirs[slice(*_widened(theirs, left, right))])


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and text[start - 1] in _FIGURES:
        start -= 1
    while end < len(text) and text[end] in _FIGURES:
        end += 1
    return start, end


# ------------------------------------------------------------------ what it means
def _speaks_of_another(small: Piece, large: Piece, passages: list[Replaced]) -> bool:
    """Whether other figures or another name were put in, as a serial does."""
    if any(_other_figures(passage) for passage in passages):
        return True
    words = [one for one in passages if len(one.ours) <= WORDS and len(one.theirs) <= WORDS]
    if len(words) * WORDS_APART > len(small.text) and len(words) > 1:
        return True
    if any(count >= OFTEN for count in Counter(words).values()):
        return True
    mine, theirs = small.title_twos, large.title_twos
    return any(_twos(one.ours) & (mine - theirs) and _twos(one.theirs) & (theirs - mine) for one in words)


def _other_figures(passage: Replaced) -> bool:
    """In a few words one figure that was exchanged is enough; of longer passages most must be."""
    ours, theirs = set(_NUMBER.findall(passage.ours)), set(_NUMBER.findall(passage.theirs))
    if ours <= theirs or theirs <= ours:
        return False
    if len(passage.ours) <= WORDS and len(passage.theirs) <= WORDS:
        return True
    fewer = min(len(ours), len(theirs))
    return fewer > 1 and len(ours & theirs) <= fewer / 2


def _titles_meet(one: Piece, other: Piece) -> bool:
    """Whether most of the shorter headline stands in the longer."""
    mine, theirs = one.title_twos, other.title_twos
    return len(mine & theirs) >= LEAST_OF_TITLE * max(min(len(mine), len(theirs)), 1)


def _other_subjects(one: Piece, other: Piece) -> bool:
    """Whether each headline has a word that its own text has and neither the other headline nor the other text."""
    return _has_its_own(one, other) and _has_its_own(other, one)


def _has_its_own(one: Piece, other: Piece) -> bool:
    return any(two in one.text and two not in other.text for two in one.title_twos - other.title_twos)


def _heads_fit(one: Piece, other: Piece, titles_meet: bool) -> bool:
    """For a short text: each headline must be about the other's words, and not two of one form about two subjects."""
    if not (_is_about(one, other) and _is_about(other, one)):
        return False
    return not (titles_meet and _names_another(one, other) and _names_another(other, one))


def _is_about(one: Piece, other: Piece) -> bool:
    """Whether the other's headline and words hold a good part of this one's headline."""
    found = sum(two in other.text or two in other.title_twos for two in one.title_twos)
    return found >= LEAST_ABOUT * len(one.title_twos)


def _names_another(one: Piece, other: Piece) -> bool:
    """Whether most of what this headline has for itself does not occur in the other's words."""
    own = one.title_twos - other.title_twos
    return sum(two not in other.text for two in own) * 2 > len(own)


def _twos(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}
