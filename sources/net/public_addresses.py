"""Which addresses of the network are the internet's, and which are ours or nobody's. Pure."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

# IPv4 inside IPv6, by translators and by the notation for sockets that speak both: judged by what is inside.
_EMBEDDING = (IPv6Network("64:ff9b::/96"), IPv6Network("::ffff:0:0/96"))
# Tunnels nobody needs any more (6to4, Teredo), local translators, and the old IPv4-compatible form: never.
_NEVER = tuple(map(IPv6Network, ("2002::/16", "2001::/32", "64:ff9b:1::/48", "::/96", "fec0::/10")))
_RELAYS = IPv4Network("192.88.99.0/24")  # to those tunnels, given up in 2015 (RFC 7526)


def is_public(address: str) -> bool:
    """Whether an IP address, as digits, is one that anybody on the internet has. Raises ValueError for other words.

    Not public: private, loopback, link-local, shared (CGNAT), multicast, reserved, documentation, benchmarking;
    IPv4 inside IPv6 is what the IPv4 is; an address with a zone (fe80::1%eth0) is not public.
    """
    if "%" in address:
        return False
    found: IPv4Address | IPv6Address = ip_address(address)
    if isinstance(found, IPv6Address):
        if any(found in network for network in _EMBEDDING):
            found = IPv4Address(int(found) & 0xFFFF_FFFF)
        elif any(found in network for network in _NEVER):
            return False
    if isinstance(found, IPv4Address) and found in _RELAYS:
        return False
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)
