"""Which network addresses a source may lie at."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

# The well-known NAT64 prefixes carry an IPv4 address in their last four bytes: RFC 6052 §2.1, RFC 8215.
_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_COMPATIBLE = IPv6Network("::/96")  # ::127.0.0.1, deprecated by RFC 4291 and still routed by some stacks


def public(address: str) -> bool:
    """Whether an IP address is one that anybody on the internet could answer from.

    False for private, loopback, link-local, multicast, reserved, carrier's (100.64.0.0/10) and unspecified
    addresses, also when they hide in an IPv6 form (mapped, 6to4, Teredo, NAT64), and for what is no address.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv4Address):
        return _is_open(found)
    return all(_is_open(inner) for inner in _inside(found)) and (bool(found.ipv4_mapped) or _is_open(found))


def _is_open(found: IPv4Address | IPv6Address) -> bool:
    # is_global alone calls multicast global and depends on the release of Python.
    closed = found.is_private or found.is_loopback or found.is_link_local or found.is_multicast
    return found.is_global and not (closed or found.is_reserved or found.is_unspecified)


def _inside(found: IPv6Address) -> list[IPv4Address]:
    """The IPv4 addresses that an IPv6 one is another spelling of."""
    hidden = [one for one in (found.ipv4_mapped, found.sixtofour, *(found.teredo or ())) if one]
    if any(found in net for net in _NAT64) or (found in _COMPATIBLE and int(found) > 1):
        hidden.append(IPv4Address(int(found) & 0xFFFFFFFF))
    return hidden
