"""Questions whose right answer is known, made of the real items by rule; the same for the same seed.

An item is asked for as a reader would who remembers something of it. What is remembered belongs to this item alone, or
to hardly any other: a question that fits fifty has no right answer.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from random import Random

import opencc
import rjieba

from articles.search.index.tokens import words
from bench.generate.texts import Piece
from sources.text.folding import fold, squeezed

SHORTEST = 60  # characters of a text that something is remembered of
LEAST_WORDS = 5  # of a title of which one is forgotten
RARE = 10  # items that hold a rare word, at most
RUN = 8  # characters
SHORT, LONG = 2, 8  # characters of a piece of an article that must find it
_RARE_WORD = re.compile(r"[一-龥]{2,}|[a-z]{3,}")
_RUN = re.compile(rf"[\w％%·.]{{{RUN},}}")
_SIGNS = re.compile(r"[^\w\s]")


@dataclass(frozen=True, slots=True)
class Known:
    """A question of a kind, and the numbers of the items that answer it: one and its twins."""

    kind: str
    words: str
    answers: frozenset[int]


class Desk:
    """Makes questions about items. `aliases`: a word, folded, and what else it finds (工行, 工商银行)."""

    def __init__(self, items: Sequence[Piece], aliases: Sequence[tuple[str, str]], seed: int = 1):
        self.random = Random(seed)
        self.items, self.aliases = items, aliases
        self.told = [one for one in items if len(one.text) >= SHORTEST]
        self.folded = {one.number: fold(f"{one.title}\n{one.text}") for one in items}
        self.held = Counter(word for one in items for word in _rare_words(one.text))
        self.titles = Counter(_close(one.title) for one in items)
        self.twins: dict[str, set[int]] = defaultdict(set)
        for one in items:
            self.twins[_close(one.text) or f"{_close(one.title)}\0"].add(one.number)
        self.all_texts = "\n".join(squeezed(one.text) for one in items)
        self.traditional = opencc.OpenCC("s2t").convert
        self.kinds: dict[str, Callable[[], Known | None]] = {
            "a word of the title dropped": self._title,
            "two rare words": self._rare,
            "eight characters": self._run,
            "traditional characters": self._in_traditional,
            "an alias": self._alias,
        }

    def questions(self, count: int) -> Iterator[Known]:
        """So many, the kinds in turn; each is another one."""
        made: set[str] = set()
        for number in range(count):
            kind = [*self.kinds][number % len(self.kinds)]
            while not (one := self.kinds[kind]()) or one.words in made:
                pass
            made.add(one.words)
            yield Known(kind, one.words, one.answers)

    def substrings(self, count: int, around_signs: bool = False) -> Iterator[Known]:
        """So many pieces of titles and texts of 2 to 8 characters, whatever they are; or those that hold a sign."""
        for _ in range(count):
            piece = ""
            while len(squeezed(piece)) < SHORT or (around_signs and not _SIGNS.search(piece)):
                item = self.random.choice(self.items)
                text = self.random.choice((item.title, item.text))
                start = self.random.randrange(max(1, len(text)))
                piece = text[start : start + self.random.randint(SHORT, LONG)]
            yield Known("substring", piece, frozenset({item.number}))

    # ---------------------------------------------------------------- what is remembered
    def _title(self) -> Known | None:
        """Signs are not remembered; and only a title that no other item has."""
        item = self.random.choice(self.items)
        said = [word for word in rjieba.cut(_SIGNS.sub(" ", item.title)) if word]
        places = [place for place, word in enumerate(said) if word.strip()]
        if self.titles[_close(item.title)] > 1 or len(places) < LEAST_WORDS:
            return None
        del said[self.random.choice(places)]
        return self._known(item, " ".join("".join(said).split()))

    def _rare(self) -> Known | None:
        item = self.random.choice(self.told)
        rare = self._rare_of(item, 1)
        return self._known(item, " ".join(self.random.sample(rare, 2))) if len(rare) > 1 else None

    def _run(self) -> Known | None:
        """Of letters and figures, without signs; and only one that stands nowhere else."""
        item = self.random.choice(self.told)
        runs = _RUN.findall(item.text)
        if not runs:
            return None
        run = self.random.choice(runs)
        start = self.random.randrange(len(run) - RUN + 1)
        run = run[start : start + RUN]
        return self._known(item, run) if self.all_texts.count(run) == 1 else None

    def _in_traditional(self) -> Known | None:
        """One of those before, in the other script, if it looks different there."""
        known = self.random.choice((self._title, self._rare, self._run))()
        if not known or (other := self.traditional(known.words)) == known.words:
            return None
        return Known("", other, known.answers)

    def _alias(self) -> Known | None:
        """What the item does not say, for what it says, and a rare word with it that others have, too."""
        alias, said = self.random.choice(self.aliases)
        texts, what = self.folded, fold(said)
        found = [one for one in self.told if what in texts[one.number] and alias not in texts[one.number]]
        if not found:
            return None
        item = self.random.choice(found)
        rare = [word for word in self._rare_of(item, 2) if word not in what]
        return self._known(item, f"{alias} {self.random.choice(rare)}") if rare else None

    # ---------------------------------------------------------------- of an item
    def _known(self, item: Piece, asked: str) -> Known:
        twins = self.twins[_close(item.text) or f"{_close(item.title)}\0"]
        return Known("", asked, frozenset(twins))

    def _rare_of(self, item: Piece, least: int) -> list[str]:
        return sorted(word for word in _rare_words(item.text) if least <= self.held[word] <= RARE)


def _rare_words(text: str) -> set[str]:
    return {word for word in words(fold(text)) if _RARE_WORD.fullmatch(word)}


def _close(text: str) -> str:
    return squeezed(fold(text))


def by_kind(judged: Sequence[tuple[str, str, int | None]]) -> dict[str, list[int | None]]:
    """The places at which right answers were found, of (kind, words, place): kind by kind, and of all."""
    found: dict[str, list[int | None]] = defaultdict(list)
    for kind, _, rank in judged:
        found[kind].append(rank)
    return {**found, "all": list(chain(*found.values()))}
