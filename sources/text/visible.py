"""Show foreign names and bytes safely in the admin: nothing hidden, no bidi tricks."""

import re
from unicodedata import category

# Control characters, surrogates and characters without a glyph, such as bidi overrides. Newline and tab are allowed in
# multi-line text.
UNSEEN = re.compile(
    "[\0-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb]"
)


_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_BLANK_LETTERS = "\u115f\u1160\u3164\uffa0"


def _spelt(match: re.Match) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


def visible(name: str) -> str:
    """Return a name on one line, with every invisible character escaped (\\x1b, \\u202e)."""
    return UNSEEN.sub(_spelt, name)


def visible_lines(text: str) -> str:
    """Like `visible`, for text with several lines; newlines and tabs are kept."""
    unbroken = text.replace("\r\n", "\n").replace("\r", "\n")
    return UNSEEN.sub(lambda match: match[0] if match[0] in "\n\t" else _spelt(match), unbroken)


def is_turned(text: str) -> bool:
    """Return True if some of the text is shown in another order than it is stored in.

    Marks of direction (U+200E, U+200F) turn nothing.
    """
    # Spelt out, since each body is asked: a loop takes thrice the time.
    return (
        "\u202e" in text
        or "\u202a" in text
        or "\u202b" in text
        or "\u202d" in text
        or "\u2066" in text
        or "\u2067" in text
        or "\u2068" in text
    )


def straight(text: str) -> str:
    """Return the text without characters that set its direction: shown as it is stored."""
    return _DIRECTIONS.sub("", text)


def has_words(text: str) -> bool:
    """Return True if a text has a letter or a digit that can be seen."""
    return any(char.isalnum() and char not in _BLANK_LETTERS for char in text)


# Characters that take no space, or only space, though Unicode counts them among letters, marks or symbols: joiners,
# fillers, the empty braille cell, variation selectors.
_EMPTY = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0\ufffc")
_EMPTY |= frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
_UNWRITTEN = {"Cc", "Cf", "Cs", "Co", "Zs", "Zl", "Zp"}


def is_blank(text: str) -> bool:
    """Whether a reader sees nothing of a text: it is empty, or of spaces and invisible characters alone."""
    return all(char in _EMPTY or category(char) in _UNWRITTEN for char in text)
