"""Whose address it is, behind proxies and without."""

from __future__ import annotations

import pytest

from bookingoffice.limits.clients import client_address


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ("", 0, "10.0.0.9"),
        ("1.1.1.1", 0, "10.0.0.9"),
        ("", 1, "10.0.0.9"),
        ("1.1.1.1", 1, "1.1.1.1"),
        ("6.6.6.6, 1.1.1.1", 1, "1.1.1.1"),
        ("6.6.6.6, 1.1.1.1, 10.0.0.2", 2, "1.1.1.1"),
        ("1.1.1.1", 2, "1.1.1.1"),
        ("6.6.6.6,,1.1.1.1", 1, "1.1.1.1"),
    ],
)
def test_a_forged_hop_is_not_believed(forwarded, proxies, address):
    environ = {"REMOTE_ADDR": "10.0.0.9", "HTTP_X_FORWARDED_FOR": forwarded}

    assert client_address(environ, proxies) == address


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("::ffff:10.0.0.9", "10.0.0.9"),
        ("", ""),
        ("nonsense" * 20, ("nonsense" * 20)[:64]),
    ],
)
def test_addresses_of_one_household_are_one(remote, address):
    assert client_address({"REMOTE_ADDR": remote}, 0) == address
