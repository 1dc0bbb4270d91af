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
from articles.search.query.language.places import (
    by_key,
    outlets_named,
    pointers,
    securities_called,
    securities_named,
)
from articles.search.query.language.whole_first import LOOKED_AT, at_risk, whole_first
from articles.search.query.parse import Question
from articles.search.query.ranking.order import field_of, in_order
from articles.search.query.ranking.outlet_weights import outlet_weights
from articles.search.query.ranking.tellings import Telling, fold
from articles.search.query.results import MOST_PAGES, PER_PAGE, Heard, Hit, SearchRequest, SearchResults
from articles.search.query.snippets import highlight, make_snippet
from articles.search.query.suggest import outlets_called
from articles.search.query.terms import needles

OUTLETS = 3  # linked above the hits
FEW = 5  # articles that hold letters which may be pinyin
# A piece of a figure (2.5 of 12.5%) is found only where nothing holds it whole. What lists by day and the desk's lists
# hold has all words.
_FULL = (Need.WHOLE, Need.ALL)
_MOST = (Need.FIGURES, Need.MOST)
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
    """The index's answer: the hits of one page in order, how many articles there are, how many of them are folded under
    others, tantivy's counts by COUNTS, and the time in ms."""

    page: list[Telling]
    total: int
    folded: int
    counted: Mapping
    milliseconds: float


def search(asked: SearchRequest) -> SearchResults:
    """One page of matching published articles. Raises index.Unavailable."""
    opened = open_searcher()
    if asked.is_empty:
        return SearchResults(asked)
    parsed = _parse(asked, opened)
    return _present(*_respelt(*_by_sound(parsed, _run(parsed))))


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
    matcher = Matcher(opened, known(), by_key(question, named), outlets_named(question))
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
        Matcher(opened, known(), by_key(question, named), outlets_named(question)),
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
        for need in _FULL if parsed.asked.sort == "newest" else _MOST:
            query = parsed.query(need)
            counting = _counting.submit(opened.searcher.aggregate, query, COUNTS)
            page, total, folded = _ranked(parsed, query)
            counted = counting.result()
            if total:
                break
    return Found(page, total, folded, counted, (time.perf_counter() - started) * 1000)


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


def _respelt(parsed: ParsedSearch, found: Found) -> tuple[ParsedSearch, Found]:
    """The search with the nearest spelling, if nothing holds the words as they are typed and it is sure."""
    if found.total or parsed.heard or parsed.readings or parsed.asked.is_narrowed:
        return parsed, found
    words = did_you_mean.sure_spelling(parsed.question, parsed.matcher)
    if not words:
        return parsed, found
    heard = Heard(words, f'"{parsed.question.whole}"', "按相近的写法查找")
    again = replace(_parse(parsed.asked, parsed.matcher.opened, words), heard=heard)
    found_again = _run(again)
    return (again, found_again) if found_again.total else (parsed, found)


def _ranked(parsed: ParsedSearch, query: Query) -> tuple[list[Telling], int, int]:
    """The hits of the requested page, how many articles match, and how many of these are folded under others.

    By relevance the first LOOKED_AT are put in order, folded, and whole words put first, whichever page is asked for,
    so that no story is on two pages; those behind follow as they are.
    """
    asked, searcher = parsed.asked, parsed.matcher.opened.searcher
    offset = (asked.page - 1) * PER_PAGE
    if asked.sort == "newest":
        found = searcher.search(query, PER_PAGE, count=True, offset=offset, order_by_field="date")
        return _unfolded(parsed, found.hits), found.count, 0
    field = field_of(parsed.question, parsed.matcher)
    found = searcher.search(query, LOOKED_AT, count=True, weight_by_field=field)
    hits, titled = found.hits, 0
    if field == "fresh":
        headlines = parsed.matcher.headlines(query, parsed.question)
        first = searcher.search(headlines, LOOKED_AT, count=False, weight_by_field=field).hits
        known = {(place.segment_ord, place.doc) for _, place in first}
        others = (hit for hit in hits if (hit[1].segment_ord, hit[1].doc) not in known)
        titled, hits = len(first), [*first, *others][:LOOKED_AT]
    folded = fold(in_order(hits, titled, parsed.matcher.opened, field, outlet_weights()))
    page = _whole_first(parsed, folded, offset)
    if len(page) < PER_PAGE and found.count > LOOKED_AT:
        behind = LOOKED_AT + max(offset - len(folded), 0)
        more = searcher.search(query, PER_PAGE - len(page), count=False, offset=behind, weight_by_field=field)
        page += _unfolded(parsed, more.hits)
    return page, found.count, len(hits) - len(folded)


def _whole_first(parsed: ParsedSearch, folded: list[Telling], offset: int) -> list[Telling]:
    """The page at this offset."""
    needles = at_risk(parsed.question, parsed.matcher)
    if not needles or offset >= len(folded):
        return folded[offset : offset + PER_PAGE]
    known = {one.id: one for one in folded}
    ids = whole_first(list(known), needles, parsed.question.whole, offset + PER_PAGE)
    return [known[pk] for pk in ids[offset:]]


def _unfolded(parsed: ParsedSearch, hits: Sequence) -> list[Telling]:
    return [Telling(pk) for pk in _ids(parsed.matcher.opened, hits)]


def _ids(opened: Opened, hits: Sequence) -> list[int]:
    return opened.searcher.fast_field_values("id", [place for _, place in hits])


# ------------------------------------------------------------------ present
def _present(parsed: ParsedSearch, found: Found) -> SearchResults:
    asked, question, aliases = parsed.asked, parsed.question, parsed.matcher.aliases
    hits = _hits(found.page, needles(question, aliases))
    # An article withdrawn a moment ago may still be in the index.
    total = found.total - (len(found.page) - len(hits))
    newer, older = _neighbours(asked, total - found.folded)
    return SearchResults(
        asked,
        total,
        found.folded,
        hits,
        facets(asked, found.counted, found.total),
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


def _neighbours(asked: SearchRequest, listed: int) -> tuple[str, str]:
    """The query strings of the previous and the next page; "" if there is none."""
    last = min(-(-listed // PER_PAGE), MOST_PAGES)
    newer = asked.query(page=min(asked.page - 1, max(last, 1))) if asked.page > 1 else ""
    return newer, asked.query(page=asked.page + 1) if asked.page < last else ""


def _hits(page: Sequence[Telling], found_by: Sequence[str]) -> list[Hit]:
    """Those of these articles that are published, as the database has them now."""
    rows = Article.objects.published().filter(pk__in=[one.id for one in page]).as_rows("text")
    found = {row["id"]: row for row in rows}
    return [
        Hit(
            row["id"],
            highlight(row["title"], found_by),
            make_snippet(row["text"], found_by),
            row["at"],
            row["outlet"],
            row["outlet_slug"],
            one.retold,
        )
        for one, row in ((one, found[one.id]) for one in page if one.id in found)
    ]
