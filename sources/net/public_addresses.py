"""Which IP addresses are public. Pure."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

# IPv4 inside IPv6 (NAT64, and IPv4-mapped for dual-stack sockets): the IPv4 address inside decides.
_EMBEDDING = (IPv6Network("64:ff9b::/96"), IPv6Network("::ffff:0:0/96"))
# Never public: obsolete tunnels (6to4, Teredo), local NAT64, the old IPv4-compatible form, and site-local addresses.
_NEVER = tuple(map(IPv6Network, ("2002::/16", "2001::/32", "64:ff9b:1::/48", "::/96", "fec0::/10")))
_RELAYS = IPv4Network("192.88.99.0/24")  # anycast relays of 6to4, deprecated in 2015 (RFC 7526)


def is_public(address: str) -> bool:
    """Whether an IP address, as text, is public on the internet. Raises ValueError for other text.

    Not public: private, loopback, link-local, shared (CGNAT), multicast, reserved, documentation, benchmarking, and
    addresses with a zone (fe80::1%eth0). IPv4 inside IPv6 counts as the IPv4 address.
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
