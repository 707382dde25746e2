"""Functions, called by the Python client as its documentation shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.clients.python_caller import FORMS, Caller
from tests.clients.scene import Business

CART: dict[str, Any] = {"currency": "EUR", "lines": [{"amount_minor": 10000, "type": "rent"}]}


@pytest.fixture(scope="module", params=FORMS)
def open_client(request: pytest.FixtureRequest, address: str) -> Iterator[Caller]:
    with FORMS[request.param](address) as caller:
        yield caller


@pytest.fixture
def call(open_client: Caller, business: Business) -> Caller:
    return open_client.for_key(business.token, business.ids)


def test_a_quote(call: Caller) -> None:
    told = call.data(lambda c, ids: c.rpc("quote", {"coupons": ["quiet_week"], "cart": CART}))

    assert (told["taken_minor"], told["after"]["total_minor"]) == (1500, 8500)


def test_a_quote_that_is_got(call: Caller) -> None:
    arguments = {"coupons": json.dumps(["QUIET_WEEK"]), "cart": CART, "auto": "false"}

    told = call.data(lambda c, ids: c.rpc("quote", arguments, get=True))

    assert told["taken_minor"] == 1500


def test_a_quote_asked_for_its_headers(call: Caller) -> None:
    answer = call(lambda c, ids: c.rpc("quote", {"cart": CART}, head=True))

    assert answer.data == []


def test_a_hold_is_redeemed_and_released(call: Caller) -> None:
    pair = {"coupon_id": call.ids["quiet"], "booking_id": call.ids["third"]}
    until = (datetime.now(UTC) + timedelta(minutes=10)).isoformat()

    held = call.data(lambda c, ids: c.rpc("reserve", {**pair, "until": until}))
    redeemed = call.data(lambda c, ids: c.rpc("redeem", {"code": "quiet_week", "booking_id": ids["third"]}))
    again = call.refusal(lambda c, ids: c.rpc("redeem", pair))
    released = call(lambda c, ids: c.rpc("release", pair))

    assert (held["state"], redeemed["state"], redeemed["id"]) == ("reserved", "redeemed", held["id"])
    assert again.code == "23505"
    assert released.data == []
    assert call.data(lambda c, ids: c.from_("coupon_uses").select("id").match(pair)) == []


def test_a_refusal(call: Caller) -> None:
    deleted = call.refusal(lambda c, ids: c.rpc("redeem", {"coupon_id": ids["old"], "booking_id": ids["third"]}))
    unfit = call.refusal(lambda c, ids: c.rpc("quote", {"coupons": []}))
    got = call.refusal(lambda c, ids: c.rpc("redeem", {"code": "X", "booking_id": ids["third"]}, get=True))

    assert (deleted.code, unfit.code, got.code) == ("coupon_deleted", "PGRST202", "PGRST101")
