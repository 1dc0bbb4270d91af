"""The units of a query: its words, and those that have aliases. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from articles.search.index.tokens import words
from articles.search.query.parse import BYLINE, Part, Question
from sources.text.folding import fold, squeezed

MOST_WORDS = 6  # dictionary words that an alias may consist of
SURE_ALIAS, LONGEST_ALIAS = 3, 16  # characters: aliases this long are recognized inside other words too
# Stop words: every text contains them, so they would make up for a missing word.
IDLE = frozenset("的了和与是在及对为等将也就都而之以于从并或把被让")

# Folded word: pairs of (another spelling, the word whose alias it is), from articles.search.query.aliases.known.
Aliases = Mapping[str, Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Unit:
    """A word and its aliases; if it has `others`, any spelling matches, as a phrase."""

    word: str
    others: tuple[str, ...] = ()

    @property
    def forms(self) -> list[str]:
        """The spellings, shortest first, without those that contain a shorter one and so match with it."""
        some = sorted({self.word, *self.others}, key=len)
        return [one for at, one in enumerate(some) if not any(short in one for short in some[:at])]


def key(text: str) -> str:
    """A text as characters are compared: folded, without spaces."""
    return squeezed(fold(text))


def units(text: str, aliases: Aliases) -> list[Unit]:
    """The units of a part, in order, without duplicates; stop words are dropped unless there is nothing else."""
    found: list[Unit] = []
    for piece in _around_aliases(fold(text), aliases):
        if piece in aliases:
            found.append(_alias(piece, aliases))
        else:
            found += _words(piece, aliases)
    found = list(dict.fromkeys(found))
    return [unit for unit in found if unit.word not in IDLE] or found


def _around_aliases(folded: str, aliases: Aliases) -> Iterator[str]:
    """Split the text before and after each alias of at least SURE_ALIAS characters: a dictionary without 服贸会 may
    cut 服贸会致贺信 anywhere."""
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
    """The dictionary's words; aliases are recognized where they begin and end at word boundaries."""
    cut, at = words(folded), 0
    while at < len(cut):
        joined = {"".join(cut[at:end]): end for end in range(at + 1, min(at + MOST_WORDS, len(cut)) + 1)}
        named = next((word for word in reversed(joined) if word in aliases), None)
        yield _alias(named, aliases) if named else Unit(cut[at])
        at = joined[named] if named else at + 1


def _alias(word: str, aliases: Aliases) -> Unit:
    return Unit(word, tuple(dict.fromkeys(key(other) for other, _ in aliases[word])))


def expansions(question: Question, aliases: Aliases) -> dict[str, str]:
    """The other spellings searched, as editors wrote them, each with the word it stands for."""
    named = (unit for part in _open(question) for unit in units(part.words, aliases) if unit.others)
    return {other: word for unit in named for other, word in aliases[unit.word]}


def needles(question: Question, aliases: Aliases) -> list[str]:
    """What to mark in a text that was found: the parts, their words, and their aliases."""
    found = [question.whole, *(part.words for part in question.wanted if part.field != BYLINE)]
    for part in _open(question):
        some = units(part.words, aliases)
        found += [form for unit in some for form in (unit.word, *unit.others) if len(form) > 1]
    return list(dict.fromkeys(found))


def _open(question: Question) -> Iterator[Part]:
    """The parts that may match word by word."""
    return (part for part in question.wanted if not part.exact and part.field != BYLINE)
