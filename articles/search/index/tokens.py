"""What of a text is looked for: folded letters, the words they make, and every two that stand side by side. Pure.

The same for a text and for what a reader types. A text is folded character by character, so that a piece of a text
folds to a piece of the folded text; with that, all pairs of a piece stand in the text in the same order, which is how
every substring is found, however a dictionary would cut it.
"""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import accumulate, chain, pairwise

import numpy as np

LONGEST_WORD = 40  # characters: what is longer is an address or a machine's, and found by its pairs
_BMP = 0x10000
_SPACE = np.uint16(ord(" "))
_SPECIAL = 0xD800  # stands in the table for what folds to more than one character; never a character itself
_BREAK = "\x01"  # between texts that are worked on at once: folds to itself, is no space, parts words


def fold(text: str) -> str:
    """In one width (NFKC), lower case, simplified characters; spaces and signs stay. What is folded stays as it is,
    and `fold(a + b) == fold(a) + fold(b)`."""
    table, longer = _folding()
    units = _units(text.replace("…", "..."))  # the one that is in many texts, spared the way round
    folded = table.take(units)
    if (folded == _SPECIAL).any():
        for code in set(units[folded == _SPECIAL].tolist()):
            text = text.replace(chr(code), longer.get(code, chr(code)))
        folded = table.take(_units(text.replace("…", "...")))
    return _text(folded)


def fold_evenly(text: str) -> str:
    """As `fold`, but one character for one: what would become several stays as it is. For places in a text."""
    table, _ = _folding()
    units = _units(text)
    folded = table.take(units)
    return np.where(folded == _SPECIAL, units, folded).tobytes().decode("utf-16-le", "surrogatepass")


def words(folded: str) -> list[str]:
    """The words of a folded text in order, without spaces and signs."""
    return [word for word in cut(folded).split() if len(word) <= LONGEST_WORD]


def cut(folded: str) -> str:
    """As `words`, joined by spaces, one or more; endless ones are still in it."""
    units = _units(folded)
    return " ".join(_dictionary()(_text(np.where(_letters().take(units), units, _SPACE))))


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
    encoding, units = "utf-16-le", _units(close)
    if len(units) > len(close):  # a rarer character among them; else half as much is written and read back
        encoding, units = "utf-32-le", np.frombuffer(close.encode("utf-32-le"), dtype="<u4")
    made = np.full((len(close) - 1, 3), ord(" "), dtype=units.dtype)
    made[:, 0], made[:, 1] = units[:-1], units[1:]
    return str(made.data, encoding, "surrogatepass")[:-1]


def squeezed(folded: str) -> str:
    """A folded text without any space in it."""
    return "".join(folded.split())


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
    done = work(_BREAK.join(texts)).split(_BREAK)
    # A text that has the sign itself, which no editor can type.
    return done if len(done) == len(texts) else list(map(work, texts))


def _units(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")


def _text(units: np.ndarray) -> str:
    """A lone half of a character becomes the sign for what cannot be shown."""
    return str(units.astype("<u2", copy=False).data, "utf-16-le", "replace")


@cache
def _dictionary() -> Callable[[str], list[str]]:
    from rjieba import cut as by_dictionary  # a tenth of a second and 40 MB, which most commands never need

    return by_dictionary


@cache
def _letters() -> np.ndarray:
    """Whether a UTF-16 unit belongs to a word: a letter, a digit, half of a rarer character."""
    known = np.array([chr(code).isalnum() or 0xD800 <= code < 0xE000 for code in range(_BMP)])
    known[ord(_BREAK)] = True
    return known


@cache
def _folding() -> tuple[np.ndarray, dict[int, str]]:
    """For each UTF-16 unit what it becomes, and what those become that become more than one character.

    Halves of the rarer characters beyond the first 65,536 stay as they are, and so do those characters.
    """
    table = np.arange(_BMP, dtype=np.uint16)
    longer: dict[int, str] = {}
    simple = _simplified(map(chr, chain(range(0x2E80, 0xAC00), range(0xF900, 0xFB00))))
    for char, plain in simple.items():
        table[ord(char)] = ord(plain)
    for code in chain(range(0x3400), range(0xA000, 0xAC00), range(0xE000, _BMP)):
        char = chr(code)
        # Case before and after: the wide forms of some letters are only folded once they are narrow.
        plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", char).casefold()).casefold()
        plain = "".join(simple.get(one, one) for one in plain)
        if len(plain) == 1 and ord(plain) < _BMP:
            table[code] = ord(plain)
        elif plain != char:
            table[code], longer[code] = _SPECIAL, plain
    return table, longer


def _simplified(chars: Iterable[str]) -> dict[str, str]:
    """The simplified form of each character that has one. A line each, or they would be read as phrases."""
    from opencc import OpenCC  # as above

    listed = list(chars)
    found = OpenCC("t2s").convert("\n".join(listed)).split("\n")
    pairs_of = zip(listed, found, strict=True)
    simple = {char: plain for char, plain in pairs_of if char != plain and ord(plain) < _BMP}
    # Some lead to one that has a simpler form itself.
    return {char: simple.get(plain, plain) for char, plain in simple.items()}
