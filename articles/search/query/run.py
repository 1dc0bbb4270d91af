"""Search: parse a request, run it against the index, present the results.

The index finds and ranks; the database decides what is shown. Nothing is written here: the view counts queries without
results.
"""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from tantivy import Occur, Query

from articles.models import Article, Security
from articles.search.index.index import Opened, open_searcher, search_timeout
from articles.search.query import did_you_mean, filters, parse
from articles.search.query.aliases import known
from articles.search.query.build import Matcher, Need
from articles.search.query.describe import describe
from articles.search.query.facets import COUNTS, facets
from articles.search.query.filters import SearchFilters
from articles.search.query.language.by_sound import Reading, readings
from articles.search.query.language.places import by_key, pointers, securities_called, securities_named
from articles.search.query.language.whole_first import LOOKED_AT, at_risk, whole_first
from articles.search.query.parse import Question
from articles.search.query.results import MOST_PAGES, PER_PAGE, Heard, Hit, SearchRequest, SearchResults
from articles.search.query.snippets import highlight, make_snippet
from articles.search.query.suggest import outlets_called
from articles.search.query.terms import needles

OUTLETS = 3  # linked above the hits
FEW = 5  # articles that hold letters which may be pinyin
# What lists by day and the desk's lists hold: a piece of a figure (2.5 of 12.5%) only where nothing holds it whole.
_FULL = (Need.WHOLE, Need.ALL)
# tantivy releases the GIL, so facets are counted in one thread while another ranks.
_counting = ThreadPoolExecutor(4, "search-facets")


@dataclass(frozen=True, slots=True)
class ParsedSearch:
    """A request with its query parsed and its filters looked up, for one opened index."""

    asked: SearchRequest
    question: Question
    matcher: Matcher
    by_words: SearchFilters
    by_choice: SearchFilters
    named: list[Security]
    readings: Sequence[Reading] = ()  # of Latin letters that next to nothing holds
    heard: Heard | None = None  # the one of them that is searched for

    def query(self, need: Need = Need.MOST) -> Query:
        """The full query: the words, the filters, and what readers may see."""
        words = self.matcher.query(self.question, self.by_words.clauses, need)
        public = filters.to_public(self.matcher.opened.schema)
        return Query.boolean_query([(Occur.Must, words), *self.by_choice.clauses, *public])


@dataclass(frozen=True, slots=True)
class Found:
    """The index's answer: the ids of one page in order, the total, tantivy's counts by COUNTS, and the time in ms."""

    ids: list[int]
    total: int
    counted: Mapping
    milliseconds: float


def search(asked: SearchRequest) -> SearchResults:
    """One page of matching published articles. Raises index.Unavailable."""
    opened = open_searcher()
    if asked.is_empty:
        return SearchResults(asked)
    parsed = _parse(asked, opened)
    return _present(*_by_sound(parsed, _run(parsed)))


def ids(words: str, *, hidden: bool, limit: int) -> list[int]:
    """The ids of articles that hold all that is asked for, best first; with `hidden` also drafts, withdrawn and
    scheduled ones.

    Raises index.Unavailable.
    """
    opened, question = open_searcher(), parse.read(words)
    if not question.parts and not question.filters and not question.since and not question.until:
        return []
    by_words = filters.by_words(opened.schema, question, hidden).clauses
    named = securities_named(question, hidden)
    matcher = Matcher(opened, known(), by_key(question, named))
    public = [] if hidden else filters.to_public(opened.schema)
    with search_timeout():
        for need in _FULL:
            clauses = [(Occur.Must, matcher.query(question, by_words, need)), *public]
            asked = Query.boolean_query(clauses)
            found = opened.searcher.search(asked, limit, count=False, weight_by_field="weight")
            if found.hits:
                break
        return _ids(opened, found.hits)


# ------------------------------------------------------------------ parse
def _parse(asked: SearchRequest, opened: Opened, words: str = "") -> ParsedSearch:
    question = parse.read(words or asked.q)
    named = securities_named(question)
    return ParsedSearch(
        asked,
        question,
        Matcher(opened, known(), by_key(question, named)),
        filters.by_words(opened.schema, question),
        filters.by_choice(opened.schema, asked),
        named,
    )


