"""The client address of a request, as far as it can be trusted."""

from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"  # a socket without an address, or a test's request
WHOLE_LINE = 64  # bits: one IPv6 subscriber has 2^64 addresses


def client_address(request: HttpRequest) -> str:
    """The caller's IP address; of IPv6 the /64 network.

    Each trusted proxy appends the address it was called from to X-Forwarded-For, so only the last NEWSPORTAL_PROXIES
    entries are trusted; the client can forge those before. (ipware's proxy_count gives None if the header has fewer
    entries than expected, which would put everybody under one lock.)
    """
    direct = request.META.get("REMOTE_ADDR", "")
    if not settings.PROXIES:
        return _network(direct) or UNKNOWN
    entries = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    forwarded = entries[-settings.PROXIES] if len(entries) >= settings.PROXIES else ""
    return _network(forwarded) or _network(direct) or UNKNOWN


def is_proxy(address: str) -> bool:
    """True if all users may share this address: on a public site only the proxy uses loopback."""
    return address == UNKNOWN or (settings.PUBLIC and ip_address(address).is_loopback)


def _network(written: str) -> str:
    """The address in an entry such as 1.2.3.4, 1.2.3.4:5678 or [2001:db8::1]:443; "" if there is none."""
    written = written.strip()
    if written.startswith("["):
        written = written[1:].partition("]")[0]
    elif written.count(":") == 1:
        written = written.partition(":")[0]
    try:
        address = ip_address(written.partition("%")[0])
    except ValueError:
        return ""
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(address) if address.is_loopback else str(IPv6Address(int(address) >> WHOLE_LINE << WHOLE_LINE))
