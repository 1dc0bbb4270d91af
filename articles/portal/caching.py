"""How long what may be kept: by browsers and shared caches (headers), and by us between two requests."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse

MINUTE = 60  # seconds
POLICY = ", ".join(
    (
        "public",
        f"max-age={1 * MINUTE}",  # a reader who comes back within a minute sees the same page
        f"s-maxage={5 * MINUTE}",  # a shared cache asks us again after five
        f"stale-while-revalidate={10 * MINUTE}",  # nobody waits while it asks
        f"stale-if-error={24 * 60 * MINUTE}",  # and for a day it carries on when we are down
    )
)


# What is found is asked for anew each time: an article may have been withdrawn a moment ago.
SEARCH_POLICY = "public, no-cache"
SUGGESTION_POLICY = f"public, max-age={1 * MINUTE}"
View = Callable[..., HttpResponse]


def _kept(policy: str) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def kept(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            response = view(request, *args, **kwargs)
            response.headers.setdefault("Cache-Control", policy)
            return response

        return kept

    return decorate


public_page = _kept(POLICY)  # the same for everybody, and every cache on the way may keep it
search_page = _kept(SEARCH_POLICY)  # what somebody looked for
suggestion_page = _kept(SUGGESTION_POLICY)  # what he may have meant: names, no articles
