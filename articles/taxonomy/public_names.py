"""What readers may be told of: outlets, sections, tags, securities that a published article names, and pictures in one.

What only drafts, texts in review or withdrawn articles name is to readers as if it were not there.
"""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from taggit.models import Tag

from articles.models.category import Category
from articles.models import Article, Mention, Security, TaggedArticle
from articles.pictures.record import Picture
from sources.models import Source


def outlets() -> QuerySet[Source]:
    return Source.objects.filter(Exists(Article.objects.published().filter(source=OuterRef("pk"))))


def outlet_pages() -> QuerySet[Source]:
    """Outlets that have a page: the public ones, and those that no article names at all. Such a one is known from the
    old site's own pages, whose addresses never die, or from an editor."""
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
    """Rows of a list's own table: they carry their article's `public_at`."""
    return through.objects.filter(public_at__lte=timezone.now(), **on)
