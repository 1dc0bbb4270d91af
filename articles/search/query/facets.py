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
FEW = 3  # articles: of so few, one is worth choosing

Counts = Mapping[int, int]  # the articles of each value
Useful = set[int]  # values that are shown even if they are not chosen
Named = Mapping[int, tuple[str, str]]  # id: (name, its form in the URL)


def facets(asked: SearchRequest, counted: Mapping, total: int) -> list[Facet]:
    """The facets of a search that found `total` articles, from tantivy's aggregation by COUNTS.

    A value is shown if choosing it narrows the result usefully, or if it is chosen; a facet without values is left out.
    """
    made = []
    for name, read in _READERS.items():
        counts = {int(one["key"]): one["doc_count"] for one in counted[name]["buckets"]}
        counts = {key: count for key, count in counts.items() if key}
        useful = _useful(counts, total, is_one_each=name != "security")
        if choices := read(asked, counts, useful):
            made.append(Facet(name, LABELS[name], choices))
    return made


def _useful(counts: Mapping[int, int], total: int, is_one_each: bool) -> set[int]:
    """The values that leave fewer articles than there are, and more than one; of FEW articles also one.

    Where an article may have several values (not `is_one_each`) only a single one of the latter: one may name eight.
    """
    single = [key for key, count in counts.items() if count == 1]
    is_worth_one = total <= FEW and (is_one_each or len(single) == 1)
    return {
        key for key, count in counts.items() if 1 < count < total or (count == 1 < total and is_worth_one)
    }


def _outlets(asked: SearchRequest, counts: Counts, useful: Useful) -> list[Choice]:
    chosen = outlet(asked.source) if asked.source else []
    pks = {*useful, *(pk for pk, _ in chosen)}
    named = {
        pk: words
        for pk, *words in public_names.outlets().filter(pk__in=pks).values_list("pk", "name", "slug")
    }
    return _choices(asked, "source", counts, useful, named, dict(chosen))


def _sections(asked: SearchRequest, counts: Counts, useful: Useful) -> list[Choice]:
    named = {one["id"]: (one["name"], one["slug"]) for one in navigation()}
    chosen = section(asked.category) if asked.category else []
    return _choices(asked, "category", counts, useful, named, dict(chosen))


def _securities(asked: SearchRequest, counts: Counts, useful: Useful) -> list[Choice]:
    chosen = security(asked.security) if asked.security else []
    some = public_names.securities().filter(pk__in={*useful, *(pk for pk, _ in chosen)})
    named = {one.pk: (str(one), one.symbol) for one in some}
    return _choices(asked, "security", counts, useful, named, dict(chosen))


def _years(asked: SearchRequest, counts: Counts, useful: Useful) -> list[Choice]:
    """Newest first. A chosen year is a range from its first to its last day."""
    chosen = {day.year for day in (asked.since,) if day and (day, asked.until) == _days_of(day.year)}
    choices = []
    for year in sorted(useful | chosen, reverse=True):
        first, last = _days_of(year)
        query = (
            asked.query(since=None, until=None) if year in chosen else asked.query(since=first, until=last)
        )
        choices.append(Choice(f"{year} 年", counts.get(year, 0), query, year in chosen))
    return choices


def _days_of(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def _choices(
    asked: SearchRequest, name: str, counts: Counts, useful: Useful, named: Named, chosen: Mapping
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
        if pk in named and (pk in useful or pk in chosen)
    ]


_READERS: dict[str, Callable[[SearchRequest, Counts, Useful], list[Choice]]] = {
    "source": _outlets,
    "category": _sections,
    "year": _years,
    "security": _securities,
}
