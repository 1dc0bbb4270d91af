"""A browser that somebody of the staff has signed in with is known by a signed cookie, thirty days after its last use.

While strangers try passwords for a user name, its editor gets in with his own browser (newsportal.signin.locks). The
cookie spares nobody the password; it is for one account, and ends with the password it was made under.
"""

from secrets import token_hex
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse

COOKIE = "__Host-editor" if settings.HTTPS else "editor"
SALT = "newsportal.signin.devices"
DAY = 24 * 60 * 60  # seconds
KEPT = 30 * DAY
RENEWED = DAY  # after so long, if it is in use


class Device(NamedTuple):
    """A browser as the account it was last used for knows it."""

    editor: str  # the account's primary key
    number: str  # by chance
    era: str  # another one after each change of the password, of which it tells nothing


def known_editor(request: HttpRequest) -> str | None:
    """Whose session this browser had within the last thirty days; None if nobody's."""
    device = _device(request)
    return device.editor if device else None


def remember_editor(request: HttpRequest, response: HttpResponse) -> None:
    """Whose pages this browser shows, for the time after the session."""
    if not request.user.is_authenticated:
        return
    device, editor = _device(request), str(request.user.pk)
    number = device.number if device and device.editor == editor else token_hex(16)
    new = Device(editor, number, _era(request.user))
    if _device(request, RENEWED) != new:
        same = {"secure": settings.SESSION_COOKIE_SECURE, "samesite": settings.SESSION_COOKIE_SAMESITE}
        response.set_signed_cookie(COOKIE, ":".join(new), SALT, max_age=KEPT, httponly=True, **same)


def device_of(request: HttpRequest, name: str) -> str:
    """This browser's number, if it was used for the account of this name under the password of today; else none."""
    if (device := _device(request)) is None:
        return ""
    user = User.objects.filter(pk=device.editor, username=name).first()
    return device.number if user and _era(user) == device.era else ""


def _device(request: HttpRequest, within: int = KEPT) -> Device | None:
    value = request.get_signed_cookie(COOKIE, None, SALT, max_age=within)
    return Device(*value.split(":")) if value else None


def _era(user: User) -> str:
    return user.get_session_auth_hash()[:16]
