"""What of an article goes into the index, and where."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import tantivy
from django.utils import timezone

from articles.models import Article, Mention, TaggedArticle
from articles.search.segment import cut, fold, paired, squeezed

# A year counts three hundredths: of two articles ten years apart that are found alike, the newer weighs a third more.
A_YEARS_GROWTH = 0.03
SECONDS_A_YEAR = 365.25 * 86_400
# The columns an entry is made of.
READ = (
    *("pk", "title", "subtitle", "original_title", "digest", "byline", "editor"),
    *("source_id", "category_id", "status", "published_at", "fingerprint"),
)


class Cut(NamedTuple):
    """A title and a text as the index takes them: their words, and their pairs, joined by spaces."""

    title: str
    text: str
    title_pairs: str
    text_pairs: str


@dataclass(slots=True)
class Entry:
    """One article as it stands in the index. `hidden`: not published. Tags by id and name, securities by id."""

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


def cut_up(title: str, text: str) -> Cut:
    """An article's title and text, cut; most of the work of taking it into the index."""
    title, text = fold(title), fold(text)
    return Cut(cut(title), cut(text), paired(title), paired(text))


def entries(ids: Iterable[int], prepared: Mapping[str, Cut] | None = None) -> Iterator[Entry]:
    """The entries of those of these articles that there are, in four queries.

    `prepared`: what was cut already, by the fingerprint of title and text; the texts of these are not read.
    """
    found = Article.objects.filter(pk__in=list(ids))
    rows = {pk: values for pk, *values in found.values_list(*READ)}
    ready = {pk: (prepared or {}).get(values[-1]) for pk, values in rows.items()}
    unread = [pk for pk, made in ready.items() if made is None]
    texts = dict(Article.objects.filter(pk__in=unread).values_list("pk", "text"))
    securities = _by_article(Mention.objects.filter(article__in=rows).values_list("article", "security"))
    tagged = TaggedArticle.objects.filter(content_object__in=rows)
    tags = _by_article(tagged.values_list("content_object", "tag", "tag__name"))
    for pk, (*words, source, category, status, at, _) in rows.items():
        # One that is gone by now has its removal in the log.
        if ready[pk] is not None or pk in texts:
            yield Entry(
                pk,
                *words,
                text=texts.get(pk, ""),
                source_id=source,
                category_id=category,
                hidden=status != Article.Status.PUBLISHED,
                published_at=at,
                securities=[security for (security,) in securities.get(pk, ())],
                tags=tags.get(pk, []),
                cut=ready[pk],
            )


def _by_article(rows: Iterable[tuple]) -> dict[int, list[tuple]]:
    found: dict[int, list[tuple]] = {}
    for article, *values in rows:
        found.setdefault(article, []).append(tuple(values))
    return found


def document(entry: Entry) -> tantivy.Document:
    """As tantivy takes it: texts folded and cut, words and pairs parted by spaces."""
    made = tantivy.Document()
    made.add_unsigned("id", entry.pk)
    if entry.hidden:
        made.add_unsigned("hidden", 1)
    ready = entry.cut or cut_up(entry.title, entry.text)
    made.add_text("title", ready.title)
    made.add_text("title_pairs", ready.title_pairs)
    made.add_text("title_chars", " ".join(dict.fromkeys(squeezed(fold(entry.title)))))
    for other in filter(None, (entry.subtitle, entry.original_title)):
        made.add_text("title", cut(fold(other)))
        made.add_text("title_pairs", paired(fold(other)))
    made.add_text("body", ready.text)
    made.add_text("body_pairs", ready.text_pairs)
    made.add_text("digest", cut(fold("\n".join([entry.digest, *(name for _, name in entry.tags)]))))
    for name in filter(None, (entry.byline, entry.editor)):
        made.add_text("byline", f"{cut(fold(name))} {paired(fold(name))}")
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
    made.add_float("weight", math.exp(A_YEARS_GROWTH * seconds / SECONDS_A_YEAR))
