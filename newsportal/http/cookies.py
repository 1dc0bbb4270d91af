"""Public pages look at no cookie: what a browser sends along changes nothing on them, and they set none."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

DESK, PICTURES = "/admin/", "/media/"
SESSION = re.compile(r"[a-z0-9]{32}")


class PublicCookiesMiddleware:
    """Takes the cookies from requests for public pages. Django would answer one that it cannot read by setting another,
    and a shared cache would then keep the page with it. Only pictures ask who is there: editors see all of them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(DESK):
            name = settings.SESSION_COOKIE_NAME
            session = request.COOKIES.get(name, "")
            keeps = request.path_info.startswith(PICTURES) and SESSION.fullmatch(session)
            request.COOKIES = {name: session} if keeps else {}
        return self.get_response(request)
