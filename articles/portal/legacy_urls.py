"""Redirect the old Jekyll site's URLs to today's pages, permanently and in one hop.

Slugs that outlets, categories and tags had on this site, too. Only a 404 is looked up, so good pages pay nothing. The
target is a path made from our own ids and slugs, so a redirect cannot lead off the site; only the filters of a list are
copied from the request.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, QueryDict
from django.shortcuts import redirect
from taggit.models import Tag

from articles.addresses import address
from articles.models import Article, Category, Namesake, Revision
from articles.portal.render import gone
from articles.taxonomy import public_names
from sources.models import OldSlug, Source
from sources.models.outlet_history import Renaming, SourceMerge

POST = re.compile(r"/(?:[^/]+/)+([0-9]{4})/([0-9]{2})/([0-9]{2})/([^/]+)\.html")
NUMBERED = re.compile(r"(?:NW)?[0-9]{18}")
OUTLET = re.compile(r"/category/([^/]+)\.html|/([^/]+)(?:/|/index\.html)?")
# A list on this site, by a slug that its outlet, category or tag had before.
OURS = re.compile(r"/(sources|categories|tags)/([^/]+)(?:/(feed\.(?:xml|json))?)?")
A_DAY = timedelta(days=1)


class OldAddressMiddleware:
    """Answers an old URL instead of returning its 404."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD"):
            return response
        return answer(request.path_info, request.GET) or response


def answer(path: str, asked: QueryDict | None = None) -> HttpResponse | None:
    """A redirect, or 410 for a withdrawn article; None for a path that was never a URL of the old site."""
    if "\0" in path:  # PostgreSQL raises an error for NUL
        return None
    if path == "/index.html":
        return redirect("home", permanent=True)
    if post := POST.fullmatch(path):
        return _to_article(find_post(path, post))
    if ours := OURS.fullmatch(path):
        return _to_list(ours, asked or {})
    if outlet := OUTLET.fullmatch(path):
        source = find_outlet(outlet[1] or outlet[2])
        return HttpResponsePermanentRedirect(source.get_absolute_url()) if source else None
    return None


def _to_list(parts: re.Match, asked: Mapping[str, str]) -> HttpResponse | None:
    """The list of today, with the filters that it has."""
    kind, slug, feed = parts.groups("")
    now = FORMER[kind](slug)
    if now is None or now.slug == slug:  # this is its present URL, and still a 404
        return None
    there = f"{address(PAGES[kind], now.slug)}{feed}"
    filters = ("from", "to", "category" if kind == "sources" else "source")
    narrowed = urlencode({name: asked[name] for name in filters if asked.get(name)})
    return HttpResponsePermanentRedirect(f"{there}?{narrowed}" if narrowed else there)


def _category_once_at(slug: str) -> Category | None:
    """Like `_once_at`, for categories; not one that has given its slug to another."""
    taken = Category.objects.filter(slug=slug).exists()
    return None if taken else public_names.categories().filter(former_slugs__slug=slug).first()


def _tag_once_at(slug: str) -> Tag | None:
    taken = Tag.objects.filter(slug=slug).exists()
    return None if taken else public_names.tags().filter(former_slugs__slug=slug).first()


def _once_at(slug: str) -> Source | None:
    """The outlet that had this slug on this site before, if it is public.

    Imports also record the old site's slugs (`introduced_by`). Such a slug must not redirect away from an outlet that
    has it here, or had it here before it was merged or renamed.
    """
    old = OldSlug.objects.filter(slug=slug).first()
    if old is None or Source.objects.filter(slug=slug).exists():
        return None
    return (
        public_names.outlet_pages()
        .filter(pk=_stood_here(slug) if old.introduced_by_id else old.source_id)
        .first()
    )


def _stood_here(slug: str) -> int | None:
    merged = (
        SourceMerge.objects.standing().filter(merged_slug=slug).values_list("merged_id", flat=True).first()
    )
    if merged:
        return SourceMerge.objects.heir(merged)
    renamed = Renaming.objects.filter(slug_was=slug).values_list("source", flat=True).first()
    return renamed or OldSlug.objects.values_list("source", flat=True).get(slug=slug)


PAGES = {"sources": "outlet", "categories": "category", "tags": "tag"}
FORMER = {"sources": _once_at, "categories": _category_once_at, "tags": _tag_once_at}


def _to_article(article: Article | None) -> HttpResponse | None:
    if article is None:
        return None
    if article.status == Article.Status.WITHDRAWN:
        return gone()
    return HttpResponsePermanentRedirect(article.get_absolute_url()) if article.is_public else None


def find_post(path: str, parts: re.Match) -> Article | None:
    """Find a post by its number, whatever the path's category and day; without a number by path, give or take a day.

    Of several, prefer public or withdrawn ones, then the one with this exact path, then the lowest id.
    """
    articles = Article.objects.only("status", "public_at")
    number = parts[4]
    if NUMBERED.fullmatch(number) and (found := _find_numbered(path, number) or _find_twin(articles, number)):
        return found
    near = articles.only("status", "public_at", "legacy_path").filter(legacy_path__in=_near(path, parts))
    return _nearest(near, path)


def _find_numbered(path: str, number: str) -> Article | None:
    """The article with this number; several outlets may have one."""
    articles = Article.objects.only("status", "public_at", "legacy_path")
    first = Article.objects.order_by().filter(external_id=number).values("pk")
    pks = first.union(Namesake.objects.filter(external_id=number).values("article"))
    return _nearest(articles.filter(pk__in=pks), path)


def _nearest(found: QuerySet[Article], path: str) -> Article | None:
    def place(article: Article) -> tuple:
        is_known = article.is_public or article.status == Article.Status.WITHDRAWN
        return not is_known, article.legacy_path != path, article.pk

    return min(found, key=place, default=None)


def _find_twin(articles, number: str) -> Article | None:
    """The article whose text an article with this number duplicated."""
    twin = Q(state=Revision.State.TWIN, import_item__external_id=number)
    return articles.filter(pk__in=Revision.objects.filter(twin).values("article")).first()


def _near(path: str, parts: re.Match) -> list[str]:
    """The path, and the paths one day earlier and later: the old site took Shanghai time for UTC."""
    try:
        day = date(*map(int, parts.group(1, 2, 3)))
        days = [day - A_DAY, day, day + A_DAY]
    except (ValueError, OverflowError):
        return [path]
    return [path[: parts.start(1)] + f"{day:%Y/%m/%d}" + path[parts.end(3) :] for day in days]


def find_outlet(name: str) -> Source | None:
    """The outlet by its old slug; a space may have come as a plus. Outlets with hidden articles only are not found."""
    outlets = public_names.outlet_pages()
    return outlets.at_old_slug(name) or (outlets.at_old_slug(name.replace("+", " ")) if "+" in name else None)
