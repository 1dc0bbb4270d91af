"""Public pages look at no cookie: what a browser sends along changes nothing on them, and they set none."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

DESK = "/admin/"


class PublicCookiesMiddleware:
    """Takes the cookies from requests for public pages. Django would answer one that it cannot read by setting another,
    and a shared cache would then keep the page with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(DESK):
            request.COOKIES = {}
        return self.get_response(request)
