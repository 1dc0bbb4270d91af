"""The units of a query: its words, those that have aliases, and what must be found whole. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from articles.search.index.tokens import words
from articles.search.query.language.figures import Whole, wholes
from articles.search.query.language.idle_words import ADVERBS, PARTICLES, apart_from, asking
from articles.search.query.parse import BYLINE, Part, Question
from sources.text.folding import fold, squeezed

MOST_WORDS = 6  # dictionary words that an alias may consist of
SURE_ALIAS, LONGEST_ALIAS = 3, 16  # characters: aliases this long are recognized inside other words too
SEVERAL = 3  # words of a part among which an adverb says nothing

# Words that are spelt in two ways, both in use; the first of each pair is the usual one.
_SPELT_IN_TWO_WAYS = (
    "部分/部份 身份/身分 成分/成份 充分/充份 水分/水份 过分/过份 计划/计画 规划/规画 企划/企画 策划/策画 "
    "筹划/筹画 划分/画分 划时代/画时代 联络/连络 联系/连系 坐标/座标 家具/家俱 其他/其它 订单/定单 订货/定货 "
    "图像/图象"
)
_TWO_WAYS = tuple(_SPELT_IN_TWO_WAYS.split())
SPELLINGS = {
    one: tuple(other for other in pair if other != one)
    for pair in (both.split("/") for both in _TWO_WAYS)
    for one in pair
}

# Folded word: pairs of (another spelling, the word whose alias it is), from articles.search.query.aliases.known.
Aliases = Mapping[str, Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Unit:
    """A word and its aliases; if it has `others`, any spelling matches, as a phrase.

    `joined`: no word of the dictionary but a phrase, since one character of it would be lost otherwise (地方债);
    `tokens`: those of a figure in the index. Figures and codes (`is_whole`) are never left out of what must match.
    """

    word: str
    others: tuple[str, ...] = ()
    joined: bool = False
    is_whole: bool = False
    tokens: tuple[str, ...] = ()

    @property
    def forms(self) -> list[str]:
        """The spellings, shortest first, without those that contain a shorter one and so match with it."""
        some = sorted({self.word, *self.others}, key=len)
        return [one for at, one in enumerate(some) if not any(short in one for short in some[:at])]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A unit and where it stands in the folded text."""

    unit: Unit
    start: int
    end: int
    idle: bool = False

    @property
    def is_short(self) -> bool:
        return len(self.unit.word) == 1 and not self.idle and not self.unit.is_whole


def key(text: str) -> str:
    """A text as characters are compared: folded, without spaces."""
    return squeezed(fold(text))


def always(phrase: str) -> bool:
    return True


def units(text: str, aliases: Aliases, is_known: Callable[[str], bool] = always) -> list[Unit]:
    """The units of a part, in order, without duplicates; idle words are dropped unless there is nothing else.

    A single character is joined with the word that it stands beside. Between two words, with the one that it makes a
    phrase with that `is_known` and that has no aliases; with none, it stays a unit of its own.
    """
    pieces = list(_pieces(fold(text), aliases))
    told = _told(pieces)
    if not told:
        return list(dict.fromkeys(one.unit for one in pieces))
    return list(dict.fromkeys(one.unit for one in _joined(told, is_known)))


def left_idle(text: str, aliases: Aliases) -> list[str]:
    """The question words that a part is not searched for."""
    folded = fold(text)
    pieces = list(_pieces(folded, aliases))
    if all(one.idle for one in pieces):
        return []
    return [one.unit.word for one in pieces if one.idle and len(one.unit.word) > 1]


# ------------------------------------------------------------------ cutting
def _pieces(folded: str, aliases: Aliases) -> Iterator[_Piece]:
    """Figures, codes, question words, aliases and the words between them; adverbs are idle among several words."""
    found = list(_cut_around(folded, aliases))
    several = sum(not one.idle and len(one.unit.word) > 1 for one in found) >= SEVERAL
    for one in found:
        is_idle = one.idle or (several and one.unit.word in ADVERBS)
        yield replace(one, idle=is_idle) if is_idle else one


def _cut_around(folded: str, aliases: Aliases) -> Iterator[_Piece]:
    fixed = [_fixed(one) for one in wholes(folded)]
    for start, end in apart_from([(one.start, one.end) for one in fixed], asking(folded)):
        fixed.append(_Piece(Unit(folded[start:end].strip("?!") or folded[start]), start, end, idle=True))
    at = 0
    for one in [*sorted(fixed, key=lambda one: one.start), None]:
        until = one.start if one else len(folded)
        for start, piece in _around_aliases(folded[at:until], aliases):
            if piece in aliases:
                yield _Piece(_alias(piece, aliases), at + start, at + start + len(piece))
            else:
                yield from _words(piece, at + start, aliases)
        if one:
            yield one
            at = one.end


def _fixed(one: Whole) -> _Piece:
    return _Piece(Unit(one.words, is_whole=True, tokens=one.tokens), one.start, one.end)


def _around_aliases(folded: str, aliases: Aliases) -> Iterator[tuple[int, str]]:
    """Split the text before and after each alias of at least SURE_ALIAS characters: a dictionary without 服贸会 may
    cut 服贸会致贺信 anywhere."""
    begun = at = 0
    while at < len(folded):
        lengths = range(LONGEST_ALIAS, SURE_ALIAS - 1, -1)
        if named := next(
            (one for n in lengths if len(one := folded[at : at + n]) == n and one in aliases), None
        ):
            yield begun, folded[begun:at]
            yield at, named
            begun = at = at + len(named)
        else:
            at += 1
    yield begun, folded[begun:]


