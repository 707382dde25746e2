"""What a guess at a code costs is seen in the answer's own words, so these are the application's."""

from __future__ import annotations

import pytest

from bookingoffice import layers
from bookingoffice.limits.gcra import Limit
from bookingoffice.limits.leases import Leases
from bookingoffice.limits.rates import Rates
from bookingoffice.limits.slots import Slots
from tests.builders import make_booking

CART = {"currency": "EUR", "lines": [{"type": "rent", "amount_minor": 10_000}]}
SINGULAR = "application/vnd.pgrst.object+json"


@pytest.fixture
def left(settings, monkeypatch):
    """How many look-ups an answer says are left."""
    settings.RATES = Rates(key=None, address=None, lookups=Limit("lookups", 1000, 1_000_000), sign_ins=None)
    leases = Leases(Slots(None))
    monkeypatch.setattr(layers, "_leases", lambda: leases)
    return lambda answer: int(answer.headers["RateLimit"].split("r=")[1].split(";")[0])


def spent(left, ask):
    """By the first request, as the second one is told: less the one that it is itself."""
    return left(ask()) - left(ask()) - 1


@pytest.mark.parametrize("act", ["redeem", "reserve"])
def test_to_try_it_on_a_booking_is_a_guess(api, organization, left, act):
    booking = str(make_booking(organization).pk)

    assert spent(left, lambda: api("POST", f"/rpc/{act}", {"code": "GUESS", "booking_id": booking})) == 50


@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_every_code_of_a_quote_is_a_guess_however_it_is_packed(api, left, coding):
    codes = [f"GUESS{number}" for number in range(8)]

    assert (
        spent(left, lambda: api("POST", "/rpc/quote", {"coupons": codes, "cart": CART}, Accept_Encoding=coding)) == 400
    )


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_one_row_that_is_not_there_is_a_guess(api, left, method):
    assert spent(left, lambda: api(method, "/coupons?code=eq.GUESS", Accept=SINGULAR)) == 50
