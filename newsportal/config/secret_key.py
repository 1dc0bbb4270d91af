"""The secret key: from the environment, or made once by `migrate` for a local site."""

import os
import secrets
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import lazy

from newsportal.config import masking

LEAST = 32  # characters


def secret_key(name: str, kept_in: Path) -> str:
    """The key in the environment, else the one kept in a file.

    If there is neither, the file is read again on first use, because most commands never use the key and `migrate`
    makes it. If it is still missing then, ImproperlyConfigured is raised.
    """
    given = os.environ.get(name, "")
    if given and len(given) < LEAST:
        raise ImproperlyConfigured(f"{name} is shorter than {LEAST} characters: make a longer one.")
    return given or _kept(kept_in) or lazy(cache(lambda: _kept_by_now(name, kept_in)), str)()


def make(path: Path) -> None:
    """Create a key file with mode 0600 unless there is one. The link makes it appear complete, and the first wins."""
    if path.exists():
        return
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}-") as file:  # mode 0600
        file.write(secrets.token_urlsafe(64))
        file.flush()
        os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(file.name, path)


def _kept(path: Path) -> str:
    try:
        key = path.read_text()
    except FileNotFoundError:
        return ""
    masking.hide(key)
    return key


def _kept_by_now(name: str, path: Path) -> str:
    if key := _kept(path):
        return key
    raise ImproperlyConfigured(
        f"There is no secret key: run `manage.py migrate`, which makes {path}, or set {name} to at least "
        f"{LEAST} characters."
    )
