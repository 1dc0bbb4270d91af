"""Tokens of a text: the words of the folded text, and its pairs (character bigrams). Pure.

Texts and queries use the same functions. Folding works character by character, so a substring of a text folds to a
substring of the folded text. Its pairs then occur in the text's pairs in the same order: that is how every substring
is found, wherever the dictionary cuts words.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import accumulate, pairwise
from types import ModuleType

import numpy as np

from sources.text.folding import (
    BREAK,
    SPACE,
    SPELT,
    fold,
    from_utf16_units,
    letters_table,
    squeezed,
    utf16_units,
)

LONGEST_WORD = 40  # characters: longer ones are addresses or generated strings, which their pairs find


def words(folded: str) -> list[str]:
    """The words of a folded text, in order, without spaces and punctuation."""
    return [word for word in cut(folded).split() if len(word) <= LONGEST_WORD]


def cut(folded: str) -> str:
    """Like `words`, joined by one or more spaces; words over LONGEST_WORD are still in it."""
    units = utf16_units(folded)
    return " ".join(dictionary().cut(from_utf16_units(np.where(letters_table().take(units), units, SPACE))))


def load() -> None:
    """Load the dictionary and tables now: before a fork, so that children share them, or before the first search."""
    cut(fold("预热"))


def pairs(folded: str) -> list[str]:
    """The pairs of adjacent characters of a folded text, without its spaces; a single character stands alone."""
    close = squeezed(folded)
    return [close[at : at + 2] for at in range(len(close) - 1)] or [close][: len(close)]


def paired(folded: str) -> str:
    """Like `pairs`, joined by spaces. Built with numpy: a text of a thousand characters has a thousand pairs."""
    return _paired(squeezed(folded))


def _paired(close: str) -> str:
    if len(close) < 2:
        return close
    encoding, units = "utf-16-le", utf16_units(close)
    if len(units) > len(close):  # contains characters beyond 16 bits; otherwise UTF-16 halves the bytes
        encoding, units = "utf-32-le", np.frombuffer(close.encode("utf-32-le"), dtype="<u4")
    made = np.full((len(close) - 1, 3), ord(" "), dtype=units.dtype)
    made[:, 0], made[:, 1] = units[:-1], units[1:]
    return str(made.data, encoding, "surrogatepass")[:-1]


# A number and its unit, as far as a few characters tell it: 12.5%, 3,500点, 1.2万亿元, 5g.
_FIGURE = re.compile(
    r"[0-9][0-9]*+(?:,(?<![0-9]{4},)[0-9]{3}(?:,[0-9]{3})*+(?![0-9]))?+(?:\.[0-9]++)*+"  # a class first: quick to scan
    r"(?: ?(?:[%‰°]|[a-z]{1,4}(?![a-z])|[十百千万亿]{0,3}[一-鿿]?))?"
)


def figures(folded: str) -> str:
    """The figures of a folded text, one per line, without the commas between thousands."""
    return "\n".join(_FIGURE.findall(folded)).replace(" ", "").replace(",", "")


# ------------------------------------------------------------------ many texts
def fold_all(texts: Sequence[str]) -> list[str]:
    """`fold` of each. These functions work on the joined texts: for a headline, the set-up costs more than the work."""
    return _all_at_once(fold, texts)


def cut_all(folded: Sequence[str]) -> list[str]:
    """`cut` of each."""
    return _all_at_once(cut, folded)


def squeezed_all(folded: Sequence[str]) -> list[str]:
    """`squeezed` of each."""
    return _all_at_once(squeezed, folded)


def paired_all(close: Sequence[str]) -> list[str]:
    """`paired` of each; the texts are squeezed already."""
    made = f"{_paired(''.join(close))} "
    places = pairwise(accumulate(map(len, close), initial=0))
    # Three output characters per pair. At a seam stands a pair of characters from two texts, which is skipped.
    return [
        made[3 * start : 3 * end - 4] if end - start > 1 else one
        for one, (start, end) in zip(close, places, strict=True)
    ]


def _all_at_once(work: Callable[[str], str], texts: Sequence[str]) -> list[str]:
    if not texts:
        return []
    done = work(BREAK.join(texts)).split(BREAK)
    # The count differs if a text contains BREAK itself, which no editor can type; then do them one by one.
    return done if len(done) == len(texts) else list(map(work, texts))


@cache
def dictionary() -> ModuleType:
    """The dictionary that cuts words, with the words that look odd in folded letters."""
    import rjieba  # takes 0.1 s and 40 MB, and most commands never need it

    for word in SPELT:
        rjieba.add_word(fold(word), None, None)
    return rjieba
