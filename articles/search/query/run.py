"""Search: a question in, what was found out. The index finds and ranks; what is shown, the database decides."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from tantivy import Occur, Query

from articles.models import Article
from articles.search.index.index import Opened, open_searcher, search_timeout
from articles.search.query import did_you_mean, filters, parse, unanswered
from articles.search.query.aliases import known
from articles.search.query.build import Matcher
from articles.search.query.describe import describe
from articles.search.query.facets import COUNTS, facets
from articles.search.query.results import MOST_PAGES, PER_PAGE, Hit, SearchRequest, SearchResults
from articles.search.query.snippets import highlight, make_snippet
from articles.search.query.suggest import outlets_called
from articles.search.query.terms import needles

# What a page needs of search, all in one place.

OUTLETS = 3  # shown above what was found
# tantivy works outside of Python's lock: it counts in one thread while it ranks in another.
_counting = ThreadPoolExecutor(4, "search-facets")


def search(asked: SearchRequest, *, by_reader: bool = True) -> SearchResults:
    """A page of what is published and fits. A question in vain is counted, unless it is a machine's that asks it
    again and again. Raises index.Unavailable."""
    opened = open_searcher()
    if not asked.q and not asked.is_narrowed:
        return SearchResults(asked)
    question, aliases = parse.read(asked.q), known()
    matcher = Matcher(opened, aliases)
    by_words = filters.by_words(opened.schema, question)
    by_choice = filters.by_choice(opened.schema, asked)
    started = time.perf_counter()
    with search_timeout():
        clauses = [(Occur.Must, matcher.query(question, by_words.clauses)), *by_choice.clauses]
        found_by = Query.boolean_query([*clauses, *filters.to_public(opened.schema)])
        counting = _counting.submit(opened.searcher.aggregate, found_by, COUNTS)
        ids, total = _ranked(opened, found_by, asked)
        counted = counting.result()
    milliseconds = (time.perf_counter() - started) * 1000
    hits = _hits(ids, needles(question, aliases))
    # What the index has not heard of yet: withdrawn a moment ago.
    total -= len(ids) - len(hits)
    if by_reader and not total and asked.page == 1 and question.is_plain and not asked.is_narrowed:
        unanswered.note(asked.q)
    last = min(-(-total // PER_PAGE), MOST_PAGES)
    return SearchResults(
        asked,
        total,
        hits,
        facets(asked, counted),
        [*describe(question, aliases), *by_words.said, *by_choice.said],
        [] if total else did_you_mean.suggestions_for(asked, question, matcher),
        outlets_called(asked.q, OUTLETS) if question.is_plain and asked.page == 1 else [],
        newer=asked.query(page=min(asked.page - 1, max(last, 1))) if asked.page > 1 else "",
        older=asked.query(page=asked.page + 1) if asked.page < last else "",
        milliseconds=milliseconds,
    )


def ids(words: str, *, hidden: bool, limit: int) -> list[int]:
    """Articles (ids) that fit, best first; with `hidden` drafts, withdrawn and scheduled ones too. Raises
    index.Unavailable."""
    opened, question = open_searcher(), parse.read(words)
    if not question.parts and not question.filters and not question.since and not question.until:
        return []
    by_words = filters.by_words(opened.schema, question, hidden).clauses
    matcher = Matcher(opened, known())
    with search_timeout():
        clauses = [(Occur.Must, matcher.query(question, by_words))]
        if not hidden:
            clauses += filters.to_public(opened.schema)
        asked = Query.boolean_query(clauses)
        found = opened.searcher.search(asked, limit, count=False, weight_by_field="weight")
        return _ids(opened, found.hits)


def _ranked(opened: Opened, found_by: Query, asked: SearchRequest) -> tuple[list[int], int]:
    """The ids of the page that is asked for, and how many were found in all."""
    order = {"order_by_field": "date"} if asked.sort == "newest" else {"weight_by_field": "weight"}
    offset = (asked.page - 1) * PER_PAGE
    found = opened.searcher.search(found_by, PER_PAGE, count=True, offset=offset, **order)
    return _ids(opened, found.hits), found.count


def _ids(opened: Opened, hits: Sequence) -> list[int]:
    return opened.searcher.fast_field_values("id", [place for _, place in hits])


def _hits(ids: Sequence[int], found_by: Sequence[str]) -> list[Hit]:
    """The published ones of these, as the database has them now."""
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
