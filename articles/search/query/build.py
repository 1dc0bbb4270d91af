"""Build the tantivy query for a parsed question.

Any substring of two or more characters finds its article. That holds because each part of a question, and the whole
question, is also searched as a phrase of pairs. In bodies, words too are searched as phrases of pairs, so the result
does not depend on how the dictionary cut the text around them.
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

# The share of a part's words that must match; of one or two words, all must.
SHARE = 0.75
ALL_OF = 2
MOST_UNITS = 16  # words per part, the rarest: common ones add little, and each has a long posting list
# Weights by field. Tuned on known items among the bench's 19,876 real articles.
TITLE_WORD, DIGEST_WORD, BODY_WORD = 2.5, 1.2, 1.0
TITLE_PHRASE = 3.0
# The longer the matching phrase, the less likely it matches by chance.
BODY_PHRASE, GROWTH, MOST = 0.5, 0.5, 6.0  # for two characters, for each one more, and the maximum
ALIAS = 0.8  # a word the reader did not type weighs less
COMMON = 3_000  # articles: a phrase whose rarest pair is in more than this is not searched in bodies
LONGEST_NAME = 4  # characters: a part this short may be a reporter's name


@dataclass(frozen=True, slots=True)
class Matcher:
    """Makes queries for one opened index."""

    opened: Opened
    aliases: Aliases

    def query(self, question: Question, clauses: Sequence[tuple[Occur, Query]] = ()) -> Query:
        """Match the words of a question and its filters (`clauses`); or the whole question as a literal phrase,
        whatever its words mean as syntax. A question without words matches everything."""
        asked = [
            (Occur.MustNot if part.excluded else Occur.Must, self._part(part)) for part in question.parts
        ]
        if not question.wanted:
            asked.insert(0, (Occur.Must, Query.all_query()))
        # Only signs without meaning, such as "".
        is_nothing = question.whole and not question.parts and not clauses
        parted = Query.empty_query() if is_nothing else Query.boolean_query([*asked, *clauses])
        close = key(question.whole)
        if len(close) < 2 or (question.is_plain and [close] == [key(part.words) for part in question.parts]):
            return parted
        # A body that contains the whole phrase contains every part, so the parts find it already.
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
            # As in `query`: a body with this phrase contains all its words.
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
        """A part that is a single word: score it as a word and as a phrase in one query."""
        return [
            _weighed(self._phrase("title_pairs", word), TITLE_WORD / lists(word) + TITLE_PHRASE),
            _weighed(self._term("digest", word), DIGEST_WORD),
            _weighed(self._phrase("body_pairs", word), BODY_WORD / lists(word) + _phrase_weighs(word)),
        ]

    def _as_it_stands(self, part: Part, close: str) -> Query:
        """Match a part as a phrase; in titles, most of its words match too unless it is quoted or excluded."""
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
        """Match most of these words, anywhere or only `in_title`. Single characters count in titles only."""
        # A single character is no pair; its frequency of zero would make it look like the rarest word.
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
        """A word in bodies; none for a single character, which almost every text contains."""
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
    """The weight of a phrase in a body, by its length."""
    return min(BODY_PHRASE + GROWTH * (len(close) - 2), MOST)
