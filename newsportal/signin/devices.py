"""A signed cookie marks browsers that staff have signed in with, for thirty days after the last use.

While others try passwords for a user name, its owner can still sign in with such a browser (newsportal.signin.locks).
The cookie does not replace the password; it belongs to one account and is void once the password changes.
"""

from secrets import token_hex
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse

COOKIE = f"{settings.COOKIE_NAMES}editor"
SALT = "newsportal.signin.devices"
DAY = 24 * 60 * 60  # seconds
KEPT = 30 * DAY
RENEWED = DAY  # at most once a day


class Device(NamedTuple):
    """A browser, and the account it was last used for."""

    editor: str  # the account's primary key
    number: str  # random
    session_hash: str  # changes with the password


def known_editor(request: HttpRequest) -> str | None:
    """Primary key of the account that used this browser in the last thirty days, or None."""
    device = _device(request)
    return device.editor if device else None


def remember_editor(request: HttpRequest, response: HttpResponse) -> None:
    """Set or renew the cookie for the signed-in user."""
    if not request.user.is_authenticated:
        return
    device, editor = _device(request), str(request.user.pk)
    number = device.number if device and device.editor == editor else token_hex(16)
    new = Device(editor, number, _session_hash(request.user))
    if _device(request, RENEWED) != new:
        response.set_signed_cookie(
            COOKIE,
            ":".join(new),
            SALT,
            max_age=KEPT,
            path=settings.SESSION_COOKIE_PATH,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite=settings.SESSION_COOKIE_SAMESITE,
        )


def device_of(request: HttpRequest, name: str) -> str:
    """This browser's number if it was used for this account under its current password, else ""."""
    if (device := _device(request)) is None:
        return ""
    user = User.objects.filter(pk=device.editor, username=name).first()
    return device.number if user and _session_hash(user) == device.session_hash else ""


def _device(request: HttpRequest, within: int = KEPT) -> Device | None:
    value = request.get_signed_cookie(COOKIE, None, SALT, max_age=within)
    return Device(*value.split(":")) if value else None


def _session_hash(user: User) -> str:
    return user.get_session_auth_hash()[:16]
