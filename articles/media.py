"""Our own files of pictures, to readers: named by their content, so they may be kept for ever."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override

from articles.pictures import file_of

FOR_EVER = "public, max-age=31536000, immutable"


@csp_override({"default-src": [CSP.NONE], "sandbox": True})
def picture(request: HttpRequest, sha256: str) -> HttpResponse:
    """A WebP file that `fetch_images` has drawn; even opened by itself it can run nothing."""
    try:
        data = file_of(sha256).read_bytes()
    except FileNotFoundError as error:
        raise Http404 from error
    headers = {"Cache-Control": FOR_EVER, "ETag": f'"{sha256}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(data, content_type="image/webp", headers=headers)
