"""Where nothing is sent: one's own machine and network, a provider's metadata, and whatever a name turns out to lead to."""

from __future__ import annotations

import ipaddress
import socket

import pytest

from bookingoffice.webhooks import addresses
from bookingoffice.webhooks.addresses import Refused, place_of
from bookingoffice.webhooks.endpoints import endpoint_fault, public
from bookingoffice.webhooks.sending import send
from tests.bookingoffice.webhooks.receivers import receiving

PRIVATE = [
    "127.0.0.1",
    "127.255.0.1",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "168.63.129.16",
    "100.100.100.200",
    "192.0.0.192",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::1",
    "2001:0:4136:e378:8000:63bf:f5ff:fffe",
    "2001:db8::1",
    "::127.0.0.1",
    "::10.0.0.1",
    "fec0::1",
    "64:ff9b:1::a00:1",
]
PUBLIC = ["8.8.8.8", "93.184.216.34", "172.32.0.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", PRIVATE)
def test_private(address):
    assert not public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address):
    assert public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://example.com",
        "https://example.com:8443/hooks?token=a%20b",
        "https://hooks.example.co.uk/",
        "https://8.8.8.8/hooks",
        "https://[2606:4700:4700::1111]/",
        "https://xn--mller-kva.example/",
    ],
)
def test_endpoints_that_are_taken(endpoint):
    assert endpoint_fault(endpoint, private=False) is None


@pytest.mark.parametrize(
    "endpoint",
    [
        None,
        7,
        "",
        "example.com/hooks",
        "http://example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "https://",
        "https:///hooks",
        "https://user:word@example.com/",
        "https://example.com/#part",
        "https://example.com:99999/",
        "https://example.com:0/",
        "https://example.com/a b",
        "https://example.com/a\nHost: x",
        "https://müller.example/",
        "https://" + "a" * 2000 + ".com",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://printer.local/",
        "https://metadata.google.internal/",
        "https://intranet/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest/meta-data/",
    ],
)
def test_endpoints_that_are_refused(endpoint):
    assert endpoint_fault(endpoint, private=False)


def test_ones_own_network_is_allowed_where_the_operator_says_so():
    assert endpoint_fault("http://192.168.1.20:9000/hooks", private=True) is None
    assert endpoint_fault("gopher://192.168.1.20/", private=True)


def answers(monkeypatch, *found):
    """What the resolver says, one answer a question."""
    asked = iter([[(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in each] for each in found])
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *args, **more: next(asked))


def test_a_public_name_that_leads_to_a_private_address_is_refused(monkeypatch):
    answers(monkeypatch, ["10.0.0.1"])
    with pytest.raises(Refused):
        place_of("innocent.example", 443, private=False)


def test_of_several_addresses_only_a_public_one_is_taken(monkeypatch):
    answers(monkeypatch, ["127.0.0.1", "8.8.8.8"])

    assert place_of("both.example", 443, private=False) == ("8.8.8.8", 443)


def test_the_address_that_was_judged_is_the_one_that_is_connected_to(monkeypatch):
    """A name that answers differently the second time gains nothing: it is asked once."""
    answers(monkeypatch, ["8.8.8.8"], ["127.0.0.1"])
    connected = []

    def connect(place, timeout):
        connected.append(tuple(place))
        raise ConnectionRefusedError

    monkeypatch.setattr("bookingoffice.webhooks.sending.socket.create_connection", connect)

    outcome = send("https://rebinding.example/", b"{}", {}, private=False)

    assert connected == [("8.8.8.8", 443)]
    assert not outcome.delivered


def test_a_private_receiver_hears_nothing(monkeypatch):
    with receiving() as receiver:
        answers(monkeypatch, ["127.0.0.1"])
        outcome = send(f"https://innocent.example:{receiver.port}/", b"{}", {}, private=False)

    assert receiver.received == []
    assert "private network" in str(outcome.kept()["error"])
