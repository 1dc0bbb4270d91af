"""The readers' search: what was found, the suggestions of the box, and what browsers ask to take it in."""

import json
from collections.abc import Mapping
from dataclasses import replace

from django.http import HttpRequest, HttpResponse

from articles.portal.caching import public_page, search_page, suggestion_page
from articles.portal.render import render_page
from articles.portal.structured_data import absolute
from articles.search.index.index import Unavailable
from articles.search.query import unanswered
from articles.search.query.results import SearchRequest, SearchResults
from articles.search.query.run import search
from articles.search.query.suggest import suggest

RETRY_AFTER = 30  # seconds: an index is made anew at some three thousand articles a second
FILTERS = {"source": "来源", "category": "栏目", "security": "证券"}
SORTS = {"relevance": "相关", "newest": "最新"}


@search_page
def results(request: HttpRequest) -> HttpResponse:
    """What was found; before anything is asked for, how to ask."""
    asked = SearchRequest.read(request.GET)
    if asked.is_empty:
        return render_page("search/help.html", asked=asked)
    try:
        found = search(asked)
    except Unavailable as error:
        return not_yet(asked, error)
    if found.is_unanswered:
        unanswered.note(asked.q)
    return render_page(
        "search/results.html",
        asked=asked,
        found=found,
        outlets=[one for one in found.outlets if one not in found.meant],
        query=replace(asked, sort="relevance").query(),
        sorts=[(label, asked.query(sort=sort), sort == asked.sort) for sort, label in SORTS.items()],
        chosen=_chosen(found),
        unfiltered=SearchRequest(q=asked.q, sort=asked.sort).query(),
    )


def not_yet(asked: SearchRequest, error: Unavailable) -> HttpResponse:
    """There is no index at the moment: for those who look after the portal the page says what to run."""
    response = render_page("search/not_yet.html", status=503, asked=asked, why=str(error))
    response.headers["Retry-After"] = str(RETRY_AFTER)
    response.headers["Cache-Control"] = "no-store"
    return response


def _chosen(found: SearchResults) -> list[tuple[str, str]]:
    """What the result is narrowed by, in words, each with the query that takes it back."""
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
    """As OpenSearch has it: the words, then the labels, notes and addresses of what they may mean."""
    return HttpResponse(_suggested(request.GET), content_type="application/x-suggestions+json; charset=utf-8")


@suggestion_page
def suggestions_module(request: HttpRequest) -> HttpResponse:
    """The same as a module of JavaScript, for our own box: taking in a script of ours needs no more than our
    policy of content allows any page, asking for data would."""
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
    """By which browsers take the portal among their search engines (OpenSearch 1.1)."""
    kind = "application/opensearchdescription+xml; charset=utf-8"
    return render_page("search/opensearch.xml", content_type=kind)
