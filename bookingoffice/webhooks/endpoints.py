"""Where notifications may go: judged by its text when a webhook is saved, by its address each time before something is sent."""

from __future__ import annotations

import ipaddress
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext as _

LONGEST: Final = 2000
LOCAL_NAMES: Final = ("localhost", "local", "internal", "lan", "home.arpa")
TRANSLATED: Final = ipaddress.ip_network("64:ff9b::/96")
"""IPv6 addresses that a gateway turns into the IPv4 address in their last 32 bits."""
RESERVED: Final = tuple(
    map(
        ipaddress.ip_network,
        # Public by their number: answered by the machine's own cloud, kept for protocols, or out of use
        ("168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24", "::/96", "64:ff9b:1::/48", "fec0::/10"),
    )
)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def endpoint_fault(endpoint: object, *, private: bool) -> str | None:
    """What is wrong with an address as it was given; no name is looked up. `private` allows http and one's own network."""
    if not isinstance(endpoint, str):
        return _("An endpoint is an address as text, such as https://example.com/hooks.")
    parts = split(endpoint)
    if parts is None or len(endpoint) > LONGEST:
        return _("This is no address of the form https://example.com/hooks, of at most 2,000 characters.")
    if not endpoint.startswith(
        ("https://", "http://") if private else "https://"
    ):  # kept as it is given, so in small letters
        return _("The address must begin with https://.")
    if parts.username is not None or parts.password is not None:
        return _("Leave user and password out of the address; the signature says who sends.")
    if parts.fragment:
        return _("Leave out what follows the #: it is never sent.")
    if not private and not public_name(parts.hostname or ""):
        return _("This address is inside a private network, where notifications are not sent.")
    return None


def split(endpoint: str) -> SplitResult | None:
    """None for what is no address of the web."""
    if not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint:
        return None
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https") and parts.hostname and port != 0 else None


def public_name(host: str) -> bool:
    """Whether a host may be public as far as its name tells."""
    try:
        return public(ipaddress.ip_address(host))
    except ValueError:
        name = host.rstrip(".").lower()
        numeric = name.rpartition(".")[2][:1].isdigit()  # 127.1 and 0x7f000001 are addresses to some resolvers
        return (
            "." in name
            and not numeric
            and not any(name == local or name.endswith("." + local) for local in LOCAL_NAMES)
        )


def public(address: Address) -> bool:
    """Not of a machine, a local network, a provider's metadata, or a range without receivers, in whatever IPv6 it is wrapped."""
    inner = _wrapped(address)
    if inner is not None:
        return public(inner)
    reserved = any(address in network for network in RESERVED)
    return address.is_global and not address.is_multicast and not reserved


def _wrapped(address: Address) -> ipaddress.IPv4Address | None:
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in TRANSLATED:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or teredo
