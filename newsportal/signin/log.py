"""The log of sign-ins, one line each; user input cannot forge a line."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest

from newsportal.signin.address import client_address

LOGGER = logging.getLogger("newsportal.signin")
LONGEST = 80  # characters of a logged name
# User name and address of the current admin request, for code that changes passwords and gets no request.
ASKING: ContextVar[tuple[str, str]] = ContextVar("asking", default=("-", "-"))


def escape(text: str) -> str:
    r"""The text with unprintable characters (control, line end, bidi) as \x…."""
    return "".join(_escaped(char) for char in text)


def _escaped(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    return char if char.isprintable() else ascii(char)[1:-1]


def record(outcome: str, name: str, address: str, more: str = "") -> None:
    """Log outcome, user name and address."""
    cut = escape(name[:LONGEST]) + ("…" if len(name) > LONGEST else "")
    LOGGER.info('%s user="%s" address=%s%s', outcome, cut, address, f" {more}" if more else "")


def signed_in(sender, request: HttpRequest, user, **kwargs) -> None:
    record("signed in", user.get_username(), client_address(request))


def signed_out(sender, request: HttpRequest, user, **kwargs) -> None:
    if user is not None:
        record("signed out", user.get_username(), client_address(request))


@contextmanager
def asking(request: HttpRequest) -> Iterator[None]:
    """Set ASKING for the duration of a request."""
    name = escape(request.user.get_username()[:LONGEST])
    token = ASKING.set((name, client_address(request)))
    try:
        yield
    finally:
        ASKING.reset(token)


def password_changed(user) -> None:
    name, address = ASKING.get()
    record("password changed", user.get_username(), address, f'by="{name}"')


def connect() -> None:
    """Connect the signals; called once when the apps are ready."""
    user_logged_in.connect(signed_in, dispatch_uid="newsportal.signin.log")
    user_logged_out.connect(signed_out, dispatch_uid="newsportal.signin.log")
