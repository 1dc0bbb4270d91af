"""The units a question is matched by: its words, and those of them that have aliases. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from articles.search.index.tokens import words
from articles.search.query.parse import BYLINE, Part, Question
from sources.text.folding import fold, squeezed

MOST_WORDS = 6  # of the dictionary, that an alias may be made of
SURE_ALIAS, LONGEST_ALIAS = 3, 16  # characters: aliases that are seen inside of words, too
# They stand in every text, and would make up for a word that is missing.
IDLE = frozenset("的了和与是在及对为等将也就都而之以于从并或把被让")

# Folded word: what else is looked for, and the word it is of (articles.search.query.aliases.known).
Aliases = Mapping[str, Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Unit:
    """A word, and what may stand for it; with `others`, any of its spellings counts, as it stands."""

    word: str
    others: tuple[str, ...] = ()

    @property
    def forms(self) -> list[str]:
        """Every spelling that is not found by a shorter one already."""
        some = sorted({self.word, *self.others}, key=len)
        return [one for at, one in enumerate(some) if not any(short in one for short in some[:at])]


def key(text: str) -> str:
    """A text as its characters are compared: folded, without spaces."""
    return squeezed(fold(text))


def units(text: str, aliases: Aliases) -> list[Unit]:
    """The units of a part, in order, each once; idle words left out unless there is nothing else."""
    found: list[Unit] = []
    for piece in _around_aliases(fold(text), aliases):
        if piece in aliases:
            found.append(_alias(piece, aliases))
        else:
            found += _words(piece, aliases)
    found = list(dict.fromkeys(found))
    return [unit for unit in found if unit.word not in IDLE] or found


def _around_aliases(folded: str, aliases: Aliases) -> Iterator[str]:
    """The text cut before and after each alias that is long enough to be meant wherever it stands: a dictionary that
    does not know 服贸会 cuts 服贸会致贺信 anywhere."""
    begun = at = 0
    while at < len(folded):
        lengths = range(LONGEST_ALIAS, SURE_ALIAS - 1, -1)
        if named := next(
            (one for n in lengths if len(one := folded[at : at + n]) == n and one in aliases), None
        ):
            yield folded[begun:at]
            yield named
            begun = at = at + len(named)
        else:
            at += 1
    yield folded[begun:]


def _words(folded: str, aliases: Aliases) -> Iterator[Unit]:
    """The words of the dictionary, and the aliases that begin and end where words do."""
    cut, at = words(folded), 0
    while at < len(cut):
        joined = {"".join(cut[at:end]): end for end in range(at + 1, min(at + MOST_WORDS, len(cut)) + 1)}
        named = next((word for word in reversed(joined) if word in aliases), None)
        yield _alias(named, aliases) if named else Unit(cut[at])
        at = joined[named] if named else at + 1


def _alias(word: str, aliases: Aliases) -> Unit:
    return Unit(word, tuple(dict.fromkeys(key(other) for other, _ in aliases[word])))


def expansions(question: Question, aliases: Aliases) -> dict[str, str]:
    """What else is looked for, as editors wrote it, and for which words."""
    named = (unit for part in _open(question) for unit in units(part.words, aliases) if unit.others)
    return {other: word for unit in named for other, word in aliases[unit.word]}


def needles(question: Question, aliases: Aliases) -> list[str]:
    """What is marked in a text that was found: the parts, their words, and what else was looked for."""
    found = [question.whole, *(part.words for part in question.wanted if part.field != BYLINE)]
    for part in _open(question):
        some = units(part.words, aliases)
        found += [form for unit in some for form in (unit.word, *unit.others) if len(form) > 1]
    return list(dict.fromkeys(found))


def _open(question: Question) -> Iterator[Part]:
    """The parts that may be found by their words."""
    return (part for part in question.wanted if not part.exact and part.field != BYLINE)
