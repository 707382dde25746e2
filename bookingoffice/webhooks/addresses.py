"""From a receiver's name to the one address that is connected to: asked once, judged, and not asked again."""

from __future__ import annotations

import ipaddress
import socket
from typing import NamedTuple

from django.utils.translation import gettext as _

from bookingoffice.webhooks.endpoints import public


class Refused(Exception):
    """The receiver must not, or cannot, be connected to. The sentence is kept as the response."""


class Place(NamedTuple):
    address: str
    port: int


def place_of(host: str, port: int, *, private: bool) -> Place:
    """The first permitted address of a name. A name that is asked twice could answer differently the second time."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refused(_("The name %(host)s has no address: %(error)s.") % {"host": host, "error": error}) from error
    addresses = [str(sockaddr[0]) for *_, sockaddr in found]
    for address in addresses:
        if private or _public(address):
            return Place(address, port)
    raise Refused(_("The name %(host)s leads into a private network, where nothing is sent.") % {"host": host})


def _public(address: str) -> bool:
    """An address with a zone (`fe80::1%eth0`) belongs to one machine's link."""
    return "%" not in address and public(ipaddress.ip_address(address))
