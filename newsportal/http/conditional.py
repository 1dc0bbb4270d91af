"""ETags and 304, for HEAD as for GET."""

from django.http import HttpRequest, HttpResponse
from django.middleware.http import ConditionalGetMiddleware
from django.utils.cache import get_conditional_response, set_response_etag


class ConditionalReadingMiddleware(ConditionalGetMiddleware):
    """Django's leaves HEAD alone. Our views answer HEAD with the whole page, and the server drops it: so its ETag is
    that of the page, and who asks with it gets 304."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.method != "HEAD" or response.streaming:
            return super().process_response(request, response)
        if self.needs_etag(response) and not response.has_header("ETag"):
            set_response_etag(response)
        if response.status_code != 200:
            return response
        return get_conditional_response(request, etag=response.get("ETag"), response=response)
