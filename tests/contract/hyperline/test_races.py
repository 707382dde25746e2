"""Two programs at one coupon, each on a connection of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime

import pytest
from django.db import connection

from bookingoffice.accounts.authentication import forget_keys
from bookingoffice.database.scope import tenant_scope
from coupons import services
from coupons.models import Coupon
from tests.builders import TESTER, make_booking, make_key, make_organization
from tests.contract.hyperline.conftest import HARBOUR, Api

LATER = datetime(2026, 12, 1, tzinfo=UTC)
A_MOMENT = 0.5  # seconds; what does not wait for a lock is done long before


@pytest.fixture
def house(committed_db):
    forget_keys()
    organization = make_organization(currency="NOK")
    return organization, make_key(organization)


def asking(token, method, path, body=...):
    try:
        return Api(token)(method, path, body)
    finally:
        connection.close()


def test_a_value_cannot_change_under_a_redemption(house):
    """The redemption has not ended when the change arrives: it waits, then meets the use."""
    organization, token = house
    made = Api(token)("POST", "/v1/coupons", HARBOUR).json()
    booking = make_booking(organization, currency="NOK")

    with ThreadPoolExecutor(1) as program:
        with tenant_scope(organization.pk):
            coupon = Coupon.objects.get(public_id=made["id"])
            services.redeem(organization, coupon.pk, booking.pk, actor=TESTER, moment=LATER)
            change = program.submit(asking, token, "PUT", f"/v1/coupons/{made['id']}", {"discount_amount": 1})
            _, waiting = wait([change], A_MOMENT)
        answer = change.result(30)

    assert waiting == {change}
    assert (answer.status_code, answer.json()["type"]) == (400, "locked_field")


def test_of_many_deletions_one_succeeds(house):
    _, token = house
    made = Api(token)("POST", "/v1/coupons", HARBOUR).json()

    with ThreadPoolExecutor(4) as programs:
        asked = [programs.submit(asking, token, "DELETE", f"/v1/coupons/{made['id']}") for _ in range(8)]
        statuses = sorted(one.result(30).status_code for one in asked)

    assert statuses == [204, *[404] * 7]
