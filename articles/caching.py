"""How long what may be kept: by browsers and shared caches (headers), and by us between two requests."""

from collections.abc import Callable
from functools import wraps

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from articles.models import Category

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


def public_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that is the same for everybody and that every cache on the way may keep."""

    @wraps(view)
    def kept(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = POLICY
        return response

    return kept


def sections() -> list[dict]:
    """Every category as the navigation prints it; a change shows within a minute."""
    return cache.get_or_set("sections", _read_sections, 1 * MINUTE)


def _read_sections() -> list[dict]:
    return list(Category.objects.values("id", "name", "slug"))
