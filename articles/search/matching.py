"""A question, turned into what tantivy looks for.

The promise that any piece of an article of two characters or more finds it is kept by the pairs alone: a part of a
question, and the whole of it, is always looked for as a phrase of pairs too, whatever its words are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from tantivy import Occur, Query

from articles.search.index import Opened
from articles.search.query import BYLINE, TITLE, Part, Question
from articles.search.segment import pairs
from articles.search.units import Aliases, Unit, key, units

# Of the words of a part this share must be found; of one or two, all.
SHARE = 0.75
ALL_OF = 2
MOST_UNITS = 16  # of a part, the rarest: the others say little, and each is a long list to read
# What a find weighs, by where it is. Tuned on known items of the bench's 19,876 real ones.
TITLE_WORD, DIGEST_WORD, BODY_WORD = 2.5, 1.2, 1.0
TITLE_PHRASE = 3.0
# The longer what stands in a text letter by letter, the less it can be chance.
BODY_PHRASE, GROWTH, MOST = 0.5, 0.5, 6.0  # of two characters, with each one more, at most
ALIAS = 0.8  # what was not typed weighs less
COMMON = 3_000  # articles: a phrase whose every pair is in more of them is not looked at in all
LONGEST_NAME = 4  # characters: so short a part may be a reporter's name


@dataclass(frozen=True, slots=True)
class Matcher:
    """Makes queries for one view of the index."""

    opened: Opened
    aliases: Aliases

    def query(self, question: Question, clauses: Sequence[tuple[Occur, Query]] = ()) -> Query:
        """What matches the words of a question and `clauses`, as which its filters are given; or, whatever the words
        mean, holds all of them just so. Everything, where nothing is asked."""
        asked = [
            (Occur.MustNot if part.excluded else Occur.Must, self._part(part)) for part in question.parts
        ]
        if not question.wanted:
            asked.insert(0, (Occur.Must, Query.all_query()))
        is_nothing = (
            question.whole and not question.parts and not clauses
        )  # signs that mean nothing, such as ""
        parted = Query.empty_query() if is_nothing else Query.boolean_query([*asked, *clauses])
        close = key(question.whole)
        if len(close) < 2 or (question.is_plain and [close] == [key(part.words) for part in question.parts]):
            return parted
        found = self._phrases(close)
        if question.is_plain and self._is_common(close):
            some = [unit for part in question.parts for unit in units(part.words, self.aliases)]
            found[-1] = self._cut_otherwise(close, some)
        return _either([parted, *found])

    def phrase(self, name: str, close: str) -> Query:
        """Where these characters (folded, no spaces) stand side by side, in a field of pairs."""
        found = pairs(close)
        if len(found) == 1:
            return self._term(name, found[0])
        frequency = self._frequencies(name, close)
        rarest = min(range(len(found)), key=frequency.__getitem__)
        if not frequency[rarest]:
            return Query.empty_query()
        # Every second pair holds every character already, and each one more is a list more to read. But the rarest
        # of all is worth its place: the others are only read where it stands.
        at = sorted({*range(0, len(found), 2), len(found) - 1, rarest})
        return Query.phrase_query(self.opened.schema, name, [(place, found[place]) for place in at])

    def _frequencies(self, name: str, close: str) -> list[int]:
        """In how many articles each pair stands."""
        return [self.opened.searcher.doc_freq(name, pair) for pair in pairs(close)]

    def _is_common(self, close: str) -> bool:
        return len(close) > 2 and min(self._frequencies("body_pairs", close)) > COMMON

    # -------------------------------------------------------------- parts
    def _part(self, part: Part) -> Query:
        close = key(part.words)
        if part.field == BYLINE:
            return self._byline(close)
        if part.excluded or part.exact or part.field == TITLE:
            return self._as_it_stands(part, close)
        if len(close) == 1:
            return self._character(close)
        some = units(part.words, self.aliases)
        found = [self._words(some), *self._phrases(close)]
        if some == [Unit(close)] and len(close) == 2:
            found = self._word_of_two(close)
        elif self._is_common(close):
            found[-1] = self._cut_otherwise(close, some)
        if len(close) <= LONGEST_NAME:
            found.append(self._byline(close))
        return _either(found)

    def _character(self, one: str) -> Query:
        names = {"title_chars": TITLE_WORD, "title": 1.0, "digest": DIGEST_WORD, "body": BODY_WORD}
        return _either([_weighed(self._term(name, one), weight) for name, weight in names.items()])

    def _word_of_two(self, word: str) -> list[Query]:
        """A word that is its own pair: its articles are read off one list of each field, not off two."""
        weights = {
            "title_pairs": TITLE_WORD + TITLE_PHRASE,
            "digest": DIGEST_WORD,
            "body_pairs": BODY_WORD + BODY_PHRASE,
        }
        return [_weighed(self._term(name, word), weight) for name, weight in weights.items()]

    def _as_it_stands(self, part: Part, close: str) -> Query:
        """By its characters; a title may also be asked for by most of its words."""
        if len(close) == 1:
            return self._term("title_chars", close)
        if part.field != TITLE:
            return _either(self._phrases(close))
        found = [_weighed(self.phrase("title_pairs", close), TITLE_PHRASE)]
        if not part.exact and not part.excluded:
            found.append(self._words(units(part.words, self.aliases), {"title": TITLE_WORD}))
        return _either(found)

    def _byline(self, close: str) -> Query:
        return Query.boolean_query([(Occur.Must, self._term("byline", pair)) for pair in pairs(close)])

    def _phrases(self, close: str) -> list[Query]:
        return [
            _weighed(self.phrase("title_pairs", close), TITLE_PHRASE),
            _weighed(self.phrase("body_pairs", close), min(BODY_PHRASE + GROWTH * (len(close) - 2), MOST)),
        ]

    def _cut_otherwise(self, close: str, some: Sequence[Unit]) -> Query:
        """Of the texts that hold these characters, those in which they are not these words: `_words` has the others.

        For what is in very many texts: to look at the places of its pairs in each takes five times as long as to look
        for its words, and hardly a text is new.
        """
        cut = Query.boolean_query([(Occur.Must, self._term("body", unit.word)) for unit in some])
        new = [(Occur.Must, self._term("body_pairs", pair)) for pair in pairs(close)]
        # A query of its own, so that its few texts lead and the phrase is only looked at in these.
        new_ones = Query.boolean_query([*new, (Occur.MustNot, cut)])
        return Query.boolean_query([(Occur.Must, new_ones), (Occur.Must, self.phrase("body_pairs", close))])

    def _words(self, some: Sequence[Unit], where: dict[str, float] | None = None) -> Query:
        where = where or {"title": TITLE_WORD, "digest": DIGEST_WORD, "body": BODY_WORD}
        if len(some) > MOST_UNITS:
            frequency = self.opened.searcher.doc_freq
            some = sorted(some, key=lambda unit: frequency("body", unit.word))[:MOST_UNITS]
        needed = len(some) if len(some) <= ALL_OF else ceil(SHARE * len(some))
        found = [(Occur.Should, self._unit(unit, where)) for unit in some]
        return Query.boolean_query(found, needed) if found else Query.empty_query()

    def _unit(self, unit: Unit, where: dict[str, float]) -> Query:
        found = [_weighed(self._term(name, unit.word), weight) for name, weight in where.items()]
        for form in unit.forms if unit.others else ():
            for name in ("title", "body"):
                if name in where:
                    found.append(_weighed(self.phrase(f"{name}_pairs", form), ALIAS * where[name]))
        return _either(found)

    def _term(self, name: str, word: str) -> Query:
        return Query.term_query(self.opened.schema, name, word, "freq")


def _either(some: Sequence[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, one) for one in some])


def _weighed(query: Query, weight: float) -> Query:
    return Query.boost_query(query, weight)
