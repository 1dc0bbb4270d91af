"""What of a text is looked for: folded letters, the words they make, and every two that stand side by side. Pure.

The same for a text and for what a reader types. A text is folded character by character, so that a piece of a text
folds to a piece of the folded text; with that, all pairs of a piece stand in the text in the same order, which is how
every substring is found, however a dictionary would cut it.
"""

from collections.abc import Callable, Sequence
from functools import cache
from itertools import accumulate, pairwise

import numpy as np

from sources.text.folding import BREAK, SPACE, fold, from_utf16_units, letters_table, squeezed, utf16_units

LONGEST_WORD = 40  # characters: what is longer is an address or a machine's, and found by its pairs


def words(folded: str) -> list[str]:
    """The words of a folded text in order, without spaces and signs."""
    return [word for word in cut(folded).split() if len(word) <= LONGEST_WORD]


def cut(folded: str) -> str:
    """As `words`, joined by spaces, one or more; endless ones are still in it."""
    units = utf16_units(folded)
    return " ".join(_dictionary()(from_utf16_units(np.where(letters_table().take(units), units, SPACE))))


def load() -> None:
    """Load dictionary and tables now: before processes are forked, who then have them, or before a reader waits."""
    cut(fold("预热"))


def pairs(folded: str) -> list[str]:
    """Every two characters of a folded text that stand side by side, spaces left out; one alone stands for itself."""
    close = squeezed(folded)
    return [close[at : at + 2] for at in range(len(close) - 1)] or [close][: len(close)]


def paired(folded: str) -> str:
    """As `pairs`, joined by spaces: made at once, since a text of a thousand characters has as many pairs."""
    return _paired(squeezed(folded))


def _paired(close: str) -> str:
    if len(close) < 2:
        return close
    encoding, units = "utf-16-le", utf16_units(close)
    if len(units) > len(close):  # a rarer character among them; else half as much is written and read back
        encoding, units = "utf-32-le", np.frombuffer(close.encode("utf-32-le"), dtype="<u4")
    made = np.full((len(close) - 1, 3), ord(" "), dtype=units.dtype)
    made[:, 0], made[:, 1] = units[:-1], units[1:]
    return str(made.data, encoding, "surrogatepass")[:-1]


# ------------------------------------------------------------------ many texts
def fold_all(texts: Sequence[str]) -> list[str]:
    """`fold` of each. At once, as in all of these: for a headline, beginning costs more than the work."""
    return _all_at_once(fold, texts)


def cut_all(folded: Sequence[str]) -> list[str]:
    """`cut` of each."""
    return _all_at_once(cut, folded)


def squeezed_all(folded: Sequence[str]) -> list[str]:
    """`squeezed` of each."""
    return _all_at_once(squeezed, folded)


def paired_all(close: Sequence[str]) -> list[str]:
    """`paired` of each; they are squeezed already."""
    made = f"{_paired(''.join(close))} "
    places = pairwise(accumulate(map(len, close), initial=0))
    # Three characters of it to a pair; where two texts meet stands one that neither has.
    return [
        made[3 * start : 3 * end - 4] if end - start > 1 else one
        for one, (start, end) in zip(close, places, strict=True)
    ]


def _all_at_once(work: Callable[[str], str], texts: Sequence[str]) -> list[str]:
    if not texts:
        return []
    done = work(BREAK.join(texts)).split(BREAK)
    # A text that has the sign itself, which no editor can type.
    return done if len(done) == len(texts) else list(map(work, texts))


@cache
def _dictionary() -> Callable[[str], list[str]]:
    from rjieba import cut as by_dictionary  # a tenth of a second and 40 MB, which most commands never need

    return by_dictionary
