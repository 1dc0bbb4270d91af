"""Outlets, sections, tags, securities and pictures that readers may see: those of published articles.

What only drafts, articles in review or withdrawn articles use is hidden from readers.
"""

from django.core.cache import cache
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from taggit.models import Tag

from articles.models import Article, Mention, Security, TaggedArticle
from articles.models.category import Category
from articles.models.picture import Picture
from articles.taxonomy import public_names
from sources.models import Source

NAVIGATION_KEPT = 60  # seconds


def outlets() -> QuerySet[Source]:
    return Source.objects.filter(Exists(Article.objects.published().filter(source=OuterRef("pk"))))


def outlet_pages() -> QuerySet[Source]:
    """Outlets that have a page: the public ones, and those without any article. These come from the old site, whose
    addresses must keep working, or from an editor."""
    of_outlet = Article.objects.filter(source=OuterRef("pk"))
    return Source.objects.filter(Exists(of_outlet.published()) | ~Exists(of_outlet))


def categories() -> QuerySet[Category]:
    return Category.objects.filter(Exists(Article.objects.published().filter(category=OuterRef("pk"))))


def tags() -> QuerySet[Tag]:
    return Tag.objects.filter(Exists(_listed(TaggedArticle, tag=OuterRef("pk"))))


def securities() -> QuerySet[Security]:
    return Security.objects.filter(Exists(_listed(Mention, security=OuterRef("pk"))))


def pictures() -> QuerySet[Picture]:
    return Picture.objects.filter(article__in=Article.objects.published())


def _listed(through, **on) -> QuerySet:
    """Rows of a through table, which holds the article's `public_at`."""
    return through.objects.filter(public_at__lte=timezone.now(), **on)


def navigation() -> list[dict]:
    """Every category that has something to read, as the navigation prints it; a change shows within a minute."""
    return cache.get_or_set("sections", _read_sections, NAVIGATION_KEPT)


def _read_sections() -> list[dict]:
    return list(public_names.categories().values("id", "name", "slug"))
