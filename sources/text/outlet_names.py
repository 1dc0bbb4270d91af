"""Names of outlets: one key for all spellings, slugs, and the letter in a pinyin index."""

import re
import unicodedata
from collections.abc import Container
from functools import lru_cache

# Characters in which spellings of one name differ but no two outlets do: spaces (also zero-width), title marks,
# quotes, and all variants of the middle dot in a name.
_IDLE = re.compile("[\\s\u200b-\u200d\u2060\ufeff《》〈〉「」『』“”‘’\"'·•‧∙⋅・]+")
_NOT_IN_A_SLUG = re.compile(r"[^a-z0-9]+")


@lru_cache(10_000)  # an import looks up the same few hundred names repeatedly
def name_key(name: str) -> str:
    """Return the key shared by all spellings of an outlet, at most 200 characters: NFKC, case-folded, without spaces,
    《》, quotes and dots.

    Brackets are kept: 安信国际证券(香港) is not 安信国际证券.
    """
    plain = unicodedata.normalize("NFKC", name).casefold()
    return (_IDLE.sub("", plain) or plain.strip())[:200]


@lru_cache(10_000)
def pinyin(name: str) -> str:
    """Return the name in toneless pinyin, as the old site spelt it; other characters keep their form and case."""
    from pypinyin import lazy_pinyin  # takes 0.3 s to load, and most imports have no new outlet

    return "".join(lazy_pinyin(name))


@lru_cache(10_000)
def initials(name: str) -> str:
    """Return the first letter of each syllable (国际商报: gjsb); other characters are kept."""
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))


def load_pinyin() -> None:
    """Load the pinyin dictionary now, while the process is idle."""
    pinyin("来源")


def outlet_slug(name: str, longest: int = 80) -> str:
    """Return a slug: pinyin in ASCII lower case, words joined by hyphens; "laiyuan" if nothing is left.

    Characters without an ASCII reading (·, brackets) become hyphens. The old site's own addresses are kept as old
    slugs.
    """
    plain = unicodedata.normalize("NFKC", pinyin(name)).lower()
    return _NOT_IN_A_SLUG.sub("-", plain).strip("-")[: min(longest, 80)].strip("-") or "laiyuan"


def untaken_slug(
    name: str, taken: Container[str], longest: int = 80, tried: dict[str, int] | None = None
) -> str:
    """Return the name's slug; if it is taken, append the first free number from 2.

    `tried` caches the last number used for each slug, for callers whose `taken` only grows: thousands of names without
    a letter all share one stem.
    """
    stem = outlet_slug(name, longest)
    number = tried.get(stem, 1) if tried else 1
    while (slug := stem if number == 1 else f"{stem}-{number}") in taken:
        number += 1
    if tried is not None:
        tried[stem] = number
    return slug


def initial(name: str) -> str:
    """Return the index letter A–Z of the name; "#" for digits and everything else."""
    first = outlet_slug(name)[:1].upper()
    return first if first.isalpha() and pinyin(name)[:1].isalnum() else "#"
