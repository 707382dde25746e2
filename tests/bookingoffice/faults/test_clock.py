"""The clock is set back an hour: nothing crashes, nothing is counted twice, nothing is opened that was closed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from bookingoffice.accounts.authentication import forget_keys
from bookingoffice.accounts.models import ApiKey
from bookingoffice.database.scope import tenant_scope
from bookingoffice.records import uuid7
from coupons import services
from tests.builders import TESTER, make_booking, make_coupon, make_key, make_organization

NOW = datetime(2027, 6, 15, 12, tzinfo=UTC)
BEFORE = NOW - timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def organization(clock):
    forget_keys()
    organization = make_organization("Lakeside", currency="EUR")
    organization.key = make_key(organization)
    return organization


def post(organization, path, body, **headers):
    headers |= {"Authorization": f"Bearer {organization.key}"}
    return Client().post(path, body, content_type="application/json", headers=headers)


def test_the_same_request_is_still_the_same(clock, organization):
    first = post(organization, "/v1/bookings", {"reference": "One"}, **{"Idempotency-Key": "k1"})
    clock.move_to(BEFORE)

    again = post(organization, "/v1/bookings", {"reference": "One"}, **{"Idempotency-Key": "k1"})

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    shown = Client().get("/v1/bookings", headers={"Authorization": f"Bearer {organization.key}"}).json()
    assert len(shown) == 1


def test_the_last_use_stays_the_last(clock, organization):
    coupon = make_coupon(organization, quota=1)
    use = {"coupon_id": str(coupon.pk)}
    bookings = [str(make_booking(organization).pk) for _ in range(2)]
    assert post(organization, "/v1/coupon_uses", use | {"booking_id": bookings[0]}).status_code == 201
    clock.move_to(BEFORE)

    again = post(organization, "/v1/coupon_uses", use | {"booking_id": bookings[0]})
    another = post(organization, "/v1/coupon_uses", use | {"booking_id": bookings[1]})

    assert (again.status_code, another.status_code) == (409, 409)
    with tenant_scope(organization.pk):
        assert coupon.uses.count() == 1


def test_a_hold_is_not_lost_and_not_doubled(clock, organization):
    coupon, booking = make_coupon(organization, quota=1), make_booking(organization)
    with tenant_scope(organization.pk):
        services.reserve(
            organization, coupon.pk, booking.pk, actor=TESTER, moment=NOW, until=NOW + timedelta(minutes=5)
        )
    clock.move_to(BEFORE)

    spent = post(organization, "/v1/rpc/redeem", {"coupon_id": str(coupon.pk), "booking_id": str(booking.pk)})

    assert spent.status_code == 201, spent.content
    with tenant_scope(organization.pk):
        assert [use.state for use in coupon.uses.all()] == ["redeemed"]


def test_a_revoked_key_stays_revoked_and_an_expired_one_is_judged_anew(clock, organization):
    with tenant_scope(organization.pk):
        ApiKey.objects.of(organization.pk).update(revoked_at=NOW)
    clock.move_to(BEFORE)
    forget_keys()

    assert post(organization, "/v1/bookings", {}).status_code == 401


def test_ids_are_still_unlike_each_other():
    with time_machine.travel(NOW):
        earlier = [uuid7() for _ in range(1000)]
    with time_machine.travel(BEFORE):
        later = [uuid7() for _ in range(1000)]

    assert len({*earlier, *later}) == 2000
    assert max(later) < min(earlier)
