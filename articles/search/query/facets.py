"""Facets of a search result: the index counts them, the database names their values."""

from collections.abc import Callable, Mapping
from datetime import date

from articles.search.query.filters import outlet, section, security
from articles.search.query.results import Choice, Facet, SearchRequest
from articles.taxonomy import public_names
from articles.taxonomy.public_names import navigation

# Number of values per field of the index. Fewer are faster.
SHOWN = {"source": 12, "category": 20, "year": 12, "security": 8}
LABELS = {"source": "来源", "category": "栏目", "year": "年份", "security": "证券"}
COUNTS = {name: {"terms": {"field": name, "size": size}} for name, size in SHOWN.items()}

Named = Mapping[int, tuple[str, str]]  # id: (name, its form in the URL)


def facets(asked: SearchRequest, counted: Mapping) -> list[Facet]:
    """The facets of a search, from tantivy's aggregation by COUNTS. A chosen value is always shown."""
    made = []
    for name, read in _READERS.items():
        counts = {int(one["key"]): one["doc_count"] for one in counted[name]["buckets"]}
        if choices := read(asked, {key: count for key, count in counts.items() if key}):
            made.append(Facet(name, LABELS[name], choices))
    return made


def _outlets(asked: SearchRequest, counts: dict[int, int]) -> list[Choice]:
    chosen = outlet(asked.source) if asked.source else []
    pks = {*counts, *(pk for pk, _ in chosen)}
    named = {
        pk: words
        for pk, *words in public_names.outlets().filter(pk__in=pks).values_list("pk", "name", "slug")
    }
    return _choices(asked, "source", counts, named, dict(chosen))


def _sections(asked: SearchRequest, counts: dict[int, int]) -> list[Choice]:
    named = {one["id"]: (one["name"], one["slug"]) for one in navigation()}
    chosen = section(asked.category) if asked.category else []
    return _choices(asked, "category", counts, named, dict(chosen))


def _securities(asked: SearchRequest, counts: dict[int, int]) -> list[Choice]:
    chosen = security(asked.security) if asked.security else []
    some = public_names.securities().filter(pk__in={*counts, *(pk for pk, _ in chosen)})
    named = {one.pk: (str(one), one.symbol) for one in some}
    return _choices(asked, "security", counts, named, dict(chosen))


def _years(asked: SearchRequest, counts: dict[int, int]) -> list[Choice]:
    """Newest first. A chosen year is a range from its first to its last day."""
    choices = []
    for year in sorted(counts, reverse=True):
        first, last = date(year, 1, 1), date(year, 12, 31)
        chosen = (asked.since, asked.until) == (first, last)
        query = asked.query(since=None, until=None) if chosen else asked.query(since=first, until=last)
        choices.append(Choice(f"{year} 年", counts[year], query, chosen))
    return choices


def _choices(
    asked: SearchRequest, name: str, counts: dict[int, int], named: Named, chosen: Mapping
) -> list[Choice]:
    """The choices, most articles first; ids that the database no longer has are left out."""
    shown = [*(pk for pk in chosen if pk not in counts), *counts]
    return [
        Choice(
            named[pk][0],
            counts.get(pk, 0),
            asked.query(**{name: "" if pk in chosen else named[pk][1]}),
            pk in chosen,
        )
        for pk in shown
        if pk in named
    ]


_READERS: dict[str, Callable[[SearchRequest, dict[int, int]], list[Choice]]] = {
    "source": _outlets,
    "category": _sections,
    "year": _years,
    "security": _securities,
}
