"""Render pages, and the error pages."""

import re
from functools import cache
from pathlib import PurePosixPath

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse

from articles.taxonomy.public_names import navigation

LONGEST_GUESS = 60  # characters: about a headline; longer text is not a useful query
# At least three letters: the two before an article's number (NW2021…) are no word.
WORD = re.compile(r"[a-zA-Z]{3,}|[^\W\d_a-zA-Z]+")


def render_page(
    template: str, *, status: int = 200, content_type: str | None = None, **words
) -> HttpResponse:
    """Render a template for all readers.

    It does not get the request: nothing about one reader may enter a page that caches keep for everybody.
    """
    everywhere = {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "sections": navigation(),
        "here": "",  # the slug of the current section; set, because Django is slow on a missing variable
        "assets": _assets(),
        "urls": _urls(get_script_prefix()),
    }
    page = get_template(template).render(everywhere | words)
    return HttpResponse(page, content_type=content_type, status=status)


@cache
def _assets() -> dict[str, str]:
    """URLs of the assets, cached: the hashed names are fixed when the process starts."""
    return {
        "tokens": static("css/tokens.css"),
        "site": static("css/site.css"),
        "search": static("js/search.js"),
        "icon": static("favicon.svg"),
    }


@cache
def _urls(prefix: str) -> dict[str, str]:
    """The URLs that every page links to; they contain the script prefix `prefix`."""
    names = ("home", "directory", "archive", "search", "suggestions", "suggestions_module", "opensearch")
    feeds = {"atom": reverse("feed", args=["feed.xml"]), "json_feed": reverse("feed", args=["feed.json"])}
    return {name: reverse(name) for name in names} | feeds


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render_page("400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render_page("403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The error page for a form that came from another site, or too late."""
    return render_page("403.html", status=403, form=True)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render_page("404.html", status=404, guess=guess(request.path_info))


def guess(path: str) -> str:
    """The words in a URL that was not found, as a suggested search. Numbers are dropped."""
    words = WORD.findall(PurePosixPath(path).stem)
    return " ".join(words)[:LONGEST_GUESS]


def gone() -> HttpResponse:
    """The 410 page: it says nothing else about a withdrawn article."""
    return render_page("410.html", status=410)


def server_error(request: HttpRequest) -> HttpResponse:
    """The 500 page; uses no database, no cache and no other template."""
    words = {"code": 500, "heading": "服务器出错", "request_id": getattr(request, "id", "")}
    return HttpResponse(get_template("500.html").render(words), status=500)
