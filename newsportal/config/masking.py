"""What must be in no log and no error: passwords of databases, caches and feeds, and the key that signs."""

import os
import re
import sys
import threading
import traceback
from html import escape
from urllib.parse import unquote, urlsplit

STARS = "***"
KEY = 16  # characters: what is shorter is no key, and refused
SHORTEST = 6  # characters: a shorter one would blot out ordinary words; addresses are masked all the same
# A database's or cache's address may be malformed, and its password hold anything.
_SERVER = re.compile(r"\b(postgres(?:ql)?|rediss?|unix|mysql|sqlite)(://)[^\s'\"<>]*@", re.I)
_USER = re.compile(r"([a-z][a-z0-9+.-]*://)[^\s/?#@'\"<>]*@", re.I)
_WORD = re.compile(r"\b((?:ssl)?passw(?:or)?d=)('[^']*'|[^\s&'\"]+)", re.I)
_SETTINGS = ("DATABASE_URL", "NEWSPORTAL_CACHE_URL")

_hidden: set[str] = set()


def hide(*secrets: str) -> None:
    """Never show these, wherever they turn up."""
    long = [secret for secret in secrets if len(secret) >= SHORTEST]
    _hidden.update(long, map(escape, long))  # on a page some characters are written otherwise


def mask(text: str) -> str:
    """The text with every password and secret in it replaced by stars."""
    for secret in sorted(_hidden, key=len, reverse=True):
        text = text.replace(secret, STARS)
    text = _SERVER.sub(rf"\1\2{STARS}@", text)
    text = _USER.sub(rf"\1{STARS}@", text)
    return _WORD.sub(rf"\1{STARS}", text)


def hide_settings() -> None:
    """Know the secrets of the environment, before anything that may print them is loaded."""
    key = os.environ.get("NEWSPORTAL_SECRET_KEY", "")
    hide(key if len(key) >= KEY else "")
    for name in _SETTINGS:
        hide(*_passwords(os.environ.get(name, "")))


def _passwords(url: str) -> set[str]:
    """The password of an address as it stands there and as it is meant; of a malformed one what may be it."""
    place = url.partition("://")[2].rpartition("@")[0]
    as_written = place.partition(":")[2]
    try:
        read = urlsplit(url).password or ""
    except ValueError:
        read = ""
    return {as_written, unquote(as_written), read}


def quiet_errors() -> None:
    """Print uncaught errors of this process with secrets masked."""
    sys.excepthook = _print_masked
    threading.excepthook = lambda args: _print_masked(args.exc_type, args.exc_value, args.exc_traceback)


def _print_masked(kind, error, trace) -> None:
    sys.stderr.write(mask("".join(traceback.format_exception(kind, error, trace))))
