"""Serve our own picture files, named by content: those of published articles to readers, all of them to editors."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override

from articles.pictures.record import file_of
from articles.taxonomy import public_names

# A browser may keep it for ever; a shared cache revalidates, since the article may be withdrawn.
FOR_EVER = "public, max-age=31536000, s-maxage=300, immutable"


@csp_override({"default-src": [CSP.NONE], "sandbox": True})
def picture(request: HttpRequest, sha256: str) -> HttpResponse:
    """A WebP file made by `fetch_images`. Its CSP lets it run nothing, even when opened directly."""
    is_public = public_names.pictures().in_file(sha256).exists()
    if not is_public and not (request.user.is_staff and request.user.has_perm("articles.view_article")):
        raise Http404
    try:
        data = file_of(sha256).read_bytes()
    except FileNotFoundError as error:
        raise Http404 from error
    kept = FOR_EVER if is_public else "private, no-store"
    headers = {"Cache-Control": kept, "ETag": f'"{sha256}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(data, content_type="image/webp", headers=headers)
