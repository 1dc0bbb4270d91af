"""Feeds of all articles and of every list, as Atom (RFC 4287) and JSON Feed (jsonfeed.org/version/1.1). Entry ids never
change; `updated` changes with the article."""

import json
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.feedgenerator import Atom1Feed

from articles.models import HEADLINE_FIELDS, Article
from articles.portal import keyset
from articles.portal.caching import public_page
from articles.portal.keyset import KeysetList
from articles.portal.structured_data import absolute, changed_at
from articles.portal.views import get_security_or_404
from articles.taxonomy import public_names
from sources.text.sanitize import UNSTORABLE

NEWEST = 50
# The columns of an entry.
ENTRY_FIELDS = (*HEADLINE_FIELDS, "legacy_path", "version", "sweeps", "updated_at")


class Feed(Atom1Feed):
    """Django would date an empty feed with the current time, so it would never answer 304."""

    def latest_post_date(self):
        return super().latest_post_date() if self.items else keyset.EPOCH


@public_page
def everything(request: HttpRequest, name: str) -> HttpResponse:
    return _feed(name, settings.SITE_NAME, reverse("home"), KeysetList())


@public_page
def of_outlet(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    source = get_object_or_404(public_names.outlet_pages(), slug=slug)
    return _feed(name, source.name, source.get_absolute_url(), KeysetList({"source": source}))


@public_page
def of_category(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    section = get_object_or_404(public_names.categories(), slug=slug)
    return _feed(name, section.name, section.get_absolute_url(), KeysetList({"category": section}))


@public_page
def of_tag(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    tag = get_object_or_404(public_names.tags(), slug=slug)
    return _feed(name, tag.name, reverse("tag", args=[tag.slug]), keyset.of_tag(tag))


@public_page
def of_security(request: HttpRequest, symbol: str, name: str) -> HttpResponse:
    security = get_security_or_404(symbol)
    return _feed(name, str(security), security.get_absolute_url(), keyset.of_security(security))


def _feed(name: str, title: str, path: str, shelf: KeysetList) -> HttpResponse:
    named = title if path == reverse("home") else f"{title} - {settings.SITE_NAME}"
    newest = shelf.older(shelf.top()).select_related("source").only(*ENTRY_FIELDS)[:NEWEST]
    return write(name, named, absolute(path), absolute(f"{path}{name}"), newest)


def write(name: str, title: str, page: str, address: str, articles: Iterable[Article]) -> HttpResponse:
    """The articles (with ENTRY_FIELDS) as feed.xml or feed.json, by `name`.

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
    return [_entry(article, first.get(article.legacy_path) == article.pk) for article in articles]


def _entry(article: Article, is_first: bool) -> dict:
    link = absolute(article.get_absolute_url())
    return {
        "title": _clean(article.title),
        "link": link,
        "unique_id": _old_id(article.legacy_path) if is_first else link,
        "description": _clean(article.digest),
        "author_name": _clean(article.source.name),
        "pubdate": article.published_at,
        "updateddate": changed_at(article) or article.published_at,
    }


def _item(entry: dict) -> dict:
    return {
        "id": entry["unique_id"],
        "url": entry["link"],
        "title": entry["title"],
        "content_text": entry["description"],
        "date_published": entry["pubdate"].isoformat(timespec="seconds"),
        "date_modified": entry["updateddate"].isoformat(timespec="seconds"),
        "authors": [{"name": entry["author_name"]}],
    }


def _old_id(path: str) -> str:
    """The entry id that the article had in the old site's feed, by which feed readers know it."""
    return settings.LEGACY_FEED_BASE + iri_to_uri(path.removesuffix(".html"))


def _clean(words: str) -> str:
    """The text without characters that XML cannot represent."""
    return UNSTORABLE.sub("", words)
