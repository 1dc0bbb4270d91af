"""A question, turned into what tantivy looks for.

The promise that any piece of an article of two characters or more finds it is kept by the pairs: a part of a
question, and the whole of it, is looked for as a phrase of pairs too, whatever its words are. In a body the words
themselves are phrases of pairs, so that a word is found however a dictionary would cut the text around it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from tantivy import Occur, Query

from articles.search.index.index import Opened
from articles.search.index.tokens import pairs
from articles.search.query.parse import BYLINE, TITLE, Part, Question
from articles.search.query.phrases import frequencies, lists, phrase
from articles.search.query.terms import Aliases, Unit, key, units

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
        # A body that holds all of it side by side holds every part, and is found by these already.
        sparing = question.is_plain and all(len(key(part.words)) > 1 for part in question.parts)
        found = self._phrases(close, in_body=not (sparing and self._is_common(close)))
        return _either([parted, *found])

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
        if some == [Unit(close)]:
            found = self._one_word(close)
        else:
            # As above: all its words are in it.
            sparing = any(len(unit.word) > 1 for unit in some)
            found = [
                self._words(some),
                *self._phrases(close, in_body=not (sparing and self._is_common(close))),
            ]
        if len(close) <= LONGEST_NAME:
            found.append(self._byline(close))
        return _either(found)

    def _character(self, one: str) -> Query:
        names = {"title_chars": TITLE_WORD, "title": 1.0, "digest": DIGEST_WORD}
        return _either([_weighed(self._term(name, one), weight) for name, weight in names.items()])

    def _one_word(self, word: str) -> list[Query]:
        """A part that is one word: as a word and as a phrase at once."""
        return [
            _weighed(self._phrase("title_pairs", word), TITLE_WORD / lists(word) + TITLE_PHRASE),
            _weighed(self._term("digest", word), DIGEST_WORD),
            _weighed(self._phrase("body_pairs", word), BODY_WORD / lists(word) + _phrase_weighs(word)),
        ]

    def _as_it_stands(self, part: Part, close: str) -> Query:
        """By its characters; a title may also be asked for by most of its words."""
        if len(close) == 1:
            return self._term("title_chars", close)
        if part.field != TITLE:
            return _either(self._phrases(close))
        found = [_weighed(self._phrase("title_pairs", close), TITLE_PHRASE)]
        if not part.exact and not part.excluded:
            found.append(self._words(units(part.words, self.aliases), in_title=True))
        return _either(found)

    def _byline(self, close: str) -> Query:
        return Query.boolean_query([(Occur.Must, self._term("byline", pair)) for pair in pairs(close)])

    def _phrases(self, close: str, *, in_body: bool = True) -> list[Query]:
        found = [_weighed(self._phrase("title_pairs", close), TITLE_PHRASE)]
        if in_body:
            found.append(_weighed(self._phrase("body_pairs", close), _phrase_weighs(close)))
        return found

    def _words(self, some: Sequence[Unit], *, in_title: bool = False) -> Query:
        """Most of these words, anywhere or only `in_title`. Those of one character only count in titles."""
        # A single character is in no list of pairs, and would pass for the rarest.
        telling = [unit for unit in some if len(unit.word) > 1 or in_title] or list(some)
        short = [unit for unit in some if unit not in telling][:MOST_UNITS]
        if len(telling) > MOST_UNITS:
            telling = sorted(telling, key=self._rarity)[:MOST_UNITS]
        needed = len(telling) if len(telling) <= ALL_OF else ceil(SHARE * len(telling))
        found = [(Occur.Should, self._unit(unit, in_title)) for unit in telling]
        if not found:
            return Query.empty_query()
        more = [(Occur.Should, self._unit(unit, in_title)) for unit in short]
        return Query.boolean_query([(Occur.Must, Query.boolean_query(found, needed)), *more])

    def _unit(self, unit: Unit, in_title: bool) -> Query:
        found = [_weighed(self._term("title", unit.word), TITLE_WORD)]
        if not in_title:
            found.append(_weighed(self._term("digest", unit.word), DIGEST_WORD))
            found += self._in_body(unit.word, BODY_WORD)
        for form in unit.forms if unit.others else ():
            found.append(_weighed(self._phrase("title_pairs", form), ALIAS * TITLE_WORD))
            if not in_title:
                found.append(_weighed(self._phrase("body_pairs", form), ALIAS * BODY_WORD))
        return _either(found)

    def _in_body(self, word: str, weight: float) -> list[Query]:
        """A word in a body; one of a single character is in every text, and says nothing."""
        return [_weighed(self._phrase("body_pairs", word), weight / lists(word))] if len(word) > 1 else []

    def _rarity(self, unit: Unit) -> int:
        return min(frequencies(self.opened, "body_pairs", unit.word))

    def _is_common(self, close: str) -> bool:
        return len(close) > 2 and min(frequencies(self.opened, "body_pairs", close)) > COMMON

    def _phrase(self, name: str, close: str) -> Query:
        return phrase(self.opened, name, close)

    def _term(self, name: str, word: str) -> Query:
        return Query.term_query(self.opened.schema, name, word, "freq")


def _either(some: Sequence[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, one) for one in some])


def _weighed(query: Query, weight: float) -> Query:
    return Query.boost_query(query, weight)


def _phrase_weighs(close: str) -> float:
    """What characters weigh that stand in a body side by side."""
    return min(BODY_PHRASE + GROWTH * (len(close) - 2), MOST)
