"""Fold text for comparison: width, case, Traditional to Simplified, variants of a character. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import chain

import numpy as np

BMP = 0x10000


SPACE = np.uint16(ord(" "))


_SPECIAL = 0xD800  # marks characters that fold to more than one; never a character itself


# Characters that are written for one another, by region, by age or by mistake: 帳 is 帐 in simplified letters, but the
# word is written 账户; 著力 is 着力. Each of them becomes the first. They fold alike wherever they stand, since a piece
# of a text must fold as it does within the text; SPELT tells the dictionary of the words that look odd by it.
_VARIANTS = (
    "着著 账帐 复覆 了瞭 借藉 苏甦 背揹 熏薰 夫伕 卫衞 台枱 巨钜 钟锺 余馀 檐簷 昵暱 尽侭 托讬 径迳 澄澂 痹痺 "
    "叙敍 仿彷 拿拏 斫斲 咨谘 硅矽 酰醯 国囯 券劵 只祇 佑祐 侄姪"
)
VARIANTS = tuple(_VARIANTS.split())
# Words that a dictionary knows in one letter only.
_SPELT = (
    "显著 著名 著作 著称 原著 名著 巨著 专著 编著 论著 译著 土著 昭著 卓著 著述 著书 合著 遗著 执著 覆盖 "
    "覆盖率 覆盖面 颠覆 颠覆性 覆灭 覆没 倾覆 反覆 狼藉 慰藉 蕴藉"
)
SPELT = tuple(_SPELT.split())


BREAK = "\x01"  # separates texts processed together: folds to itself, is not a space, separates words


def fold(text: str) -> str:
    """Normalise width (NFKC), case (lower) and script (simplified); keep spaces and punctuation.

    Idempotent, and `fold(a + b) == fold(a) + fold(b)`.
    """
    table, longer = _folding()
    units = utf16_units(text.replace("…", "..."))  # found in many texts, so handle it without the slow path
    folded = table.take(units)
    if (folded == _SPECIAL).any():
        for code in set(units[folded == _SPECIAL].tolist()):
            text = text.replace(chr(code), longer.get(code, chr(code)))
        folded = table.take(utf16_units(text.replace("…", "...")))
    return from_utf16_units(folded)


def fold_evenly(text: str) -> str:
    """Like `fold`, but one character for one, to keep offsets valid: a character that would become several is kept."""
    table, _ = _folding()
    units = utf16_units(text)
    folded = table.take(units)
    return np.where(folded == _SPECIAL, units, folded).tobytes().decode("utf-16-le", "surrogatepass")


def squeezed(folded: str) -> str:
    """Remove all whitespace from folded text."""
    return "".join(folded.split())


def utf16_units(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")


def from_utf16_units(units: np.ndarray) -> str:
    """Decode UTF-16 units; a lone surrogate becomes the replacement character."""
    return str(units.astype("<u2", copy=False).data, "utf-16-le", "replace")


@cache
def letters_table() -> np.ndarray:
    """For each UTF-16 unit, whether it is part of a word: a letter, a digit or a surrogate."""
    known = np.array([chr(code).isalnum() or 0xD800 <= code < 0xE000 for code in range(BMP)])
    known[ord(BREAK)] = True
    return known


@cache
def _folding() -> tuple[np.ndarray, dict[int, str]]:
    """Return the folded form of each UTF-16 unit, and the characters that fold to more than one.

    Surrogates, and so the characters beyond the first 65,536, are kept.
    """
    table = np.arange(BMP, dtype=np.uint16)
    longer: dict[int, str] = {}
    simple = _simplified(map(chr, chain(range(0x2E80, 0xAC00), range(0xF900, 0xFB00))))
    for char, plain in simple.items():
        table[ord(char)] = ord(plain)
    for code in chain(range(0x3400), range(0xA000, 0xAC00), range(0xE000, BMP)):
        char = chr(code)
        # Fold case before and after: some full-width letters only fold once they are narrow.
        plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", char).casefold()).casefold()
        plain = "".join(simple.get(one, one) for one in plain)
        if len(plain) == 1 and ord(plain) < BMP:
            table[code] = ord(plain)
        elif plain != char:
            table[code], longer[code] = _SPECIAL, plain
    return table, longer


def _simplified(chars: Iterable[str]) -> dict[str, str]:
    """Map each character to its simplified form, if it has one. One per line, or OpenCC would convert phrases."""
    from opencc import OpenCC  # only needed to build the table

    listed = list(chars)
    found = OpenCC("t2s").convert("\n".join(listed)).split("\n")
    pairs_of = zip(listed, found, strict=True)
    simple = {char: plain for char, plain in pairs_of if char != plain and ord(plain) < BMP}
    # Some map to a character that itself has a simpler form.
    simple = {char: simple.get(plain, plain) for char, plain in simple.items()}
    same = {other: alike[0] for alike in VARIANTS for other in alike[1:]}
    return {char: same.get(plain, plain) for char, plain in simple.items()} | same


_UNREADABLE = re.compile("[\0-\x08\x0e-\x1b\x7f\ud800-\udfff]")


def clean(words: str) -> str:
    """Remove characters that are never part of text (NUL, lone surrogates), and surrounding whitespace."""
    return _UNREADABLE.sub("", words).strip()
