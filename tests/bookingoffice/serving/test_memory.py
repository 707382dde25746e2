"""Whoever sends long heads, with a key or without one, fills no memory: what is remembered of a head is short."""

from __future__ import annotations

import tracemalloc

import pytest

from bookingoffice import front
from bookingoffice.accounts import authentication
from bookingoffice.limits.gcra import Limit
from bookingoffice.limits.layer import Limits
from bookingoffice.limits.leases import Leases
from bookingoffice.limits.rates import Rates
from bookingoffice.limits.slots import Slots
from bookingoffice.serving.porch.environs import variable
from bookingoffice.serving.porch.heads import head_of
from bookingoffice.throttled import tell
from bookingoffice.watching.doors import Doors

LONG = 60_000
RATES = Rates(key=Limit("key", 60_000), address=None, lookups=None, sign_ins=None)


def counted():
    limits = Limits(RATES, Leases(Slots(None)), tell)
    return lambda text: limits.take(limits.counting({"REQUEST_METHOD": "GET", "HTTP_AUTHORIZATION": text}, "/v1/"))


@pytest.mark.parametrize(
    "remembering",
    [
        pytest.param(counted(), id="limits"),
        pytest.param(Doors(["coupons"], []).of, id="doors"),
        pytest.param(lambda text: authentication.remembered_caller(f"Bearer {text}"), id="keys"),
        pytest.param(lambda text: front._passes({"HTTP_HOST": text}), id="hosts"),
        pytest.param(lambda text: variable(text.encode()), id="names of headers"),
        pytest.param(lambda text: head_of(f"GET /{text} HTTP/1.1\r\n\r\n".encode()), id="heads"),
    ],
)
def test_nothing_long_is_remembered(remembering):
    tracemalloc.start()
    try:
        for number in range(50):
            remembering(f"{number}{'x' * LONG}")
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert kept < 3 * LONG
