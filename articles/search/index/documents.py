"""Turn articles into index documents."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import tantivy
from django.utils import timezone

from articles.models import Article, Mention, TaggedArticle
from articles.search.index import recency
from articles.search.index.cut_texts import Cut, Heads, cut_up
from articles.search.index.tokens import cut, fold_all, paired, paired_all, squeezed_all
from sources.text.folding import fold

AT_ONCE = 250  # articles whose texts are cut in one go
MOST_AT_ONCE = 2_000_000  # characters of them; each takes about a dozen bytes while it is cut
# The columns of an Entry.
READ = (
    *("pk", "title", "subtitle", "original_title", "digest", "byline", "editor", "text"),
    *("source_id", "category_id", "status", "published_at"),
)


@dataclass(slots=True)
class Entry:
    """One article as the index sees it. `hidden`: not published. Tags are (id, name), securities ids."""

    pk: int
    title: str
    subtitle: str = ""
    original_title: str = ""
    digest: str = ""
    byline: str = ""
    editor: str = ""
    text: str = ""
    source_id: int = 0
    category_id: int | None = None
    hidden: bool = False
    published_at: datetime | None = None
    securities: list[int] = field(default_factory=list)
    tags: list[tuple[int, str]] = field(default_factory=list)
    cut: Cut | None = None


def entries(ids: Iterable[int]) -> Iterator[Entry]:
    """The entries of the articles with these ids, in three queries; ids without an article are skipped."""
    rows = {pk: values for pk, *values in Article.objects.filter(pk__in=list(ids)).values_list(*READ)}
    securities = _by_article(Mention.objects.filter(article__in=rows).values_list("article", "security"))
    tagged = TaggedArticle.objects.filter(content_object__in=rows)
    tags = _by_article(tagged.values_list("content_object", "tag", "tag__name"))
    for pk, (*texts, source, category, status, at) in rows.items():
        yield Entry(
            pk,
            *texts,
            source_id=source,
            category_id=category,
            hidden=status != Article.Status.PUBLISHED,
            published_at=at,
            securities=[security for (security,) in securities.get(pk, ())],
            tags=tags.get(pk, []),
        )


def _by_article(rows: Iterable[tuple]) -> dict[int, list[tuple]]:
    found: dict[int, list[tuple]] = {}
    for article, *values in rows:
        found.setdefault(article, []).append(tuple(values))
    return found


def documents(entries: Iterable[Entry]) -> Iterator[tantivy.Document]:
    """tantivy documents: texts are folded and cut, words and pairs separated by spaces."""
    for some in _batches(entries):
        cut_now = iter(cut_up([_heads(one) for one in some if one.cut is None]))
        bodies = paired_all(squeezed_all(fold_all([one.text for one in some])))
        for one, body in zip(some, bodies, strict=True):
            yield _document(one, one.cut or next(cut_now), body)


def _heads(one: Entry) -> Heads:
    others = f"{one.subtitle}\n{one.original_title}"
    return Heads(one.title, one.digest, one.byline, one.editor, one.text, others)


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    some, letters = [], 0
    for entry in entries:
        if some and (len(some) == AT_ONCE or letters + len(entry.text) > MOST_AT_ONCE):
            yield some
            some, letters = [], 0
        some.append(entry)
        letters += len(entry.text)
    if some:
        yield some


def _document(entry: Entry, ready: Cut, body: str) -> tantivy.Document:
    made = tantivy.Document()
    made.add_unsigned("id", entry.pk)
    if entry.hidden:
        made.add_unsigned("hidden", 1)
    made.add_text("body_pairs", body)
    for name, value in zip(Cut._fields, ready, strict=True):
        made.add_text(name, value)
    for other in filter(None, (entry.subtitle, entry.original_title)):
        made.add_text("title", cut(fold(other)))
        made.add_text("title_pairs", paired(fold(other)))
    if entry.tags:
        made.add_text("digest", cut(fold("\n".join(name for _, name in entry.tags))))
    _add_numbers(made, entry)
    return made


def _add_numbers(made: tantivy.Document, entry: Entry) -> None:
    made.add_unsigned("source", entry.source_id)
    made.add_unsigned("category", entry.category_id or 0)
    for security in entry.securities:
        made.add_unsigned("security", security)
    for tag, _ in entry.tags:
        made.add_unsigned("tag", tag)
    at = entry.published_at
    made.add_unsigned("year", at.astimezone(timezone.get_default_timezone()).year if at else 0)
    seconds = max(int(at.timestamp()), 0) if at else 0
    made.add_unsigned("date", seconds)
    for name in ("weight", "fresh"):
        made.add_float(name, recency.value(name, seconds))
