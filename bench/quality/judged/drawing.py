"""Draws what is asked for from the articles of a portal, by rule; the same for the same seed and articles."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from random import Random

import opencc

from bench.quality.judged import tables
from bench.quality.judged.papers import Listed, Paper
from bench.quality.judged.rules import whole_figure
from bench.quality.judged.standing import Term, cut, term
from sources.text.folding import fold

TITLE_WORDS = range(4, 9)  # of a title that is remembered
PHRASE = range(6, 11)  # characters
FAR = 200  # characters between two words that are far apart
FEW, MANY = 4, 400  # articles that hold a word of a pair, at least and at most
MOST_FIGURES = 30  # articles that hold a figure
_WORD = re.compile(r"[一-龥]{2,6}")
_HAN = re.compile(r"[一-龥]+")
_IDLE = frozenset(tables.IDLE.split())
_DIGIT = re.compile(r"[0-9]")
_SIGNS = re.compile(r"[^\w\s]")
_NAMED_DAY = re.compile(r"(?<![0-9])(20[0-9]{2})年(1[0-2]|[1-9])月(3[01]|[12][0-9]|[1-9])日")
FIGURES = {
    "percent": re.compile(r"(?<![0-9.,])[0-9]{1,3}\.[0-9]{1,2}%"),
    "trillions": re.compile(r"(?<![0-9.,])[0-9]{1,3}\.[0-9]{1,2}万亿元"),
    "millions": re.compile(r"(?<![0-9.,])[0-9]{2,4}(?:\.[0-9]{1,2})?亿元"),
    "counted": re.compile(r"(?<![0-9.,])[0-9]{2,4}(?:\.[0-9])?万(?:人次|辆|吨|公顷|户|人)"),
    "points": re.compile(r"(?<![0-9.,])[0-9]{1,2}(?:,[0-9]{3}|[0-9]{2,3})(?:点|公里|元|米|吨)"),
}


@cache
def _traditional() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")  # reads its tables from disk


class Drawer:
    """Draws from these articles."""

    def __init__(self, papers: Sequence[Paper], seed: int):
        self.random, self.papers = Random(seed), papers
        self.items = [one for one in papers if one.is_item and len(one.text) > FAR] or list(papers)

    def _by_chance(self) -> Iterator[Paper]:
        """Each real item once."""
        yield from self.random.sample(self.items, len(self.items))

    # ---------------------------------------------------------------- titles
    def titles(self) -> Iterator[tuple[Paper, list[str]]]:
        """Real items by chance, with the words of their titles, in order, signs left out. None with figures: these are
        a kind of their own."""
        for item in self._by_chance():
            said = [one for one in cut(_SIGNS.sub(" ", item.title)) if one.strip()]
            if len(telling(said)) in TITLE_WORDS and not _DIGIT.search(item.title):
                yield item, said

    def dropped(self) -> Iterator[tuple[str, list[Term]]]:
        """A title with one word forgotten, and the words that are left."""
        for _, said in self.titles():
            kept = list(said)
            del kept[self.random.randrange(len(kept))]
            yield "".join(kept), terms_of(kept)

    def in_traditional(self) -> Iterator[tuple[str, list[Term]]]:
        for _, said in self.titles():
            other = _traditional().convert("".join(said))
            if other != "".join(said):
                yield other, terms_of(said)

    def mistyped(self) -> Iterator[tuple[str, list[Term]]]:
        """A title in which one word is mistyped, and its words as they are right."""
        table = pairs(tables.TYPING)
        for _, said in self.titles():
            right = [(one, wrong) for one, wrong in table if one in said]
            if right:
                one, wrong = self.random.choice(right)
                yield "".join(wrong if word == one else word for word in said), terms_of(said)

    # ---------------------------------------------------------------- texts
    def phrases(self) -> Iterator[str]:
        """Some words of a text that stand side by side."""
        for item in self._by_chance():
            runs = _HAN.findall(item.text)
            said = cut(self.random.choice(runs)) if runs else []
            start = self.random.randrange(len(said)) if said else 0
            phrase = ""
            for word in said[start:]:
                phrase += word
                if len(phrase) in PHRASE:
                    yield phrase
                if len(phrase) >= PHRASE.start:
                    break

    def far_words(self) -> Iterator[tuple[str, str]]:
        """Two words of one text, far apart, each of several articles."""
        held = Counter(word for one in self.papers for word in set(_WORD.findall(" ".join(_cut(one)))))
        for item in self._by_chance():
            said = [(at, word) for at, word in _places(item.text) if FEW <= held[word] <= MANY]
            if len(said) < 2:
                continue
            (at, one), (then, other) = self.random.sample(said, 2)
            if abs(at - then) >= FAR and one not in other and other not in one:
                yield one, other

    def figures(self, kind: str) -> Iterator[tuple[str, Paper]]:
        """Figures of one kind, as they are written, each with an article that holds it; few others do."""
        found: dict[str, list[Paper]] = defaultdict(list)
        for one in self.papers:
            for figure in sorted(set(FIGURES[kind].findall(one.all))):
                found[figure].append(one)
        figures = [one for one, holders in sorted(found.items()) if len(holders) <= MOST_FIGURES]
        for figure in self.random.sample(figures, len(figures)):
            yield figure, self.random.choice(found[figure])

    def word_beside(self, figure: str, paper: Paper) -> str | None:
        """A word of the sentence that holds the figure."""
        whole = whole_figure(figure)
        near = [one for one in paper.sentences() if whole.search(one.replace(",", ""))]
        said = [one for one in telling(cut(near[0])) if one not in figure] if near else []
        return self.random.choice(said) if said else None

    def days(self) -> Iterator[date]:
        """Days that are named in full."""
        named = sorted({some for one in self.papers for some in _NAMED_DAY.findall(one.all)})
        for year, month, number in self.random.sample(named, len(named)):
            try:
                yield date(int(year), int(month), int(number))
            except ValueError:
                continue

    # ---------------------------------------------------------------- fields
    def securities(self, market: str = "") -> Iterator[Listed]:
        some = sorted(
            {share for one in self.papers for share in one.listed if market in ("", share.market)},
            key=lambda share: share.code,
        )
        yield from self.random.sample(some, len(some))

    def bylines(self) -> Iterator[str]:
        """Reporters of three characters: of a name of two, one does not see where it ends."""
        some = sorted({one.byline for one in self.papers if len(one.byline) == 3})
        yield from self.random.sample(some, len(some))

    def placed(self, name: str) -> Iterator[tuple[str, str]]:
        """Outlets or sections (`name` is the field), each with a subject of its titles."""
        found = {
            (place, word)
            for one in self.papers
            if (place := getattr(one, name))
            for word in tables.SUBJECTS.split()
            if word in one.title
        }
        yield from self.random.sample(sorted(found), len(found))


def telling(said) -> list[str]:
    """Those of some words that tell what is meant."""
    return [word for word in said if _WORD.fullmatch(word) and word not in _IDLE]


def terms_of(said: Sequence[str]) -> list[Term]:
    return [term(word) for word in dict.fromkeys(telling(said))]


def pairs(table: str) -> list[tuple[str, str]]:
    """The two words of each line."""
    lines = (line.split() for line in table.splitlines() if line.strip())
    return [(one, other) for one, other in lines]


def meanings(table: str) -> list[tuple[str, list[tuple[str, ...]]]]:
    """Of each line the question, and the words that it is about, each in its spellings."""
    found = []
    for line in filter(None, map(str.strip, table.splitlines())):
        asked, _, about = line.partition(" = ")
        found.append((asked, [tuple(one.split("|")) for one in (about or asked).split()]))
    return found


def _cut(paper: Paper) -> list[str]:
    return cut(fold(paper.text))


def _places(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for word in cut(fold(text)):
        if _WORD.fullmatch(word) and word not in _IDLE:
            yield at, word
        at += len(word)
