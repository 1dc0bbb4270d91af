"""The limits of a fetch, and its two kinds of failure."""

import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from sources.net.public_addresses import is_public

PORTS = {"http": 80, "https": 443}


class FetchError(Exception):
    """Nothing was fetched; the message says why, in Chinese."""


class Refused(FetchError):
    """We do not fetch this: its address, size or encoding is not allowed. Trying again will not help."""


class Failed(FetchError):
    """The fetch failed this time; a later try may succeed."""


def look_up(host: str, port: int) -> list[str]:
    """The IP addresses of a host, as the system resolves them. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(address[0] for *_, address in found))


@dataclass(frozen=True, slots=True)
class Policy:
    """Limits of one fetch.

    `allow`: (IP address, port) pairs that may be connected to although they are not public; `hops`: redirects
    followed; `seconds`: for all hops together; `most`: bytes of the body, both compressed and decompressed.
    """

    allow: frozenset[tuple[str, int]] = frozenset()
    hops: int = 3
    seconds: float = 5.0
    most: int = 10 * 1024 * 1024
    resolve: Callable[[str, int], list[str]] = look_up
    # For hosts with their own certificates; None uses the system's authorities.
    tls: ssl.SSLContext | None = None

    @classmethod
    def usual(cls) -> "Policy":
        """The portal's policy: public addresses and those in NEWSPORTAL_FETCH_ALLOW."""
        return cls(allow=frozenset(settings.FETCH_ALLOW))

    def check(self, host: str, address: str, port: int) -> None:
        """Raise Refused unless this IP address, which `host` resolved to, may be connected to on this port."""
        if (address, port) in self.allow:
            return
        if not _is_public(address):
            raise Refused(f"{host} 在内部网络（{address}），不抓取")
        if port not in PORTS.values():
            raise Refused(f"只抓取 80 和 443 端口，不抓取 {port}")


def _is_public(address: str) -> bool:
    try:
        return is_public(address)
    except ValueError:
        return False
