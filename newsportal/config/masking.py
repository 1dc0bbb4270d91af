"""Mask secrets in logs and errors: passwords of databases, caches and feeds, and the secret key."""

import os
import re
import sys
import threading
import traceback
from html import escape
from urllib.parse import unquote, urlsplit

STARS = "***"
KEY = 16  # characters: a shorter one is refused as a key
SHORTEST = 6  # characters: masking shorter ones would hide ordinary words; passwords in URLs are masked at any length
# The URL of a database or cache may be malformed, and its password may contain any character.
_SERVER = re.compile(r"\b(postgres(?:ql)?|rediss?|unix|mysql|sqlite)(://)[^\s'\"<>]*@", re.I)
_USER = re.compile(r"([a-z][a-z0-9+.-]*://)[^\s/?#@'\"<>]*@", re.I)
_WORD = re.compile(r"\b((?:ssl)?passw(?:or)?d=)('[^']*'|[^\s&'\"]+)", re.I)
_SETTINGS = ("DATABASE_URL", "NEWSPORTAL_CACHE_URL")

_hidden: set[str] = set()


def hide(*secrets: str) -> None:
    """Mask these secrets everywhere from now on; those under SHORTEST characters are ignored."""
    long = [secret for secret in secrets if len(secret) >= SHORTEST]
    _hidden.update(long, map(escape, long))  # HTML pages contain the escaped form


def mask(text: str) -> str:
    """The text with every password and secret replaced by STARS."""
    for secret in sorted(_hidden, key=len, reverse=True):
        text = text.replace(secret, STARS)
    text = _SERVER.sub(rf"\1\2{STARS}@", text)
    text = _USER.sub(rf"\1{STARS}@", text)
    return _WORD.sub(rf"\1{STARS}", text)


def hide_settings() -> None:
    """Register the secrets in the environment; call it before loading anything that may print them."""
    key = os.environ.get("NEWSPORTAL_SECRET_KEY", "")
    hide(key if len(key) >= KEY else "")
    for name in _SETTINGS:
        hide(*_passwords(os.environ.get(name, "")))


def _passwords(url: str) -> set[str]:
    """The password of a URL, as written and percent-decoded; for a malformed URL, what may be the password."""
    place = url.partition("://")[2].rpartition("@")[0]
    as_written = place.partition(":")[2]
    try:
        read = urlsplit(url).password or ""
    except ValueError:
        read = ""
    return {as_written, unquote(as_written), read}


def quiet_errors() -> None:
    """Print this process's uncaught errors with secrets masked."""
    sys.excepthook = _print_masked
    threading.excepthook = lambda args: _print_masked(args.exc_type, args.exc_value, args.exc_traceback)


def _print_masked(kind, error, trace) -> None:
    sys.stderr.write(mask("".join(traceback.format_exception(kind, error, trace))))
