"""Build the tantivy query for a parsed question.

Any substring of two or more characters finds its article. That holds because each part of a question, and the whole
question, is also searched as a phrase of pairs. In bodies, words too are searched as phrases of pairs, so the result
does not depend on how the dictionary cut the text around them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntFlag
from math import ceil

from tantivy import FieldType, Occur, Query

from articles.models.summaries import day_bounds
from articles.search.index.index import Opened
from articles.search.index.tokens import pairs, words
from articles.search.query.language.figures import day_forms
from articles.search.query.language.lexicon import figure, figures_with, holding_pair
from articles.search.query.language.places import SHORTEST_CODE, symbol
from articles.search.query.parse import BYLINE, TITLE, Either, Part, Question, day
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
PART_OF_FIGURE = 0.02  # 12.5% in 112.5%
SECURITY = 12.0  # an article that is filed under the security whose code was typed
OUTLET = 6.0  # an article of the outlet whose name was typed
THAT_DAY = 1.0  # an article of the day that was typed
COMMON = 3_000  # articles: a phrase whose rarest pair is in more than this is not searched in bodies
LONGEST_NAME = 4  # characters: a part this short may be a reporter's name


class Need(IntFlag):
    """How much of a question an article must hold: most words or ALL; figures also within others, or as FIGURES."""

    MOST, FIGURES, ALL = 0, 1, 2
    WHOLE = FIGURES | ALL


@dataclass(frozen=True, slots=True)
class Matcher:
    """Makes queries for one opened index. `securities`, `outlets`: by the key of a part, the ids of those it names."""

    opened: Opened
    aliases: Aliases
    securities: Mapping[str, Sequence[int]] = field(default_factory=dict)
    outlets: Mapping[str, Sequence[int]] = field(default_factory=dict)

    def query(
        self, question: Question, clauses: Sequence[tuple[Occur, Query]] = (), need: Need = Need.MOST
    ) -> Query:
        """Match the words of a question and its filters (`clauses`); or the whole question as a literal phrase,
        whatever its words mean as syntax. A question without words matches everything."""
        asked = [self._node(one, need) for one in question.parts]
        if all(occur is Occur.MustNot for occur, _ in asked):
            asked.insert(0, (Occur.Must, Query.all_query()))
        # Only signs without meaning, such as "".
        is_nothing = question.whole and not question.parts and not clauses
        parted = Query.empty_query() if is_nothing else Query.boolean_query([*asked, *clauses])
        close = key(question.whole)
        only = question.parts[0] if len(question.parts) == 1 and question.is_plain else None
        if len(close) < 2 or (isinstance(only, Part) and close == key(only.words)):
            return parted
        # A body that contains the whole phrase contains every part, so the parts find it already.
        sparing = question.is_plain and all(len(key(part.words)) > 1 for part in question.wanted)
        found = self._phrases(close, in_body=not (sparing and self._is_common(close)))
        some = [unit for part in question.wanted for unit in self.units(part.words)]
        return _either([parted, *self._with_figures(found, some, need)])

    def headlines(self, query: Query, question: Question) -> Query:
        """Of what a query finds, the articles whose title holds all words of a question; scored as by the query."""
        some = [unit for part in question.wanted for unit in self.units(part.words)]
        held = [
            (Occur.Must, _either([self._phrase("title_pairs", form) for form in unit.forms])) for unit in some
        ]
        return Query.boolean_query(
            [(Occur.Must, query), (Occur.Must, Query.const_score_query(Query.boolean_query(held), 0.0))]
        )

    def _node(self, one: Part | Either, need: Need) -> tuple[Occur, Query]:
        if isinstance(one, Part):
            made = self._part(one, need)
        else:
            made = _either([Query.boolean_query(self._choice(some, need)) for some in one.choices])
        return Occur.MustNot if one.excluded else Occur.Must, made

    def _choice(self, some: Sequence[Part | Either], need: Need) -> list[tuple[Occur, Query]]:
        made = [self._node(one, need) for one in some]
        if all(occur is Occur.MustNot for occur, _ in made):
            made.insert(0, (Occur.Must, Query.all_query()))
        return made

    # -------------------------------------------------------------- parts
    def _part(self, part: Part, need: Need) -> Query:
        close = key(part.words)
        if part.field == BYLINE:
            return self._byline(close)
        if part.excluded or part.exact or part.field == TITLE:
            return self._as_it_stands(part, close, need)
        if len(close) == 1:
            return self._character(close)
        found = self._open_part(part, close, need)
        if named := self.securities.get(close):
            filed = Query.term_set_query(self.opened.schema, "security", list(named))
            found.append(Query.const_score_query(filed, SECURITY))
        code, market = symbol(close.upper())
        if market and len(code) >= SHORTEST_CODE and code.isdigit():  # texts write the code alone
            found += self._open_part(Part(code), code, need)
        if named := self.outlets.get(close):
            printed = Query.term_set_query(self.opened.schema, "source", list(named))
            found.append(Query.const_score_query(printed, OUTLET))
        if len(close) <= LONGEST_NAME:
            found.append(self._byline(close))
        return _either(found)

    def _open_part(self, part: Part, close: str, need: Need) -> list[Query]:
        if on := day(part.words):
            forms = [(form, token) for form, token in day_forms(on) if self._is_known(form)]
            found = [self._day(form, token) for form, token in forms]
            return found if Need.ALL in need else [*found, *self._of_day(on)]
        some = self.units(part.words)
        if some == [Unit(close)]:
            return self._one_word(close)
        if len(some) == 1 and not some[0].others and some[0].word == close:
            return [self._unit(some[0], need), *([] if some[0].is_whole else self._phrases(close))]
        # As in `query`: a body with this phrase contains all its words.
        sparing = any(len(unit.word) > 1 for unit in some)
        literal = self._phrases(close, in_body=not (sparing and self._is_common(close)))
        return [self._words(some, need), *self._with_figures(literal, some, need)]

    def _with_figures(self, literal: list[Query], some: Sequence[Unit], need: Need) -> list[Query]:
        """A literal phrase, which may begin or end within a figure: with the figures themselves if they are needed."""
        tokens = [token for unit in some for token in unit.tokens] if Need.FIGURES in need else []
        if not tokens:
            return literal
        held = [(Occur.Must, self._figure(token)) for token in tokens]
        return [Query.boolean_query([*held, (Occur.Must, _either(literal))])]

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

    def _as_it_stands(self, part: Part, close: str, need: Need) -> Query:
        """Match a part as a phrase; in titles, most of its words match too unless it is quoted or excluded."""
        if len(close) == 1:
            return self._term("title_chars", close)
        if part.field != TITLE:
            some = self.units(part.words)
            if len(some) == 1 and some[0].tokens and some[0].word == close:
                # Without 5% is not without 15%.
                return self._unit(some[0], need | Need.FIGURES if part.excluded else need)
            return _either(self._phrases(close))
        found = [_weighed(self._phrase("title_pairs", close), TITLE_PHRASE)]
        if not part.exact and not part.excluded:
            found.append(self._words(self.units(part.words), need, in_title=True))
        return _either(found)

    def _byline(self, close: str) -> Query:
        return Query.boolean_query([(Occur.Must, self._term("byline", pair)) for pair in pairs(close)])

    def _phrases(self, close: str, *, in_body: bool = True) -> list[Query]:
        found = [_weighed(self._phrase("title_pairs", close), TITLE_PHRASE)]
        if in_body:
            found.append(_weighed(self._phrase("body_pairs", close), _phrase_weighs(close)))
        return found

    # -------------------------------------------------------------- words
    def units(self, text: str) -> list[Unit]:
        """The units of a part that this index is asked for."""
        return units(text, self.aliases, self._is_known)

    def _words(self, some: Sequence[Unit], need: Need, *, in_title: bool = False) -> Query:
        """Match most of these words, or all that are needed, anywhere or only `in_title`. Single characters count in
        titles only; figures and codes must match."""
        # A single character is no pair; its frequency of zero would make it look like the rarest word.
        telling = [unit for unit in some if len(unit.word) > 1 or in_title] or list(some)
        short = [unit for unit in some if unit not in telling][:MOST_UNITS]
        must = [unit for unit in telling if unit.is_whole or Need.ALL in need]
        telling = [unit for unit in telling if unit not in must]
        if len(telling) > MOST_UNITS:
            telling = sorted(telling, key=self._rarity)[:MOST_UNITS]
        needed = len(telling) if len(telling) <= ALL_OF else ceil(SHARE * len(telling))
        found = [(Occur.Must, self._unit(unit, need, in_title)) for unit in must]
        if telling:
            enough = [(Occur.Should, self._unit(unit, need, in_title)) for unit in telling]
            found.append((Occur.Must, Query.boolean_query(enough, needed)))
        if not found:
            return Query.empty_query()
        more = [(Occur.Should, self._unit(unit, need, in_title)) for unit in short]
        return Query.boolean_query([*found, *more])

    def _unit(self, unit: Unit, need: Need, in_title: bool = False) -> Query:
        if unit.is_whole or unit.joined:
            return self._whole(unit, need, in_title)
        found = [_weighed(self._term("title", unit.word), TITLE_WORD)]
        if not in_title:
            found.append(_weighed(self._term("digest", unit.word), DIGEST_WORD))
            found += self._in_body(unit.word, BODY_WORD)
        for form in unit.forms if unit.others else ():
            found += self._form(form, ALIAS, in_title)
        return _either(found)

    def _form(self, form: str, weight: float, in_title: bool) -> list[Query]:
        found = [_weighed(self._phrase("title_pairs", form), weight * TITLE_WORD)]
        if not in_title:
            found.append(_weighed(self._phrase("body_pairs", form), weight * BODY_WORD))
        return found

    def _whole(self, unit: Unit, need: Need, in_title: bool) -> Query:
        """A figure, a code or a joined word: a phrase. A figure that is only part of another one is far behind it."""
        found = self._form(unit.word, 1.0, in_title)
        for form in unit.others:
            found += self._form(form, ALIAS, in_title)
        if not unit.is_whole and not in_title:
            cut = [(Occur.Must, self._term("digest", word)) for word in words(unit.word)]
            found.append(_weighed(Query.boolean_query(cut), DIGEST_WORD))
        if not unit.tokens:
            return _either(found)
        tokens = [(Occur.Must, self._figure(token)) for token in unit.tokens]
        part = _weighed(_either(found), PART_OF_FIGURE)
        if not in_title and unit.tokens == (unit.word.replace(",", ""),):
            exact = Query.boolean_query([*tokens, *((Occur.Should, one) for one in found)])
            if self._is_common(unit.word):
                longer = figures_with(self.opened, unit.tokens[0])
                held = Query.term_set_query(self.opened.schema, "figures", longer)
                part = _weighed(Query.const_score_query(held, BODY_WORD), PART_OF_FIGURE)
        else:
            exact = Query.boolean_query([*tokens, (Occur.Must, _either(found))])
        return exact if Need.FIGURES in need else _either([exact, part])

    def _figure(self, token: str) -> Query:
        return _weighed(figure(self.opened, token), BODY_WORD)

    def _day(self, form: str, token: str) -> Query:
        """A day as texts write it; `token`: the figure at its end, which must be no part of a longer one."""
        found = _either(self._phrases(form))
        if not token:
            return found
        return Query.boolean_query([(Occur.Must, found), (Occur.Must, self._figure(token))])

    def _of_day(self, on: date) -> list[Query]:
        """Articles that came out on a day, behind those that name it; none before 1970, which the index leaves out."""
        start, end = (max(int(at.timestamp()), 0) for at in day_bounds(on))
        if not end:
            return []
        schema = self.opened.schema
        that_day = Query.range_query(schema, "date", FieldType.Unsigned, start, end, include_upper=False)
        return [Query.const_score_query(that_day, THAT_DAY)]

    def _in_body(self, word: str, weight: float) -> list[Query]:
        """A word in bodies; none for a single character, which almost every text contains."""
        return [_weighed(self._phrase("body_pairs", word), weight / lists(word))] if len(word) > 1 else []

    # -------------------------------------------------------------- how often
    def count(self, part: Part) -> int:
        """The number of articles that a part finds."""
        return self.opened.searcher.search(self._part(part, Need.MOST), 1, count=True).count

    def holding(self, close: str) -> int:
        """The number of articles that hold this phrase in their title or body."""
        return self.opened.searcher.search(_either(self._phrases(close)), 1, count=True).count

    def articles_with(self, pair: str) -> int:
        """The number of articles with two characters side by side."""
        return sum(holding_pair(self.opened, name, pair) for name in ("body_pairs", "title_pairs"))

    def _is_known(self, close: str) -> bool:
        """Whether some text may contain this phrase."""
        return any(all(frequencies(self.opened, name, close)) for name in ("body_pairs", "title_pairs"))

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
