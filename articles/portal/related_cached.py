"""相关报道: what the index finds like an article, kept for a while, and never what is no longer public."""

from collections.abc import Container

from django.core.cache import cache

from articles.models import Article
from articles.portal.caching import MINUTE
from articles.search.related import related as find_related

SHOWN = 5
ASKED_FOR = 10  # some may be shown beside the article already, as tellings of the same story
KEPT = 20 * MINUTE
NONE_KEPT = 1 * MINUTE  # the index may just be in the making


def related(article: Article, besides: Container[int] = ()) -> list[dict]:
    """What is like an article, the likest first, as a list prints it; without those (ids) shown `besides`."""
    found = [row for row in _found(article) if row["id"] not in besides]
    return found[:SHOWN]


def _found(article: Article) -> list[dict]:
    # By version: what is said anew is like other articles. Ids only: of each is printed what it says now.
    key = f"related-{article.pk}-{article.version}"
    ids = cache.get(key)
    if ids is None:
        found = find_related(article, ASKED_FOR)
        cache.set(key, [row["id"] for row in found], KEPT if found else NONE_KEPT)
        return found
    if not ids:
        return []
    public = {row["id"]: row for row in Article.objects.published().filter(pk__in=ids).as_rows()}
    return [public[pk] for pk in ids if pk in public]
