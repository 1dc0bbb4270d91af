"""Read settings from environment variables. Invalid values fail at start with a clear message, not at a request."""

import os
import re
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off", ""}
PREFIX = re.compile(r"(?:/[a-zA-Z0-9_~-][a-zA-Z0-9._~-]*)*")


def flag(name: str, default: bool = False) -> bool:
    """A boolean such as 1, yes, 0, no; anything else raises ImproperlyConfigured."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in YES:
        return True
    if value.strip().lower() in NO:
        return False
    raise ImproperlyConfigured(f"{name}={value!r} is neither yes nor no: use 1 or 0.")


def number(name: str, default: int, least: int, most: int) -> int:
    """An integer from `least` to `most`; anything else raises ImproperlyConfigured."""
    value = os.environ.get(name, "").strip() or str(default)
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise ImproperlyConfigured(f"{name}={value!r}: give a whole number from {least} to {most}.")
    return int(value)


def choice(name: str, choices: dict[str, str]) -> str:
    """The value for the given word; the first is the default. Raises ImproperlyConfigured for other words."""
    word = os.environ.get(name, "").strip() or next(iter(choices))
    if word not in choices:
        raise ImproperlyConfigured(f"{name}={word!r}: use {' or '.join(choices)}.")
    return choices[word]


def words(name: str) -> list[str]:
    """A comma-separated list, without empty parts."""
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


def addresses(name: str) -> list[tuple[str, int]]:
    """A comma-separated list of IP addresses with ports (10.0.0.5:8080, [fd00::5]:443), as (address, port) pairs."""
    found = []
    for word in words(name):
        address, _, port = word.rpartition(":")
        try:
            found.append((str(ip_address(address.strip("[]"))), int(port)))
        except ValueError as error:
            raise ImproperlyConfigured(
                f"{name}={word!r}: give an IP address and a port, such as 10.0.0.5:8080 (names can move)."
            ) from error
    return found


def site_url(name: str, default: str) -> str:
    """An absolute http(s) URL with a host and no path, without the trailing slash."""
    value = os.environ.get(name, default).strip().rstrip("/")
    if "@" in value:
        raise ImproperlyConfigured(f"{name} holds a user's name: give the address readers type, without one.")
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018 (reading it raises ValueError for an invalid port)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value!r} is no web address.") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        raise ImproperlyConfigured(
            f"{name}={value!r}: give the address readers type, such as https://news.example.com"
        )
    return value


def path_prefix(name: str) -> str:
    """A path such as /news, without the trailing slash; "" if unset."""
    value = os.environ.get(name, "").strip().rstrip("/")
    if not PREFIX.fullmatch(value):
        raise ImproperlyConfigured(f"{name}={value!r}: give the path the portal lives under, such as /news")
    return value


def public_home(name: str, home: Path) -> Path:
    """The folder of served files: `home` unless another folder is given, which must not be inside it."""
    given = os.environ.get(name)
    if not given:
        return home
    path = Path(given).resolve()
    if path.is_relative_to(home):
        raise ImproperlyConfigured(f"{name} lies in NEWSPORTAL_HOME, where only the portal may look.")
    return path


# URLs of databases and caches contain passwords, in a malformed URL anywhere, so error messages never repeat them.
def database(name: str, default: str) -> dict:
    """Django's DATABASES entry for a postgres:// or sqlite:// URL."""
    import dj_database_url  # imported late: it reads the environment when imported

    value = os.environ.get(name) or default
    if not value.startswith(("postgres://", "postgresql://", "sqlite://")):
        raise ImproperlyConfigured(f"{name}: only postgres:// and sqlite:// databases are kept to.")
    try:
        if not value.startswith("sqlite://"):  # sqlite://:memory: has no valid port
            urlsplit(value).port  # noqa: B018 (as above)
        return dj_database_url.parse(value)
    except (ValueError, dj_database_url.ParseError):
        raise ImproperlyConfigured(
            f"{name} cannot be read: write postgres://user:password@host:port/name, with every character of "
            "the password but letters and digits as %XX."
        ) from None


def cache(name: str) -> dict:
    """Django's CACHES entry: in-process memory unless a redis:// URL is given; `off` disables caching."""
    value = os.environ.get(name, "").strip()
    if not value:
        # One entry per article read: with Django's limit of 300 each would be evicted before it is used again.
        options = {"MAX_ENTRIES": 20_000}  # of some hundred bytes each
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": options}
    if value == "off":
        return {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    try:
        urlsplit(value).port  # noqa: B018 (as above)
    except ValueError:
        value = ""
    if value.startswith(("redis://", "rediss://", "unix://")):
        return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": value}
    raise ImproperlyConfigured(
        f"{name} cannot be read: use redis://:password@host:port/number, or off, or leave it unset."
    )
