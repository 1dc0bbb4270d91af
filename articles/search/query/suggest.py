"""Suggestions while a reader types, and by names that sound the same: outlets, securities, aliases."""

import re
from collections.abc import Iterable

from django.core.cache import cache
from django.db.models import F, Q

from articles.addresses import address
from articles.models import Security
from articles.models.search_terms import SearchAlias, key_of
from articles.search.query.results import Pointer, SearchRequest
from articles.taxonomy import public_names
from sources.models import SourceAlias
from sources.text.folding import clean, fold
from sources.text.outlet_names import initials, name_key, pinyin

MINUTE = 60  # seconds
LONGEST = 40  # characters
_LETTERS = re.compile(r"[^a-z0-9]+")
# How well a name matches the input: equal, as a prefix, as a substring.
EXACT, BEGINS, HOLDS = 0, 1, 2


# A possible suggestion: label, URL and note of its pointer, its written names, and its pinyin (full, and initials).
# A plain tuple, because the cache returns a thousand of them on every keystroke.
Name = tuple[str, str, str, tuple[str, ...], tuple[str, ...]]


def suggest(words: str, limit: int = 8) -> list[Pointer]:
    """Names that equal, begin with or contain these words, best match first. Never raises."""
    typed = clean(words)[:LONGEST]
    found = [*_fitting(_outlets(), typed), *_fitting(_aliases(), typed), *_securities(typed, limit)]
    found.sort(key=lambda one: one[0])
    return [pointer for _, pointer in found[:limit]]


def outlets_called(words: str, limit: int) -> list[Pointer]:
    """The outlets with this name or alias: in full or from its beginning, also in pinyin or by initials."""
    typed = clean(words)[:LONGEST]
    found = sorted(_fitting(_outlets(), typed), key=lambda one: one[0])
    return [pointer for fit, pointer in found if fit <= BEGINS][:limit]


def sounding_like(words: str, limit: int) -> list[Pointer]:
    """Outlets, aliases and securities that are spelt differently but sound the same (工商音航), or typed in pinyin."""
    typed = clean(words)[:LONGEST]
    heard_as, written = sound(typed), key_of(typed)
    if len(heard_as) < 2:
        return []
    heard = cache.get_or_set("search-sounds", _sounds, 5 * MINUTE).get(heard_as, ())
    return [Pointer(*one) for one in heard if key_of(one[0]) != written][:limit]


def _fitting(names: Iterable[Name], typed: str) -> list[tuple[int, Pointer]]:
    """The names that match, in their order, each with how well it matches."""
    key, folded = _key(typed), fold(typed)
    # A single letter of pinyin matches too many names.
    letters = _LETTERS.sub("", folded) if folded.isascii() else ""
    found = []
    for label, href, note, written, spoken in names if key else ():
        fits = [_fit(key, one) for one in written if key in one]
        if len(letters) > 1:
            fits += [_fit(letters, one) for one in spoken if one.startswith(letters)]
        if fits:
            found.append((min(fits), Pointer(label, href, note)))
    return found


def _key(name: str) -> str:
    """The name's comparison key, in simplified characters."""
    return name_key(fold(name)) if name else ""


def _fit(typed: str, whole: str) -> int:
    if typed == whole:
        return EXACT
    return BEGINS if whole.startswith(typed) else HOLDS


def _securities(typed: str, limit: int) -> list[tuple[int, Pointer]]:
    """Securities whose code begins with the input, or whose name contains it."""
    if not typed:
        return []
    asked = Q(code__startswith=typed.upper())  # a code may contain a point: BRK.A
    code, _, market = typed.upper().rpartition(".")
    if code:
        asked |= Q(code__startswith=code, market__startswith=market)
    some = public_names.securities().filter(asked | Q(name__icontains=fold(typed)))[:limit]
    return [
        (EXACT if typed.upper() in (one.code, one.symbol) or typed == one.name else BEGINS, _security(one))
        for one in some
    ]


def _security(one: Security) -> Pointer:
    return Pointer(str(one), one.get_absolute_url(), one.get_kind_display())


def _outlets() -> list[Name]:
    return cache.get_or_set("search-outlets", _read_outlets, 1 * MINUTE)


def _read_outlets() -> list[Name]:
    """Outlets with published articles, those with most first."""
    keys: dict[int, list[str]] = {}
    for source, key in SourceAlias.objects.values_list("source", "key"):
        keys.setdefault(source, []).append(key)
    listed = public_names.outlets().filter(front__count__gt=0).order_by("-front__count", "pk")
    return [
        (
            *(name, address("outlet", slug), f"来源，{count} 篇"),
            tuple(dict.fromkeys(map(_key, (name, *keys.get(pk, ()))))),
            (_LETTERS.sub("", slug), _LETTERS.sub("", initials(name).lower())),
        )
        for pk, name, slug, count in listed.values_list("pk", "name", "slug", F("front__count"))
    ]


def _aliases() -> list[Name]:
    return cache.get_or_set("search-alias-names", _read_aliases, 1 * MINUTE)


def _read_aliases() -> list[Name]:
    names = []
    for alias in SearchAlias.objects.filter(enabled=True):
        also = f"也找：{'、'.join(alias.others())}"
        written = tuple(map(_key, (alias.word, *alias.others())))
        spoken = (sound(alias.word), initials(alias.word).lower())
        names.append((alias.word, SearchRequest(q=alias.word).address(), also, written, spoken))
    return names


def sound(name: str) -> str:
    """The letters of a name's pinyin, without tones."""
    return _LETTERS.sub("", pinyin(key_of(name)).lower())


def _sounds() -> dict[str, list[tuple[str, str, str]]]:
    """The arguments of Pointer, by the sound of the name."""
    heard: dict[str, list[tuple[str, str, str]]] = {}
    for label, href, note, _, (spoken, _) in _outlets():
        heard.setdefault(spoken, []).append((label, href, note))
    for alias in SearchAlias.objects.filter(enabled=True):
        for word in (alias.word, *alias.others()):
            heard.setdefault(sound(word), []).append((word, SearchRequest(q=word).address(), ""))
    for one in public_names.securities().exclude(name=""):
        heard.setdefault(sound(one.name), []).append(
            (str(one), one.get_absolute_url(), one.get_kind_display())
        )
    return heard
