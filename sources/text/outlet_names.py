"""What an outlet is called: one key for all its spellings, and its place in a pinyin index."""

import re
import unicodedata
from collections.abc import Container
from functools import lru_cache

# What spellings of one name differ in and no two outlets do: spaces (also those of no width), title marks and
# quotes, the dot between the halves of a name in all its shapes.
_IDLE = re.compile("[\\s\u200b-\u200d\u2060\ufeff《》〈〉「」『』“”‘’\"'·•‧∙⋅・]+")
_NOT_IN_A_SLUG = re.compile(r"[^a-z0-9]+")


@lru_cache(10_000)  # an import asks for the same few hundred names again and again
def name_key(name: str) -> str:
    """The key under which spellings of one outlet meet, at most 200 characters: NFKC, without case, spaces,
    《》, quotes and dots. Brackets stay: 安信国际证券(香港) is not 安信国际证券."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return (_IDLE.sub("", plain) or plain.strip())[:200]


@lru_cache(10_000)
def pinyin(name: str) -> str:
    """The name in toneless pinyin, other characters and their case kept, as the old site spelt it."""
    from pypinyin import lazy_pinyin  # a third of a second to load, and most imports meet no new outlet

    return "".join(lazy_pinyin(name))


@lru_cache(10_000)
def initials(name: str) -> str:
    """The first letter of each syllable (国际商报: gjsb); other characters as they are."""
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))


def load_pinyin() -> None:
    """Load the dictionary now, while there is nothing else to do."""
    pinyin("来源")


def outlet_slug(name: str, longest: int = 80) -> str:
    """An address part: pinyin in ASCII lower case, words joined by hyphens; "laiyuan" if nothing is left.

    Characters of no ASCII reading (·, brackets) part words; the old site's own addresses live on as old slugs.
    """
    plain = unicodedata.normalize("NFKC", pinyin(name)).lower()
    return _NOT_IN_A_SLUG.sub("-", plain).strip("-")[: min(longest, 80)].strip("-") or "laiyuan"


def untaken_slug(
    name: str, taken: Container[str], longest: int = 80, tried: dict[str, int] | None = None
) -> str:
    """The name's slug, with the first number from 2 on that makes it one nobody has.

    `tried` remembers for each slug the number it came to, for a caller whose `taken` only grows: thousands of names
    without a letter in them all begin at the same one.
    """
    stem = outlet_slug(name, longest)
    number = tried.get(stem, 1) if tried else 1
    while (slug := stem if number == 1 else f"{stem}-{number}") in taken:
        number += 1
    if tried is not None:
        tried[stem] = number
    return slug


def initial(name: str) -> str:
    """The letter A–Z under which a directory files the name; "#" for digits and the rest."""
    first = outlet_slug(name)[:1].upper()
    return first if first.isalpha() and pinyin(name)[:1].isalnum() else "#"
