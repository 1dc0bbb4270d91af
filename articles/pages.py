"""Printing a page, and the pages that say why there is none."""

from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.templatetags.static import static

from articles.caching import sections


def print_page(template: str, *, status: int = 200, **words) -> HttpResponse:
    """A template as everybody gets it.

    It is not given the request: nothing of one reader can come into a page that caches keep for all.
    """
    everywhere = {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "sections": sections(),
        "here": "",  # the category one is in; said, because Django takes its time to miss a word
        "assets": _assets(),
    }
    return HttpResponse(get_template(template).render(everywhere | words), status=status)


@cache
def _assets() -> dict[str, str]:
    """Where style and icon stand: settled when the process starts, as the names with hashes are."""
    return {"tokens": static("css/tokens.css"), "site": static("css/site.css"), "icon": static("favicon.svg")}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return print_page("400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return print_page("403.html", status=403)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from one of our pages, or came too late."""
    return print_page("403.html", status=403, form=True)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return print_page("404.html", status=404)


def gone() -> HttpResponse:
    """Of a withdrawn article only this much is said."""
    return print_page("410.html", status=410)


def server_error(request: HttpRequest) -> HttpResponse:
    """Stands alone: no database, no cache, no words from anywhere else."""
    return HttpResponse(get_template("500.html").render(), status=500)
