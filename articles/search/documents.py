"""What of an article goes into the index, and where."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

import tantivy
from django.utils import timezone

from articles.models import Article, Mention, TaggedArticle
from articles.search.segment import fold, paired, squeezed, words

# A year counts three hundredths: of two articles ten years apart that are found alike, the newer weighs a third more.
A_YEARS_GROWTH = 0.03
SECONDS_A_YEAR = 365.25 * 86_400
# The columns an entry is made of.
READ = (
    *("pk", "title", "subtitle", "original_title", "text", "digest", "byline", "editor"),
    *("source_id", "category_id", "status", "published_at", "fingerprint"),
)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a title and of a text, joined by spaces, where somebody has cut them already."""

    title: str
    text: str


@dataclass(slots=True)
class Entry:
    """One article as it stands in the index. `hidden`: not published. Tags by id and name, securities by id."""

    pk: int
    title: str
    text: str
    subtitle: str = ""
    original_title: str = ""
    digest: str = ""
    byline: str = ""
    editor: str = ""
    source_id: int = 0
    category_id: int | None = None
    hidden: bool = False
    published_at: datetime | None = None
    securities: list[int] = field(default_factory=list)
    tags: list[tuple[int, str]] = field(default_factory=list)
    words: Words | None = None


def cut(title: str, text: str) -> Words:
    """The words of an article, as the index takes them."""
    return Words(" ".join(words(fold(title))), " ".join(words(fold(text))))


def entries(ids: Iterable[int], prepared: Mapping[str, Words] | None = None) -> Iterator[Entry]:
    """The entries of those of these articles that there are, in three queries. `prepared`: words by the fingerprint
    of the title and text that they were cut from."""
    pks = list(ids)
    securities: dict[int, list[int]] = {}
    tags: dict[int, list[tuple[int, str]]] = {}
    for article, security in Mention.objects.filter(article__in=pks).values_list("article", "security"):
        securities.setdefault(article, []).append(security)
    tagged = TaggedArticle.objects.filter(content_object__in=pks)
    for article, *tag in tagged.values_list("content_object", "tag", "tag__name"):
        tags.setdefault(article, []).append(tuple(tag))
    for pk, *texts, source, category, status, at, fingerprint in Article.objects.filter(
        pk__in=pks
    ).values_list(*READ):
        yield Entry(
            pk,
            texts[0],
            texts[3],
            *texts[1:3],
            *texts[4:],
            source_id=source,
            category_id=category,
            hidden=status != Article.Status.PUBLISHED,
            published_at=at,
            securities=securities.get(pk, []),
            tags=tags.get(pk, []),
            words=prepared.get(fingerprint) if prepared else None,
        )


def document(entry: Entry) -> tantivy.Document:
    """As tantivy takes it: texts folded and cut, words and pairs parted by spaces."""
    made = tantivy.Document()
    made.add_unsigned("id", entry.pk)
    if entry.hidden:
        made.add_unsigned("hidden", 1)
    ready = entry.words or cut(entry.title, entry.text)
    title = fold(entry.title)
    made.add_text("title", ready.title)
    made.add_text("title_pairs", paired(title))
    made.add_text("title_chars", " ".join(dict.fromkeys(squeezed(title))))
    for other in filter(None, (entry.subtitle, entry.original_title)):
        made.add_text("title", " ".join(words(fold(other))))
        made.add_text("title_pairs", paired(fold(other)))
    made.add_text("body", ready.text)
    made.add_text("body_pairs", paired(fold(entry.text)))
    named = chain([entry.digest], (name for _, name in entry.tags))
    made.add_text("digest", " ".join(word for text in named for word in words(fold(text))))
    for name in filter(None, (entry.byline, entry.editor)):
        made.add_text("byline", f"{' '.join(words(fold(name)))} {paired(fold(name))}")
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
