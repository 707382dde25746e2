"""Who is calling, by key and by address: the word of a proxy counts only where the operator says how many proxies there are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

HOUSEHOLD = 64  # bits of an IPv6 address that one customer of a provider has for himself
LONGEST = 64  # letters of what is remembered of a caller; a key has 36


def key_in(authorization: str) -> str:
    """The last word of the header: with other capitals or more spaces before it, it is still the same key to the doors."""
    return authorization.strip().rpartition(" ")[2].strip()[:LONGEST]


def client_address(environ: Mapping[str, Any], proxies: int) -> str:
    """The nearest address that none of our proxies wrote. What stands further left in the header anybody may have written."""
    nearest = environ.get("REMOTE_ADDR") or ""
    if proxies:
        hops = [hop.strip() for hop in (environ.get("HTTP_X_FORWARDED_FOR") or "").split(",") if hop.strip()]
        if hops:
            nearest = hops[-min(proxies, len(hops))]
    return grouped(nearest)


@lru_cache(maxsize=4096)
def grouped(address: str) -> str:
    """IPv6 by its /64; IPv4 by itself, also where it is written as IPv6. What is no address stays as it is."""
    bare = address.strip("[]").partition("%")[0]
    try:
        found = ip_address(bare)
    except ValueError:
        return address[:LONGEST]
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ip_network((found, HOUSEHOLD), strict=False))
