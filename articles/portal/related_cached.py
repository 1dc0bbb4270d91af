"""相关报道: related articles from the search index, cached, and checked to be public when shown."""

from collections.abc import Container

from django.core.cache import cache

from articles.models import Article
from articles.portal.caching import MINUTE
from articles.search.related import related as find_related

SHOWN = 5
ASKED_FOR = 10  # some may be left out because they are shown as articles of the same story
KEPT = 20 * MINUTE
NONE_KEPT = 1 * MINUTE  # the index may be rebuilding


def related(article: Article, besides: Container[int] = ()) -> list[dict]:
    """Articles similar to this one, best first, as list rows; without those shown already (`besides`, ids)."""
    found = [row for row in _found(article) if row["id"] not in besides]
    return found[:SHOWN]


def _found(article: Article) -> list[dict]:
    # The key has the version, since an edited text has other related articles. Only ids are cached: rows are read anew.
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
