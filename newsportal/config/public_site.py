"""Required settings of a site that strangers can reach; the server refuses to start without them."""

import re
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

KEY_LENGTH, KEY_LETTERS = 50, 12
# Words in keys that were copied from an example.
NOT_A_KEY = re.compile(
    r"replace|change-?(?:me|this|it)|insecure|example|placeholder|your[-_ ]|secret|password|only-for",
    re.I,
)
# Anybody can register a name below these: .com, .cn, .com.cn, .co.uk.
ANYBODYS = re.compile(r"\.(?:[^.]*|(?:com|net|org|gov|edu|ac|co|ne|or)\.[a-z]{2})", re.I)


def is_public(site_url: str, argv: Sequence[str], environ: Mapping[str, str]) -> bool:
    """Whether the site's host, or an address that this server binds to, is not loopback."""
    return not _is_loopback(urlsplit(site_url).hostname) or not all(
        map(_is_loopback, bound_to(argv, environ))
    )


def bound_to(argv: Sequence[str], environ: Mapping[str, str]) -> list[str]:
    """The hosts that granian or runserver are told to bind to."""
    hosts = [environ["GRANIAN_HOST"]] if environ.get("GRANIAN_HOST") else []
    for at, word in enumerate(argv):
        if word.startswith("--host="):
            hosts.append(word.partition("=")[2])
        elif word == "--host" and at + 1 < len(argv):
            hosts.append(argv[at + 1])
    if "runserver" in argv[1:2]:
        places = [word for word in argv[2:] if not word.startswith("-") and ":" in word]
        hosts += [place.rpartition(":")[0] for place in places]
    return hosts


def _is_loopback(host: str | None) -> bool:
    host = (host or "").strip("[]").lower()
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def require(debug: bool, key: str, hosts: Sequence[str]) -> None:
    """Raise ImproperlyConfigured for debug mode, a guessable or published key, or hosts that match other people's."""
    if debug:
        raise ImproperlyConfigured(
            "NEWSPORTAL_DEBUG is on at a public address: its pages show settings and code. Set it to 0."
        )
    if fault := fault_of_key(key):
        raise ImproperlyConfigured(
            f"NEWSPORTAL_SECRET_KEY {fault}. Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(64))'"
        )
    if not hosts:
        raise ImproperlyConfigured(
            "NEWSPORTAL_ALLOWED_HOSTS is empty: name the hosts that may be asked for, e.g. news.example.com"
        )
    for host in hosts:
        if "*" in host or ANYBODYS.fullmatch(host):
            raise ImproperlyConfigured(
                f"NEWSPORTAL_ALLOWED_HOSTS={host!r} lets anybody's name in: name the hosts one by one."
            )


def fault_of_key(key: str) -> str:
    """What is wrong with a key, without showing it; "" for a good key."""
    if not key:
        return "is not set: a public site needs a key of its own"
    if len(key) < KEY_LENGTH:
        return f"is shorter than {KEY_LENGTH} characters"
    if NOT_A_KEY.search(key):
        return "is an example that others know, too"
    if len(set(key)) < KEY_LETTERS or key in (key + key)[1:-1]:
        return "repeats itself and can be guessed"
    return ""
