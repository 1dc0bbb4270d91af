"""Feeds of search results."""

from dataclasses import replace

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from articles.models import Article
from articles.portal import feeds
from articles.portal.caching import search_page
from articles.portal.search_pages import not_yet
from articles.portal.structured_data import absolute
from articles.search.index.index import Unavailable
from articles.search.query.results import SearchRequest
from articles.search.query.run import search


@search_page
def of_query(request: HttpRequest, name: str) -> HttpResponse:
    """The newest articles that match a query, whatever the page's order. 404 without a query: use the main feed."""
    asked = replace(SearchRequest.read(request.GET), sort="newest", page=1)
    if asked.is_empty:
        raise Http404
    try:
        ids = [hit.id for hit in search(asked).hits]
    except Unavailable as error:
        return not_yet(asked, error)
    full = feeds.is_full(request)
    articles = feeds.with_entries(Article.objects.published(), full).in_bulk(ids)
    query = replace(asked, sort="relevance").query()
    title = f"搜索{asked.q and f'“{asked.q}”'} - {settings.SITE_NAME}"
    page = absolute(f"{reverse('search')}{query}")
    address = absolute(f"{reverse('search_feed', args=[name])}{query}{f'&{feeds.FULL}' if full else ''}")
    return feeds.write(name, title, page, address, [articles[pk] for pk in ids if pk in articles])
