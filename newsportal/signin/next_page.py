"""Redirects after sign-in, to our own pages only."""

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.http import MAX_URL_REDIRECT_LENGTH, url_has_allowed_host_and_scheme


def with_safe_next(request: HttpRequest) -> None:
    """Replace a `next` that leaves this site, or is too long for a header, by the admin index."""
    for method in ("GET", "POST"):
        asked = getattr(request, method)
        if REDIRECT_FIELD_NAME in asked and not _is_ours(request, asked[REDIRECT_FIELD_NAME]):
            changed = asked.copy()
            changed[REDIRECT_FIELD_NAME] = reverse("admin:index")
            setattr(request, method, changed)


def _is_ours(request: HttpRequest, url: str) -> bool:
    if len(iri_to_uri(url)) > MAX_URL_REDIRECT_LENGTH or not url.startswith(("/", "http://", "https://")):
        return False
    return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
