"""Letters folded for comparison: width, case, Traditional to Simplified. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import chain

import numpy as np

BMP = 0x10000


SPACE = np.uint16(ord(" "))


_SPECIAL = 0xD800  # stands in the table for what folds to more than one character; never a character itself


BREAK = "\x01"  # between texts that are worked on at once: folds to itself, is no space, parts words


def fold(text: str) -> str:
    """In one width (NFKC), lower case, simplified characters; spaces and signs stay. What is folded stays as it is,
    and `fold(a + b) == fold(a) + fold(b)`."""
    table, longer = _folding()
    units = utf16_units(text.replace("…", "..."))  # the one that is in many texts, spared the way round
    folded = table.take(units)
    if (folded == _SPECIAL).any():
        for code in set(units[folded == _SPECIAL].tolist()):
            text = text.replace(chr(code), longer.get(code, chr(code)))
        folded = table.take(utf16_units(text.replace("…", "...")))
    return from_utf16_units(folded)


def fold_evenly(text: str) -> str:
    """As `fold`, but one character for one: what would become several stays as it is. For places in a text."""
    table, _ = _folding()
    units = utf16_units(text)
    folded = table.take(units)
    return np.where(folded == _SPECIAL, units, folded).tobytes().decode("utf-16-le", "surrogatepass")


def squeezed(folded: str) -> str:
    """A folded text without any space in it."""
    return "".join(folded.split())


def utf16_units(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")


def from_utf16_units(units: np.ndarray) -> str:
    """A lone half of a character becomes the sign for what cannot be shown."""
    return str(units.astype("<u2", copy=False).data, "utf-16-le", "replace")


@cache
def letters_table() -> np.ndarray:
    """Whether a UTF-16 unit belongs to a word: a letter, a digit, half of a rarer character."""
    known = np.array([chr(code).isalnum() or 0xD800 <= code < 0xE000 for code in range(BMP)])
    known[ord(BREAK)] = True
    return known


@cache
def _folding() -> tuple[np.ndarray, dict[int, str]]:
    """For each UTF-16 unit what it becomes, and what those become that become more than one character.

    Halves of the rarer characters beyond the first 65,536 stay as they are, and so do those characters.
    """
    table = np.arange(BMP, dtype=np.uint16)
    longer: dict[int, str] = {}
    simple = _simplified(map(chr, chain(range(0x2E80, 0xAC00), range(0xF900, 0xFB00))))
    for char, plain in simple.items():
        table[ord(char)] = ord(plain)
    for code in chain(range(0x3400), range(0xA000, 0xAC00), range(0xE000, BMP)):
        char = chr(code)
        # Case before and after: the wide forms of some letters are only folded once they are narrow.
        plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", char).casefold()).casefold()
        plain = "".join(simple.get(one, one) for one in plain)
        if len(plain) == 1 and ord(plain) < BMP:
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
    simple = {char: plain for char, plain in pairs_of if char != plain and ord(plain) < BMP}
    # Some lead to one that has a simpler form itself.
    return {char: simple.get(plain, plain) for char, plain in simple.items()}


_UNREADABLE = re.compile("[\0-\x08\x0e-\x1b\x7f\ud800-\udfff]")


def clean(words: str) -> str:
    """Without characters that no text holds (NUL, halves of characters), and without spaces around."""
    return _UNREADABLE.sub("", words).strip()
