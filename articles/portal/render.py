"""Printing a page, and the pages that say why there is none."""

import re
from functools import cache
from pathlib import PurePosixPath

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse

from articles.taxonomy.public_names import navigation

LONGEST_GUESS = 60  # characters: what is longer than a headline is not looked for
# Two letters of ours stand before an article's number (NW2021…) and say nothing.
WORD = re.compile(r"[a-zA-Z]{3,}|[^\W\d_a-zA-Z]+")


def render_page(
    template: str, *, status: int = 200, content_type: str | None = None, **words
) -> HttpResponse:
    """A template as everybody gets it.

    It is not given the request: nothing of one reader can come into a page that caches keep for all.
    """
    everywhere = {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "sections": navigation(),
        "here": "",  # the category one is in; said, because Django takes its time to miss a word
        "assets": _assets(),
        "urls": _urls(get_script_prefix()),
    }
    page = get_template(template).render(everywhere | words)
    return HttpResponse(page, content_type=content_type, status=status)


@cache
def _assets() -> dict[str, str]:
    """Where style, script and icon stand: settled when the process starts, as the names with hashes are."""
    return {
        "tokens": static("css/tokens.css"),
        "site": static("css/site.css"),
        "search": static("js/search.js"),
        "icon": static("favicon.svg"),
    }


@cache
def _urls(prefix: str) -> dict[str, str]:
    """The addresses that every page links to; `prefix` is the script's, part of each."""
    names = ("home", "directory", "archive", "search", "suggestions", "suggestions_module", "opensearch")
    feeds = {"atom": reverse("feed", args=["feed.xml"]), "json_feed": reverse("feed", args=["feed.json"])}
    return {name: reverse(name) for name in names} | feeds


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render_page("400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render_page("403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from one of our pages, or came too late."""
    return render_page("403.html", status=403, form=True)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render_page("404.html", status=404, guess=guess(request.path_info))


def guess(path: str) -> str:
    """The words of an address that leads nowhere: what its reader may have looked for. Numbers are none."""
    words = WORD.findall(PurePosixPath(path).stem)
    return " ".join(words)[:LONGEST_GUESS]


def gone() -> HttpResponse:
    """Of a withdrawn article only this much is said."""
    return render_page("410.html", status=410)


def server_error(request: HttpRequest) -> HttpResponse:
    """Stands alone: no database, no cache, no words from anywhere else."""
    words = {"code": 500, "heading": "服务器出错", "request_id": getattr(request, "id", "")}
    return HttpResponse(get_template("500.html").render(words), status=500)