def _words(folded: str, offset: int, aliases: Aliases) -> Iterator[_Piece]:
    """The dictionary's words; aliases are recognized where they begin and end at word boundaries."""
    cut, at, place = words(folded), 0, 0
    while at < len(cut):
        joined = {"".join(cut[at:end]): end for end in range(at + 1, min(at + MOST_WORDS, len(cut)) + 1)}
        named = next((word for word in reversed(joined) if word in aliases or word in SPELLINGS), None)
        after = joined[named] if named else at + 1
        start = place = max(folded.find(cut[at], place), place)
        for word in cut[at:after]:
            place = max(folded.find(word, place), place) + len(word)
        unit = _alias(named, aliases) if named else Unit(cut[at])
        yield _Piece(unit, offset + start, offset + place, idle=unit.word in PARTICLES)
        at = after


def _alias(word: str, aliases: Aliases) -> Unit:
    others = (*(key(other) for other, _ in aliases.get(word, ())), *SPELLINGS.get(word, ()))
    return Unit(word, tuple(dict.fromkeys(others)))


# ------------------------------------------------------------------ joining
def _told(pieces: list[_Piece]) -> list[_Piece]:
    """The pieces that are not idle. But a whole part in which a particle parts a character from a word (我的银行) is
    one phrase."""
    if len(pieces) == 3 and _is_parted(*pieces):
        return [_join(_join(pieces[0], pieces[1]), pieces[2])]
    return [one for one in pieces if not one.idle]


def _is_parted(one: _Piece, particle: _Piece, other: _Piece) -> bool:
    touch = one.end == particle.start and particle.end == other.start
    if not touch or particle.unit.word not in PARTICLES or one.idle or other.idle:
        return False
    return one.is_short or other.is_short


def _joined(pieces: list[_Piece], is_known: Callable[[str], bool]) -> Iterator[_Piece]:
    """The pieces, no single character left alone that can be joined with what it touches."""
    runs = _touching_runs(pieces)
    for run in runs:
        yield from _join_run(run, is_known)


def _touching_runs(pieces: list[_Piece]) -> list[list[_Piece]]:
    """The pieces in groups within which one begins where the other ends; single characters in a row are one piece."""
    runs: list[list[_Piece]] = []
    for one in pieces:
        last = runs[-1][-1] if runs else None
        if not last or last.end != one.start:
            runs.append([one])
        elif one.is_short and (last.is_short or last.unit.joined):
            runs[-1][-1] = _join(last, one)
        else:
            runs[-1].append(one)
    return runs


def _join_run(run: list[_Piece], is_known: Callable[[str], bool]) -> Iterator[_Piece]:
    made: list[_Piece] = []
    waiting: _Piece | None = None  # a single character that goes with what follows
    for at, one in enumerate(run):
        before = made[-1] if made else None
        after = run[at + 1] if at + 1 < len(run) else None
        if waiting:
            made.append(_join(waiting, one))
            waiting = None
        elif not one.is_short or not (before or after):
            made.append(one)
        elif not before:
            waiting = one
        elif not after or (not before.unit.others and is_known(before.unit.word + one.unit.word)):
            made[-1] = _join(before, one)
        elif not after.unit.others and is_known(one.unit.word + after.unit.word):
            waiting = one
        else:
            made.append(one)
    yield from made


def _join(one: _Piece, other: _Piece) -> _Piece:
    """Two pieces as one phrase. A figure in it keeps what the index knows of it."""
    tokens = (*one.unit.tokens, *other.unit.tokens)
    whole = one.unit.is_whole or other.unit.is_whole
    word = one.unit.word + other.unit.word
    others = [f"{form}{other.unit.word}" for form in one.unit.others]
    others += [f"{one.unit.word}{form}" for form in other.unit.others]
    return _Piece(Unit(word, tuple(others), True, whole, tokens), one.start, other.end)


# ------------------------------------------------------------------ of a whole question
def expansions(question: Question, aliases: Aliases) -> dict[str, str]:
    """The other spellings searched, as editors wrote them, each with the word it stands for."""
    named = (unit for part in open_parts(question) for unit in aliased(part.words, aliases))
    return {other: word for unit in named for other, word in aliases.get(unit.word, ())}


def aliased(text: str, aliases: Aliases) -> list[Unit]:
    """The units of a part that have aliases."""
    return [one.unit for one in _pieces(fold(text), aliases) if one.unit.others]


def needles(question: Question, aliases: Aliases) -> list[str]:
    """What to mark in a text that was found: the parts, their words, and their aliases."""
    found = [question.whole, *(part.words for part in question.wanted if part.field != BYLINE)]
    for part in open_parts(question):
        some = units(part.words, aliases)
        found += [form for unit in some for form in (unit.word, *unit.others) if len(form) > 1]
    return list(dict.fromkeys(found))


def open_parts(question: Question) -> Iterator[Part]:
    """The parts that may match word by word."""
    return (part for part in question.wanted if not part.exact and part.field != BYLINE)
