"""The key that signs: given by the environment, or made once by the command that opens a newsroom."""

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
    """The key of the environment, else the one kept in a file.

    Where there is neither, the key is looked for when it is first used, because most commands never use it and the one
    that opens a newsroom makes it; then a missing key raises ImproperlyConfigured.
    """
    given = os.environ.get(name, "")
    if given and len(given) < LEAST:
        raise ImproperlyConfigured(f"{name} is shorter than {LEAST} characters: make a longer one.")
    return given or _kept(kept_in) or lazy(cache(lambda: _kept_by_now(name, kept_in)), str)()


def make(path: Path) -> None:
    """Make a key in a file that only we read, unless another process is first; it is complete once it has its name."""
    if path.exists():
        return
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}-") as file:  # of mode 600
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
