"""The fifteen kinds of questions, twenty of each, with the rule by which their answers are graded."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from bench.quality.judged import rules, tables
from bench.quality.judged.drawing import FIGURES, Drawer, meanings, pairs
from bench.quality.judged.papers import Listed, Paper
from bench.quality.judged.rules import Grade, told
from bench.quality.judged.standing import Term, term

EACH = 20


@dataclass(frozen=True, slots=True)
class Case:
    """A question of a kind, as it is typed, and the rule that grades an article for it."""

    kind: str
    words: str
    grade: Grade


Some = Iterator[tuple[str, Grade]]


def cases(papers: Sequence[Paper], seed: int = 1) -> list[Case]:
    """All kinds on these articles, fewer of a kind where they do not hold enough to ask for."""
    made = []
    for kind, make in KINDS.items():
        asked: dict[str, Grade] = {}
        for words, grade in make(Drawer(papers, seed)):
            asked.setdefault(words, grade)
            if len(asked) == EACH:
                break
        made += [Case(kind, words, grade) for words, grade in asked.items()]
    return made


# -------------------------------------------------------------------- what one knows of it
def _company(drawer: Drawer) -> Some:
    """Companies by hand, and names of listed ones by chance: `rules.of_company`."""
    drawn = (share.name for share in drawer.securities())
    for name in chain(tables.COMPANIES.split(), drawn):
        yield name, rules.of_company(term(name, firm=True))


def _code(drawer: Drawer) -> Some:
    """Codes with and without their market and zeros: `rules.of_security`, and as 代码: `rules.filed_under`."""

    def written(market: str, form: Callable[[Listed], str]) -> Some:
        for share in drawer.securities(market):
            words = form(share)
            yield words, (rules.filed_under if words.startswith("代码:") else rules.of_security)(share)

    yield from _in_turn(written(market, form) for market, form in CODES)


CODES: tuple[tuple[str, Callable[[Listed], str]], ...] = (
    ("SH", lambda share: share.code),
    ("SH", lambda share: f"{share.code}.SH"),
    ("SZ", lambda share: f"{share.code}.SZ"),
    ("SZ", lambda share: share.code),
    ("SH", lambda share: f"SH{share.code}"),
    ("HK", lambda share: share.code),
    ("HK", lambda share: f"{share.code}.HK"),
    ("HK", lambda share: f"{share.code.removeprefix('0')}.HK"),
    ("SZ", lambda share: f"代码:{share.code}"),
    ("SH", lambda share: f"{share.name} {share.code}"),
)


def _abbreviation(drawer: Drawer) -> Some:
    """Abbreviations of institutions and firms, also where only the full name stands: `rules.told`, ours only, and
    the abbreviation by itself only (not 人行道)."""
    for asked, (forms,) in meanings(tables.ABBREVIATIONS):
        yield asked, told([term(*forms, own=asked not in tables.OF_ALL_COUNTRIES, strict=True, firm=True)])


def _figure(drawer: Drawer) -> Some:
    """Figures alone, a quarter with a word: `rules.holds_figure`, `rules.figure_with`."""

    def one_kind(kind: str) -> Some:
        for place, (figure, paper) in enumerate(drawer.figures(kind), 1):
            if place % 4:
                yield figure, rules.holds_figure(figure)
            elif word := drawer.word_beside(figure, paper):
                yield f"{figure} {word}", rules.figure_with(figure, term(word))

    yield from _in_turn(one_kind(kind) for kind in FIGURES)


def _date(drawer: Drawer) -> Some:
    """Days in full, in five spellings: `rules.of_day`."""
    forms = (
        "{0:%Y}年{0.month}月{0.day}日",
        "{0:%Y-%m-%d}",
        "{0:%Y%m%d}",
        "{0:%Y}/{0.month}/{0.day}",
        "{0:%Y.%m.%d}",
    )
    for place, on in enumerate(drawer.days()):
        yield forms[place % len(forms)].format(on), rules.of_day(on)


def _question(drawer: Drawer) -> Some:
    """Questions as they are spoken: `rules.told` of what they are about."""
    yield from _by_hand(tables.QUESTIONS)


def _misspelling(drawer: Drawer) -> Some:
    """Mistyped words by hand, and titles with a mistyped word: `rules.told` of what is meant."""
    yield from _by_hand(tables.MISSPELLINGS)
    yield from _of_words(drawer.mistyped())


def _traditional(drawer: Drawer) -> Some:
    """Words by hand and titles, in traditional characters: `rules.told`."""
    yield from _by_hand(tables.TRADITIONAL)
    yield from _of_words(drawer.in_traditional())


def _pinyin(drawer: Drawer) -> Some:
    """Words by their sound; all that sound so are meant: `rules.told`."""
    yield from _by_hand(tables.PINYIN)


# -------------------------------------------------------------------- what one asks of it
def _phrase(drawer: Drawer) -> Some:
    """Words side by side, in quotes of two kinds: `rules.literally`."""
    for place, phrase in enumerate(drawer.phrases()):
        yield ("“{}”" if place % 3 == 0 else '"{}"').format(phrase), rules.literally(phrase)


def _exclusion(drawer: Drawer) -> Some:
    """A word without another: `rules.without`."""
    for word, other in pairs(tables.EXCLUSIONS):
        yield f"{word.lstrip('*')} -{other}", rules.without([_meant((word,))], other)


def _far(drawer: Drawer) -> Some:
    """Two words of one article that stand far apart: `rules.both`."""
    for one, other in drawer.far_words():
        yield f"{one} {other}", rules.both(term(one), term(other))


def _topic(drawer: Drawer) -> Some:
    """One common word, the latest first: `rules.latest`."""
    for asked, (forms, *_) in meanings(tables.TOPICS):
        word, days = asked.split()
        yield word, rules.latest(_meant(forms), int(days), drawer.papers)


def _remembered(drawer: Drawer) -> Some:
    """A reporter, as plain words and as 作者:, and a title with a word forgotten: `rules.of_person`, `rules.told`."""
    for place, name in enumerate(islice(drawer.bylines(), EACH // 2)):
        only = place % 3 == 2
        yield (f"作者:{name}" if only else name), rules.of_person(name, only)
    yield from _of_words(drawer.dropped())


def _place(drawer: Drawer) -> Some:
    """An outlet, as 来源: and as a plain word, or a section, and a word: `rules.of_place`."""
    outlets, sections = drawer.placed("outlet"), drawer.placed("section")
    some = [
        ((f"来源:{name} {word}", rules.of_place(term(word), outlet=name)) for name, word in outlets),
        (
            (f"{name} {word}", rules.of_place(term(word), outlet=name, strictly=False))
            for name, word in outlets
        ),
        ((f"栏目:{name} {word}", rules.of_place(term(word), section=name)) for name, word in sections),
    ]
    yield from _in_turn(some)


KINDS: dict[str, Callable[[Drawer], Some]] = {
    "company": _company,
    "code": _code,
    "abbreviation": _abbreviation,
    "figure": _figure,
    "date": _date,
    "question": _question,
    "misspelling": _misspelling,
    "traditional": _traditional,
    "pinyin": _pinyin,
    "phrase": _phrase,
    "exclusion": _exclusion,
    "two far words": _far,
    "topic": _topic,
    "person or title": _remembered,
    "outlet or section": _place,
}


def _by_hand(table: str) -> Some:
    for asked, about in meanings(table):
        yield asked, told([_meant(forms) for forms in about])


def _meant(forms: Sequence[str]) -> Term:
    """The word of a table in its spellings; with `*`, our own institution."""
    return term(*(one.lstrip("*") for one in forms), own=forms[0].startswith("*"))


def _of_words(some: Iterable[tuple[str, list[Term]]]) -> Some:
    for asked, terms in some:
        yield asked, told(terms)


def _in_turn(some: Iterable[Iterator[tuple[str, Grade]]]) -> Some:
    """One of each, again and again, as long as they have more."""
    waiting = list(some)
    while waiting:
        for one in [*waiting]:
            if (made := next(one, None)) is None:
                waiting.remove(one)
            else:
                yield made
