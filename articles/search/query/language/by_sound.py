"""Questions in pinyin: names of the portal that are spelt (`jianshe yinhang`) or abbreviated (`jsyh`) so.

Known names are those of securities, outlets, sections and tags, and the words of aliases.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

from django.core.cache import cache

from articles.models.search_terms import SearchAlias, key_of
from articles.search.index.tokens import dictionary
from articles.search.query.language.nearest import nearest
from articles.search.query.parse import Part, Question
from articles.search.query.results import Heard
from articles.search.query.suggest import sound
from articles.taxonomy import public_names
from articles.taxonomy.public_names import navigation
from sources.models import SourceAlias
from sources.text.folding import fold
from sources.text.outlet_names import initials

MINUTE = 60  # seconds
MOST = 6  # readings
LONGEST_RUN = 8  # parts that may spell one name
# Letters: fewer initials than SURE mean many things in Latin letters (AMD), so their names are only offered.
LEAST, SURE = 3, 4
RIVALS = 0.1  # articles that a word has for each one of a name of the same sound
_TYPED = re.compile(r"(?=[^a-z]*[a-z])[a-z0-9'’-]+")
_NO_LETTERS = re.compile(r"[^a-z0-9]+")
_CLASS = re.compile(r"(?<=[一-鿿])[a-z]$")
_HAN = re.compile(r"[一-鿿].*[一-鿿]")


@dataclass(frozen=True, slots=True)
class Reading:
    """A question with `names` in the place of their pinyin; `is_sure`: it can hardly mean anything else."""

    heard: Heard
    names: tuple[str, ...]
    is_sure: bool


Named = tuple[tuple[str, bool], ...]  # names, and whether their letters can hardly mean anything else
Spoken = dict[str, Named]
CountsOf = Callable[[str], int]


def readings(question: Question, holding: CountsOf, pairing: CountsOf) -> list[Reading]:
    """The ways to read a plain question's Latin letters as known names; [] where they are none.

    A frequent word that sounds like a name (江西 like 降息) is another way. `holding`: how many articles hold a phrase;
    `pairing`: two characters side by side.
    """
    if not question.is_plain or not any(_letters(part) for part in question.wanted):
        return []
    known = cache.get_or_set("search-spoken-names", _spoken, 5 * MINUTE)
    groups = list(_Ear(known, holding, pairing).groups(question.wanted))
    if not any(names for _, names in groups):
        return []
    literal = " ".join(f'"{words}"' if names else words for words, names in groups)
    choices = [names or ((words, True),) for words, names in groups]
    made = []
    for chosen in islice(product(*choices), MOST):
        names = tuple(name for (name, _), (_, found) in zip(chosen, groups, strict=True) if found)
        heard = Heard(" ".join(name for name, _ in chosen), literal)
        made.append(Reading(heard, names, all(is_sure for _, is_sure in chosen)))
    return made


def _letters(part: Part) -> str:
    folded = fold(part.words)
    return _NO_LETTERS.sub("", folded) if _TYPED.fullmatch(folded) else ""


@dataclass(frozen=True, slots=True)
class _Ear:
    known: Spoken
    holding: CountsOf
    pairing: CountsOf

    def groups(self, parts: Sequence[Part]) -> Iterator[tuple[str, Named]]:
        """The parts, as many together as spell a name, each with the names."""
        at = 0
        while at < len(parts):
            end, names = self._group([_letters(part) for part in parts[at : at + LONGEST_RUN]])
            yield " ".join(part.words for part in parts[at : at + end]), names
            at += end

    def _group(self, letters: list[str]) -> tuple[int, Named]:
        run = letters.index("") if "" in letters else len(letters)
        for hear in (self._names, self._words):
            for end in range(run, 0 if hear == self._names else 1, -1):
                if names := hear("".join(letters[:end])):
                    return end, names
        return 1, ()

    def _names(self, letters: str) -> Named:
        """The names that these letters spell: one, or two that follow each other (yanghangjiangzhun)."""
        if names := self.known.get(letters, ()):
            return self._with_rivals(letters, names)
        for place in range(SURE, len(letters) - SURE + 1):
            some, more = self.known.get(letters[:place], ()), self.known.get(letters[place:], ())
            # In full: two abbreviations side by side are no abbreviation.
            if some and more and all(sound(name) == letters[:place] for name, _ in some):
                return tuple((f"{one} {other}", a and b) for one, a in some for other, b in more)[:MOST]
        return ()

    def _with_rivals(self, letters: str, names: Named) -> Named:
        closes = {key_of(name) for name, _ in names}
        least = RIVALS * max(map(self.holding, closes))
        others = [word for word, _ in self._words(letters) if not any(one.startswith(word) for one in closes)]
        found = [*names, *((word, True) for word in others if self.holding(word) >= least)]
        return tuple(sorted(found, key=lambda one: -self.holding(key_of(one[0]))))

    def _words(self, letters: str) -> Named:
        """The dictionary's words that these letters spell, as far as articles have them; none of them is sure."""
        near = nearest(letters, self.pairing, MOST) if len(letters) >= SURE else []
        return tuple((word, False) for word in near if dictionary().has_word(word) and self.holding(word))


# ------------------------------------------------------------------ the names
def _spoken() -> Spoken:
    found: dict[str, dict[str, tuple[str, bool]]] = {}
    for name in _known_names():
        close = key_of(name)
        if not _HAN.search(close):
            continue
        full, short = sound(name), _NO_LETTERS.sub("", initials(close).lower())
        spoken = {short: len(short) >= SURE, full: True} if len(short) >= LEAST else {full: True}
        if _CLASS.search(close):  # 万科A
            spoken[sound(close[:-1])] = True
        for letters, is_sure in spoken.items():
            found.setdefault(letters, {}).setdefault(close, (name, is_sure))
    return {letters: tuple(names.values()) for letters, names in found.items()}


def _known_names() -> Iterable[str]:
    """The usual names first: names that read the same are shown as they come first."""
    yield from public_names.securities().exclude(name="").values_list("name", flat=True)
    outlets = public_names.outlets()
    yield from outlets.values_list("name", flat=True)
    yield from SourceAlias.objects.filter(source__in=outlets).values_list("name", flat=True)
    for alias in SearchAlias.objects.filter(enabled=True):
        yield from (alias.word, *alias.others())
    yield from (one["name"] for one in navigation())
    yield from public_names.tags().values_list("name", flat=True)
