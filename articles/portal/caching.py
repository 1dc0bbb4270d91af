"""Cache policies: how long browsers and shared caches may keep a page (headers), and how long we cache data."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse

MINUTE = 60  # seconds
POLICY = ", ".join(
    (
        "public",
        f"max-age={1 * MINUTE}",  # a browser reuses the page for a minute
        f"s-maxage={5 * MINUTE}",  # a shared cache revalidates after five
        f"stale-while-revalidate={10 * MINUTE}",  # readers get the old page while it revalidates
        f"stale-if-error={24 * 60 * MINUTE}",  # and for a day while we are down
    )
)


# Search results are revalidated each time: an article may have been withdrawn a moment ago.
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


public_page = _kept(POLICY)  # the same for everybody; any cache may keep it
search_page = _kept(SEARCH_POLICY)  # search results
suggestion_page = _kept(SUGGESTION_POLICY)  # names only, no articles
