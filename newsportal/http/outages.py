"""When the database fails during a request, answer 503 with Retry-After, not a server error.

Errors may come from middleware, views, templates or error handlers; Django passes them all to `handler500`, here
`failed`, which makes the page. OutageMiddleware, around the views and other middleware, retries a read-only
request whose connection was cut, and limits the time that a request waits for the database.
"""

import logging
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import chain

from django.core.exceptions import SuspiciousOperation
from django.db import Error, connections
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.template.loader import get_template
from django.urls import reverse

from articles.portal.render import server_error
from newsportal.databases import damage, patience
from newsportal.databases.outage import Outage, outage_of

RETRY_AFTER = 10  # seconds
# How long a read-only request is retried while its connections are cut; the last attempt may take longer.
TRIED_FOR, TRIES = 1.5, 20  # seconds, times
SAFE = ("GET", "HEAD", "OPTIONS")
LONG = 80  # characters: an editor may want to copy longer values, so they are shown; others are only resent
SECRET = ("password", "token", "otp", "secret")
WORDS = {
    Outage.BUSY: "数据库正忙",
    Outage.READ_ONLY: "数据库只读",
    Outage.FULL: "磁盘已满",
    Outage.DAMAGED: "数据库损坏",
}
_log = logging.getLogger(__name__)
_limits = False


def limit_waiting() -> None:
    """Limit how long requests of this process wait for the database. Servers call it, commands do not."""
    global _limits
    _limits = True


class OutageMiddleware:
    """Retries a read-only request whose connection was cut."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reads_only = request.method in SAFE
        if _limits:
            patience.begin(reads_only)
        try:
            response = self.get_response(request)
            if reads_only and getattr(response, "outage", None) is Outage.CUT:
                response = self._again(request)
            return response
        finally:
            patience.end()

    def _again(self, request: HttpRequest) -> HttpResponse:
        until = time.monotonic() + TRIED_FOR
        for _ in range(TRIES):
            response = self.get_response(request)
            if getattr(response, "outage", None) is not Outage.CUT or time.monotonic() > until:
                break
        return response


def failed(request: HttpRequest) -> HttpResponse:
    """Django's handler500: 503 with Retry-After if something outside our code has failed, else 500."""
    error = sys.exc_info()[1]
    outage = outage_of(error)
    if outage is None:
        return server_error(request)
    _let_go()
    if outage is Outage.BUSY:
        patience.locks.ran_out()
    if outage is Outage.DAMAGED:
        damage.note(error)
    _log.warning("%s %s: %s (%s)", request.method, request.path, outage, str(error).partition("\n")[0])
    response = _page(request, outage)
    response.headers["Retry-After"], response.headers["Cache-Control"] = str(RETRY_AFTER), "no-store"
    response.outage = request.outage = outage
    return response


def _let_go() -> None:
    """Close the connections, whatever their state, so that the next request opens new ones."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            with suppress(Error):
                connection.close()


def _page(request: HttpRequest, outage: Outage) -> HttpResponse:
    words = {"outage": outage, "title": WORDS.get(outage, "暂时无法读取")}
    if request.method not in SAFE:
        words |= {"wrote": _wrote(outage), "path": request.get_full_path()}
        if request.path.startswith(reverse("admin:index")):
            words |= {"typed": _typed(request)}
    return HttpResponse(get_template("503.html").render(words), status=503)


def _wrote(outage: Outage) -> str:
    """What was saved of a submitted form: "nothing", "part" or "unknown"."""
    ours = patience.request()
    if ours and ours.committed:
        return "part"
    return "unknown" if outage in (Outage.CUT, Outage.AWAY) and ours and ours.answered else "nothing"


def _typed(request: HttpRequest) -> list[dict]:
    """The submitted form fields without secrets; [] if the body cannot be read."""
    try:
        fields = chain.from_iterable(
            ((name, value) for value in values) for name, values in request.POST.lists()
        )
        return [
            {"name": name, "value": value, "long": len(value) > LONG or "\n" in value}
            for name, value in fields
            if name == "csrfmiddlewaretoken" or not any(word in name for word in SECRET)
        ]
    except (OSError, SuspiciousOperation, MultiPartParserError):
        return []
