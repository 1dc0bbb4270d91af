"""Search pages: results, suggestions for the search box, and the OpenSearch description for browsers."""

import json
from collections.abc import Mapping
from dataclasses import replace
from hashlib import blake2b

from django.http import HttpRequest, HttpResponse

from articles.portal.caching import public_page, search_page, suggestion_page
from articles.portal.render import render_page
from articles.portal.structured_data import absolute
from articles.search import unanswered
from articles.search.index.index import Unavailable
from articles.search.query.results import SearchRequest, SearchResults
from articles.search.query.run import search
from articles.search.query.suggest import suggest

RETRY_AFTER = 30  # seconds: a rebuild indexes some three thousand articles a second
FILTERS = {"source": "来源", "category": "栏目", "security": "证券"}
SORTS = {"relevance": "相关", "newest": "最新"}
TIMED = "<small>用时 ".encode()


@search_page
def results(request: HttpRequest) -> HttpResponse:
    """The results; for an empty query, the help page."""
    asked = SearchRequest.read(request.GET)
    if asked.is_empty:
        return render_page("search/help.html", asked=asked)
    try:
        found = search(asked)
    except Unavailable as error:
        return not_yet(asked, error)
    if found.is_unanswered:
        unanswered.note(asked.q)
    page = render_page(
        "search/results.html",
        asked=asked,
        found=found,
        outlets=[one for one in found.outlets if one not in found.meant],
        query=replace(asked, sort="relevance").query(),
        sorts=[(label, asked.query(sort=sort), sort == asked.sort) for sort, label in SORTS.items()],
        chosen=_chosen(found),
        unfiltered=SearchRequest(q=asked.q, sort=asked.sort).query(),
    )
    page.headers["ETag"] = _etag(page.content)
    return page


def _etag(page: bytes) -> str:
    """A weak ETag of all but the time that the search took, so that the same results are the same page."""
    before, _, timed = page.partition(TIMED)  # in the template alone: in all other words < is escaped
    return f'W/"{blake2b(before + timed.partition(b"<")[2], digest_size=16).hexdigest()}"'


def not_yet(asked: SearchRequest, error: Unavailable) -> HttpResponse:
    """503 while there is no index; the page tells operators which command to run."""
    response = render_page("search/not_yet.html", status=503, asked=asked, why=str(error))
    response.headers["Retry-After"] = str(RETRY_AFTER)
    response.headers["Cache-Control"] = "no-store"
    return response


def _chosen(found: SearchResults) -> list[tuple[str, str]]:
    """The filters in force: (label, query string without this filter) pairs."""
    asked = found.asked
    labels = {facet.name: choice.label for facet in found.facets for choice in facet.choices if choice.chosen}
    chosen = [
        (f"{label}：{labels.get(name, value)}", asked.query(**{name: ""}))
        for name, label in FILTERS.items()
        if (value := getattr(asked, name))
    ]
    if asked.since or asked.until:
        days = f"{asked.since or ''} 至 {asked.until or '今天'}".strip()
        chosen.append((f"日期：{days}", asked.query(since=None, until=None)))
    return chosen


@suggestion_page
def suggestions(request: HttpRequest) -> HttpResponse:
    """OpenSearch suggestions: the query, then lists of labels, notes and URLs."""
    return HttpResponse(_suggested(request.GET), content_type="application/x-suggestions+json; charset=utf-8")


@suggestion_page
def suggestions_module(request: HttpRequest) -> HttpResponse:
    """The suggestions as a JavaScript module, for our own search box.

    Importing a script is allowed by the CSP of every page; fetching data would need connect-src as well.
    """
    return HttpResponse(
        f"export default {_suggested(request.GET)};\n", content_type="text/javascript; charset=utf-8"
    )


def _suggested(query: Mapping) -> str:
    asked = SearchRequest.read(query)
    found = suggest(asked.q)
    notes, addresses = [one.note for one in found], [absolute(one.href) for one in found]
    return json.dumps([asked.q, [one.label for one in found], notes, addresses], ensure_ascii=False)


@public_page
def description(request: HttpRequest) -> HttpResponse:
    """The OpenSearch 1.1 description, with which browsers add the portal as a search engine."""
    kind = "application/opensearchdescription+xml; charset=utf-8"
    return render_page("search/opensearch.xml", content_type=kind)