# ------------------------------------------------------------------ run
def _run(parsed: ParsedSearch) -> Found:
    opened = parsed.matcher.opened
    started = time.perf_counter()
    with search_timeout():
        # By day, what holds half of the question would stand before what holds all of it.
        for need in _FULL if parsed.asked.sort == "newest" else (Need.MOST,):
            query = parsed.query(need)
            counting = _counting.submit(opened.searcher.aggregate, query, COUNTS)
            ids, total = _ranked(parsed, query)
            counted = counting.result()
            if total:
                break
    return Found(ids, total, counted, (time.perf_counter() - started) * 1000)


def _by_sound(parsed: ParsedSearch, found: Found) -> tuple[ParsedSearch, Found]:
    """The search with what its Latin letters may mean in pinyin; of the one name that they mean, if nothing holds the
    letters themselves."""
    if found.total > FEW:
        return parsed, found
    asked, opened = parsed.asked, parsed.matcher.opened
    ways = readings(parsed.question, parsed.matcher.holding, parsed.matcher.articles_with)
    held = did_you_mean.count(parsed.question, parsed.matcher) if ways else 0  # also without the filters
    if held:
        ways = [one for one in ways if one.is_sure and held <= FEW]
    only = ways[0] if len(ways) == 1 and ways[0].is_sure else None
    if only and not held:
        again = replace(_parse(asked, opened, only.heard.words), heard=only.heard)
        found_again = _run(again)
        if found_again.total:
            return again, found_again
    named = securities_called(name for way in ways for name in way.names)
    return replace(parsed, readings=ways, named=[*parsed.named, *named]), found


def _ranked(parsed: ParsedSearch, query: Query) -> tuple[list[int], int]:
    """The ids of the requested page, and the total count."""
    asked, opened = parsed.asked, parsed.matcher.opened
    offset = (asked.page - 1) * PER_PAGE
    if asked.sort == "newest":
        found = opened.searcher.search(query, PER_PAGE, count=True, offset=offset, order_by_field="date")
        return _ids(opened, found.hits), found.count
    needles = at_risk(parsed.question, parsed.matcher)
    if not needles or offset >= LOOKED_AT:
        found = opened.searcher.search(query, PER_PAGE, count=True, offset=offset, weight_by_field="weight")
        return _ids(opened, found.hits), found.count
    found = opened.searcher.search(query, LOOKED_AT, count=True, weight_by_field="weight")
    ordered = whole_first(_ids(opened, found.hits), needles, parsed.question.whole, offset + PER_PAGE)
    return ordered[offset:], found.count


def _ids(opened: Opened, hits: Sequence) -> list[int]:
    return opened.searcher.fast_field_values("id", [place for _, place in hits])


# ------------------------------------------------------------------ present
def _present(parsed: ParsedSearch, found: Found) -> SearchResults:
    asked, question, aliases = parsed.asked, parsed.question, parsed.matcher.aliases
    hits = _hits(found.ids, needles(question, aliases))
    # An article withdrawn a moment ago may still be in the index.
    total = found.total - (len(found.ids) - len(hits))
    newer, older = _neighbours(asked, total)
    return SearchResults(
        asked,
        total,
        hits,
        facets(asked, found.counted),
        said=[
            *describe(question, aliases, parsed.matcher.units),
            *parsed.by_words.said,
            *parsed.by_choice.said,
        ],
        meant=did_you_mean.offers(asked, question, parsed.matcher, total, parsed.readings),
        heard=parsed.heard,
        places=pointers(question, parsed.named) if asked.page == 1 else [],
        outlets=outlets_called(question.whole, OUTLETS) if question.is_plain and asked.page == 1 else [],
        newer=newer,
        older=older,
        milliseconds=found.milliseconds,
        is_plain=question.is_plain and not asked.is_narrowed,
    )


def _neighbours(asked: SearchRequest, total: int) -> tuple[str, str]:
    """The query strings of the previous and the next page; "" if there is none."""
    last = min(-(-total // PER_PAGE), MOST_PAGES)
    newer = asked.query(page=min(asked.page - 1, max(last, 1))) if asked.page > 1 else ""
    return newer, asked.query(page=asked.page + 1) if asked.page < last else ""


def _hits(ids: Sequence[int], found_by: Sequence[str]) -> list[Hit]:
    """Those of these articles that are published, as the database has them now."""
    rows = Article.objects.published().filter(pk__in=ids).as_rows("text")
    found = {row["id"]: row for row in rows}
    return [
        Hit(
            row["id"],
            highlight(row["title"], found_by),
            make_snippet(row["text"], found_by),
            row["at"],
            row["outlet"],
            row["outlet_slug"],
        )
        for row in (found[pk] for pk in ids if pk in found)
    ]
