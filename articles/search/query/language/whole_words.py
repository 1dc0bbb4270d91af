"""Whether a word stands in a text as a word of its own. Pure.

It does not as the end of one word and the beginning of the next (工行 in 罢工行动), nor as another country's body
(央行 in 欧洲央行).
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from articles.search.index.tokens import dictionary
from articles.search.query.language.organs import is_foreign
from sources.text.folding import fold_evenly

AROUND = 5  # characters of the text on either side of a word that tell how it is to be cut
MOST_LOOKS = 4  # places in a text
LONGEST_NEEDLE = 6  # characters: longer words are never met by chance
BREAK = "\n"


@dataclass(slots=True)
class _Look:
    """Looking for one needle in one text: its next place from `at` on, and how many were looked at."""

    text: str
    forms: Sequence[str]
    at: int = 0
    looks: int = 0
    place: int = -1
    found: str = ""

    def advance(self) -> bool:
        """Go to the next place; False if there is none, or there were enough."""
        if self.looks >= MOST_LOOKS:
            return False
        places = [(place, form) for form in self.forms if (place := self.text.find(form, self.at)) >= 0]
        if not places and not self.looks:
            self.text = fold_evenly(self.text)
            places = [(place, form) for form in self.forms if (place := self.text.find(form)) >= 0]
        if not places:
            return False
        self.place, self.found = min(places)
        self.at, self.looks = self.place + 1, self.looks + 1
        return True


def cut_through(texts: Sequence[str], needles: Sequence[Sequence[str]]) -> list[bool]:
    """For each text, whether one of the needles (each: its spellings, folded) stands in it, but never as a word of its
    own."""
    told = [False] * len(texts)
    for forms in needles:
        looking = {place: look for place, text in enumerate(texts) if (look := _Look(text, forms)).advance()}
        while looking:
            whole = _are_whole([*looking.values()])
            ended = {}
            for (place, look), is_whole in zip(looking.items(), whole, strict=True):
                if not is_whole and look.advance():
                    ended[place] = look
                elif not is_whole:
                    told[place] = True
            looking = ended
    return told


def _are_whole(looks: Sequence[_Look]) -> list[bool]:
    """Whether each needle is a word where it stands now. Their surroundings are cut in one go."""
    starts = [max(0, one.place - AROUND) for one in looks]
    around = [
        one.text[start : one.place + len(one.found) + AROUND].replace(BREAK, " ")
        for one, start in zip(looks, starts, strict=True)
    ]
    joined = fold_evenly(BREAK.join(around))
    cut = dictionary().cut(joined, False)
    ends = list(accumulate(map(len, cut)))
    told, offset = [], 0
    for one, start, piece in zip(looks, starts, around, strict=True):
        begin = offset + one.place - start
        before = joined[max(0, begin - AROUND) : begin].rpartition(BREAK)[2]
        is_word = _is_word(joined, begin, begin + len(one.found), cut, ends)
        told.append(is_word and not is_foreign(before, one.found))
        offset += len(piece) + len(BREAK)
    return told


def _is_word(text: str, begin: int, end: int, cut: Sequence[str], ends: Sequence[int]) -> bool:
    if _goes_on(text[begin - 1 : begin], text[begin], text[begin - 2 : begin - 1]):
        return False
    if _goes_on(text[end : end + 1], text[end - 1], text[end + 1 : end + 2]):
        return False
    first, last = bisect_right(ends, begin), bisect_right(ends, end - 1)
    opens, closes = ends[first] - len(cut[first]), ends[last]
    if (opens, closes) == (begin, end):
        return True
    needle = text[begin:end]
    if first == last:  # within one word of the dictionary: 银行 in 建设银行, but not 国人 in 中国人民银行
        before, after = text[opens:begin], text[end:closes]
        return dictionary().has_word(needle) and not (before and after and _singles(before) + _singles(after))
    if dictionary().has_word(needle):
        return False
    # A name that no dictionary has: whether the text falls into fewer crumbs with it than without.
    left, right = text[opens:begin], text[end:closes]
    with_it = _singles(left) + _singles(right)
    return with_it < sum(len(word) == 1 for word in cut[first : last + 1])


def _singles(text: str) -> int:
    return sum(len(word) == 1 for word in dictionary().cut(text, False)) if text else 0


def _goes_on(other: str, edge: str, beyond: str) -> bool:
    """Whether a number or a Latin word goes on past its edge."""
    if not (other and edge.isascii() and edge.isalnum()):
        return False
    if edge.isdigit():
        return other.isdigit() or (other in ".," and beyond.isdigit())
    return other.isascii() and other.isalpha()
