"""Where a request of the staff comes from. The word of a proxy counts only where the operator says how many there are."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

HOUSEHOLD = 64  # bits of an IPv6 address that one customer of a provider has for themself


def address_of(request: HttpRequest) -> str | None:
    """The nearest address that none of our proxies wrote; what stands further left anybody may have written."""
    nearest = request.META.get("REMOTE_ADDR") or ""
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    if settings.PROXIES and hops:
        nearest = hops[-min(settings.PROXIES, len(hops))]
    try:
        found = ip_address(nearest.strip("[]").partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return str(mapped or found)


def household_of(request: HttpRequest) -> str | None:
    """IPv6 by its /64: whoever has one address there has them all."""
    address = address_of(request)
    if address is None or ":" not in address:
        return address
    return str(ip_network((address, HOUSEHOLD), strict=False).network_address)
