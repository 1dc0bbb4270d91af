"""Feeds of all articles and of every list, as Atom (RFC 4287) and JSON Feed (jsonfeed.org/version/1.1).

Entry ids never change; `updated` changes with the article. `?content=full` adds the whole text to each entry.
"""

import json
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.feedgenerator import Atom1Feed

from articles.models import HEADLINE_FIELDS, Article, ArticleQuerySet, TaggedArticle
from articles.portal import keyset
from articles.portal.caching import public_page
from articles.portal.keyset import KeysetList
from articles.portal.structured_data import absolute, changed_at
from articles.portal.views import get_security_or_404
from articles.taxonomy import public_names
from sources.text.sanitize import UNSTORABLE

NEWEST = 50
FULL = "content=full"
# The columns of an entry.
ENTRY_FIELDS = (*HEADLINE_FIELDS, "legacy_path", "version", "sweeps", "updated_at", "category__name")


class Feed(Atom1Feed):
    """Django would date an empty feed with the current time, so it would never answer 304."""

    def latest_post_date(self):
        return super().latest_post_date() if self.items else keyset.EPOCH

    def add_item_elements(self, handler, item):
        """Django calls a summary HTML; ours is plain text, in which < is a sign like others."""
        super().add_item_elements(handler, item | {"description": None})
        if item["description"]:
            handler.addQuickElement("summary", item["description"], {"type": "text"})
        if item["content"]:
            handler.addQuickElement("content", item["content"], {"type": "html"})


@public_page
def everything(request: HttpRequest, name: str) -> HttpResponse:
    return _feed(request, name, settings.SITE_NAME, reverse("home"), KeysetList())


@public_page
def of_outlet(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    source = get_object_or_404(public_names.outlet_pages(), slug=slug)
    return _feed(request, name, source.name, source.get_absolute_url(), KeysetList({"source": source}))


@public_page
def of_category(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    section = get_object_or_404(public_names.categories(), slug=slug)
    return _feed(request, name, section.name, section.get_absolute_url(), KeysetList({"category": section}))


@public_page
def of_tag(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    tag = get_object_or_404(public_names.tags(), slug=slug)
    return _feed(request, name, tag.name, reverse("tag", args=[tag.slug]), keyset.of_tag(tag))


@public_page
def of_security(request: HttpRequest, symbol: str, name: str) -> HttpResponse:
    security = get_security_or_404(symbol)
    return _feed(request, name, str(security), security.get_absolute_url(), keyset.of_security(security))


def _feed(request: HttpRequest, name: str, title: str, path: str, shelf: KeysetList) -> HttpResponse:
    named = title if path == reverse("home") else f"{title} - {settings.SITE_NAME}"
    full = is_full(request)
    newest = with_entries(shelf.older(shelf.top()), full)[:NEWEST]
    address = f"{path}{name}?{FULL}" if full else f"{path}{name}"
    return write(name, named, absolute(path), absolute(address), newest)


def is_full(request: HttpRequest) -> bool:
    """Whether the whole text of each article is asked for."""
    return request.GET.get("content") == "full"


def with_entries(articles: ArticleQuerySet, full: bool) -> ArticleQuerySet:
    """The articles with what an entry says of each; `full`: with the body."""
    fields = (*ENTRY_FIELDS, "body_html") if full else ENTRY_FIELDS
    return articles.select_related("source", "category").only(*fields)


def write(name: str, title: str, page: str, address: str, articles: Iterable[Article]) -> HttpResponse:
    """The articles (`with_entries`) as feed.xml or feed.json, by `name`.

    `page` is the URL of the HTML page, `address` that of the feed.
    """
    return (_json if name.endswith("json") else _atom)(title, page, address, _entries(list(articles)))


def _atom(title: str, page: str, address: str, entries: Iterable[dict]) -> HttpResponse:
    feed = Feed(title=_clean(title), link=page, description=None, language="zh-Hans", feed_url=address)
    for entry in entries:
        feed.add_item(**entry)
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _json(title: str, page: str, address: str, entries: Iterable[dict]) -> HttpResponse:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _clean(title),
        "home_page_url": page,
        "feed_url": address,
        "language": "zh-Hans",
        "items": [_item(entry) for entry in entries],
    }
    words = json.dumps(feed, ensure_ascii=False)
    return HttpResponse(words, content_type="application/feed+json; charset=utf-8")


def _entries(articles: list[Article]) -> list[dict]:
    """Only the first article with an old id keeps it: feed readers would show a later one in its place."""
    paths = {article.legacy_path for article in articles if article.legacy_path}
    known = Article.objects.filter(legacy_path__in=paths).order_by().values_list("legacy_path")
    first = dict(known.annotate(Min("pk"))) if paths else {}
    tags = _tags(articles)
    return [
        _entry(article, first.get(article.legacy_path) == article.pk, tags.get(article.pk, []))
        for article in articles
    ]


def _tags(articles: list[Article]) -> dict[int, list[str]]:
    """The names of each article's tags, in the order in which they were given."""
    rows = TaggedArticle.objects.filter(content_object__in=[article.pk for article in articles])
    found: dict[int, list[str]] = {}
    for pk, name in rows.order_by("pk").values_list("content_object", "tag__name"):
        found.setdefault(pk, []).append(name)
    return found


def _entry(article: Article, is_first: bool, tags: list[str]) -> dict:
    link = absolute(article.get_absolute_url())
    section = [article.category.name] if article.category else []
    whole = "body_html" not in article.get_deferred_fields()
    return {
        "title": _clean(article.title),
        "link": link,
        "unique_id": _old_id(article.legacy_path) if is_first else link,
        "description": _clean(article.digest),
        "author_name": _clean(article.source.name),
        "pubdate": article.published_at,
        "updateddate": changed_at(article) or article.published_at,
        "categories": list(dict.fromkeys(filter(None, map(_clean, section + tags)))),
        "content": _clean(article.body_html) if whole else "",
    }


def _item(entry: dict) -> dict:
    text = {"content_text": entry["description"]}
    if entry["content"]:
        text = {"content_html": entry["content"], "summary": entry["description"]}
    item = {
        "id": entry["unique_id"],
        "url": entry["link"],
        "title": entry["title"],
        **text,
        "date_published": entry["pubdate"].isoformat(timespec="seconds"),
        "date_modified": entry["updateddate"].isoformat(timespec="seconds"),
        "authors": [{"name": entry["author_name"]}],
    }
    return item | ({"tags": entry["categories"]} if entry["categories"] else {})


def _old_id(path: str) -> str:
    """The entry id that the article had in the old site's feed, by which feed readers know it."""
    return settings.LEGACY_FEED_BASE + iri_to_uri(path.removesuffix(".html"))


def _clean(words: str) -> str:
    """The text without characters that XML cannot represent."""
    return UNSTORABLE.sub("", words)
