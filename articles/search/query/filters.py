"""Filters of a search: look up outlets, sections, securities, tags and days by name, and make query clauses."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.utils import timezone
from taggit.models import Tag
from tantivy import FieldType, Occur, Query, Schema

from articles.models import Category, Security
from articles.models.summaries import day_bounds
from articles.search.query.parse import EARLIEST, LATEST, Filter, Question
from articles.search.query.results import SearchRequest
from articles.taxonomy import public_names
from articles.taxonomy.public_names import navigation
from sources.models import Source
from sources.text.folding import fold

MOST = 50  # matches per name
EPOCH_YEAR = 1970
LABELS = {"source": "来源", "category": "栏目", "security": "证券", "tag": "标签"}

Clause = tuple[Occur, Query]
Named = list[tuple[int, str]]  # id, name


@dataclass(slots=True)
class SearchFilters:
    """Clauses of a query, and sentences that describe them."""

    clauses: list[Clause] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def days(self, schema: Schema, since: date | None, until: date | None) -> None:
        """Keep articles between these days, both included. For dates before 1970 the index has only the year."""
        if not since and not until:
            return
        first, last = since or EARLIEST, until or LATEST
        start, end = (int(at.timestamp()) for at in (day_bounds(first)[0], day_bounds(last)[1]))
        if first.year < EPOCH_YEAR:
            within = Query.range_query(schema, "year", FieldType.Unsigned, first.year, last.year)
            self.clauses.append((Occur.Must, within))
        if end > 0:
            within = Query.range_query(
                schema, "date", FieldType.Unsigned, max(start, 0), end, include_upper=False
            )
            self.clauses.append((Occur.Must, within))
        self.said.append(f"日期：{since or '最早'} 至 {until or '最近'}")

    def to(self, schema: Schema, name: str, found: Named, words: str, excluded: bool = False) -> None:
        """Keep articles with one of these values (`excluded`: with none); `words` is what the reader asked for."""
        held = Query.term_set_query(schema, name, [pk for pk, _ in found]) if found else Query.empty_query()
        self.clauses.append((Occur.MustNot if excluded else Occur.Must, held))
        if not found:
            self.said.append(f"没有叫“{words}”的{LABELS[name]}")
            return
        labels = "、".join(label for _, label in found[:5]) + (
            f"等 {len(found)} 个" if len(found) > 5 else ""
        )
        self.said.append(f"{'不要' if excluded else ''}{LABELS[name]}：{labels}")


def to_public(schema: Schema) -> list[Clause]:
    """Clauses for what readers may see: no hidden articles, none scheduled for later."""
    now = int(timezone.now().timestamp())
    later = Query.range_query(schema, "date", FieldType.Unsigned, now, None, include_lower=False)
    return [(Occur.MustNot, Query.term_query(schema, "hidden", 1)), (Occur.MustNot, later)]


def by_words(schema: Schema, question: Question, hidden: bool = False) -> SearchFilters:
    """The filters typed in the question. Names are looked up among public ones; for editors (`hidden`) among all."""
    narrowed = SearchFilters()
    # An article has one outlet and one section, so several of a kind are combined with OR.
    together = [one for one in question.filters if one.name in ("source", "category") and not one.excluded]
    for name in ("source", "category"):
        if some := [one for one in together if one.name == name]:
            found = [named for one in some for named in _find(one, hidden)]
            narrowed.to(schema, name, found, "”“".join(one.value for one in some))
    for one in question.filters:
        if one not in together:
            narrowed.to(schema, one.name, _find(one, hidden), one.value, one.excluded)
    narrowed.days(schema, question.since, question.until)
    return narrowed


def by_choice(schema: Schema, asked: SearchRequest) -> SearchFilters:
    """The filters chosen in the URL."""
    narrowed = SearchFilters()
    if asked.source:
        narrowed.to(schema, "source", outlet(asked.source), asked.source)
    if asked.category:
        narrowed.to(schema, "category", section(asked.category), asked.category)
    if asked.security:
        narrowed.to(schema, "security", security(asked.security), asked.security)
    narrowed.days(schema, asked.since, asked.until)
    return narrowed


def outlet(words: str, hidden: bool = False) -> Named:
    """The outlet with this slug, present or old, or with this name or alias; [] if there is none."""
    sources = Source.objects.all() if hidden else public_names.outlets()
    found = sources.filter(slug=words).first() or sources.named(words) or sources.at_old_slug(words)
    return [(found.pk, found.name)] if found else []


def section(words: str, hidden: bool = False) -> Named:
    """The section with this slug or name."""
    key, known = fold(words), Category.objects.values("id", "name", "slug") if hidden else navigation()
    return [(one["id"], one["name"]) for one in known if words == one["slug"] or key == fold(one["name"])]


def security(words: str, hidden: bool = False) -> Named:
    """The securities with this code, with or without market and leading zeros, or with this name."""
    code, _, market = words.upper().rpartition(".")
    asked = Q(code__in=[words.upper(), words.zfill(5), words.zfill(6)])
    if code:
        asked |= Q(code=code, market=market)
    known = Security.objects.all() if hidden else public_names.securities()
    found = known.filter(asked | Q(name=words))[:MOST]
    return [(one.pk, str(one)) for one in found]


def _outlets(words: str, hidden: bool) -> Named:
    """Like `outlet`; if there is none, all outlets whose name contains the words."""
    known = Source.objects.all() if hidden else public_names.outlets()
    some = known.filter(name__icontains=words).values_list("pk", "name")
    return outlet(words, hidden) or list(some[:MOST])


def _tags(words: str, hidden: bool) -> Named:
    known = Tag.objects.all() if hidden else public_names.tags()
    return list(known.filter(Q(name__iexact=words) | Q(slug=words)).values_list("pk", "name")[:MOST])


_FINDERS = {"source": _outlets, "category": section, "security": security, "tag": _tags}


def _find(one: Filter, hidden: bool) -> Named:
    return _FINDERS[one.name](one.value, hidden)
