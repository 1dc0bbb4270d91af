"""The order of hits: how well each matches, how new it is, and how much its outlet counts.

The engine ranks by the words and, a little, by the date. Its first hits are put in order here, where a question's own
half-life is known: that of a topic with hits every day is short, that of a name with ten hits in ten years long.
"""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from statistics import median

from articles.search.index.index import Opened
from articles.search.index.recency import SECONDS_A_YEAR, factor
from articles.search.query.build import Matcher
from articles.search.query.parse import Question
from articles.search.query.phrases import frequencies

# A topic is named by few words, each of them in many titles: so many, or this share of all articles.
_MOST_WORDS, _MANY, _SHARE, _FEWEST = 3, 80, 0.002, 2
_SHORTEST = 0.1  # years: the half-life at least
_OTHERS = 0.1  # exponent: how much a date counts where there is no topic
# Of a topic, headlines come before what only mentions it, however old: what is left of an old one, times what it gains.
_LEFT, _TITLED = 0.3, 5.0
# Among articles on a topic it says little how often each names it.
_REPEATED = 0.4
Hits = Sequence[tuple[float, object]]


def field_of(question: Question, matcher: Matcher) -> str:
    """The field of the index by which a question's hits are weighted: `fresh` for a topic, else `weight`."""
    return "fresh" if _is_topic(question, matcher) else "weight"


def in_order(
    hits: Hits, headlines: int, opened: Opened, field: str, outlets: Mapping[int, float]
) -> list[tuple[int, float]]:
    """The ids of the engine's hits, which it weighted by `field`, with their scores, best first.

    `headlines`: how many of the first hits have a topic in their title. `outlets`: the weights, by id, of those that
    have another than 1.
    """
    places = [place for _, place in hits]
    ids, dates, sources = (
        opened.searcher.fast_field_values(name, places) for name in ("id", "date", "source")
    )
    if not ids:
        return []
    newest = max(dates)
    ages = [(newest - one) / SECONDS_A_YEAR for one in dates]
    half_life = max(median(ages), _SHORTEST)
    is_topic = field == "fresh"
    titled = [at < headlines for at in range(len(ids))]
    scores = {
        pk: (score / factor(field, date)) ** (_REPEATED if is_topic else 1.0)
        * outlets.get(source, 1.0)
        * _freshness(age / half_life, is_topic)
        * (_TITLED if in_title else 1.0)
        for pk, (score, _), date, source, age, in_title in zip(
            ids, hits, dates, sources, ages, titled, strict=True
        )
    }
    return sorted(scores.items(), key=itemgetter(1), reverse=True)


def _freshness(half_lives: float, is_topic: bool) -> float:
    if not is_topic:
        return (1 + half_lives) ** -_OTHERS
    return _LEFT + (1 - _LEFT) / (1 + half_lives)


def _is_topic(question: Question, matcher: Matcher) -> bool:
    units = [unit for part in question.wanted for unit in matcher.units(part.words)]
    if not 1 <= len(units) <= _MOST_WORDS or any(unit.is_whole or len(unit.word) < 2 for unit in units):
        return False
    many = min(_MANY, max(_FEWEST, _SHARE * matcher.opened.searcher.num_docs))
    return all(min(frequencies(matcher.opened, "title_pairs", unit.word)) >= many for unit in units)
