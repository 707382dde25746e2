"""One coupon on one booking is asked by a function of its own, which answers what the one for however many would."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from itertools import product
from uuid import UUID

import pytest

from bookingoffice.database.scope import tenant_scope
from bookingoffice.errors import RuleViolation
from bookingoffice.records import uuid7
from coupons import facts, services
from coupons.carts import NOBODY, Customer
from coupons.models import CouponBatch, CouponProduct, CouponUse
from coupons.reasons import NotEligible
from tests.builders import (
    NOON,
    TESTER,
    make_booking,
    make_coupon,
    make_line_item,
    make_organization,
    make_product,
    make_season,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
SHAPES = {
    "plain": {},
    "one use": {"quota": 1},
    "a few": {"quota": 5},
    "once each": {"max_per_customer": 1},
    "twice each": {"max_per_customer": 2, "quota": 9},
    "a budget": {"budget_minor": 100_000},
    "a small budget": {"budget_minor": 2_000, "max_discount_minor": 700},
    "an amount": {"kind": "amount", "amount_minor": 500, "currency": "EUR"},
    "stays": {"min_nights": 2, "blackout_dates": ["2027-12-24"], "arrival_weekdays": [5, 6], "min_lead_days": 3},
    "gone": {"deleted_at": NOON},
    "put away": {"archived_at": NOON, "valid_from": NOON - HOUR, "expires_at": NOON + 2 * HOUR},
    "hot": {"hot": True, "quota": 4},
    "B for the one hold there may be": {"quota": 1},
}
CUSTOMERS = [
    NOBODY,
    Customer(key="id:9"),
    Customer(id="7"),
    Customer(email=" Ann@Example.com "),
    Customer(id="", email="x"),
]


@pytest.fixture
def organization():
    organization = make_organization()
    with tenant_scope(organization.pk):
        yield organization


@pytest.fixture
def coupons(organization):
    batch = CouponBatch.objects.create(organization=organization, count=2, quota=2)
    loose = CouponBatch.objects.create(organization=organization, count=1)
    made = [make_coupon(organization, name.replace(" ", "_"), **values) for name, values in SHAPES.items()]
    made += [make_coupon(organization, f"B{number}", batch_id=batch.pk, quota=3) for number in range(2)]
    made += [make_coupon(organization, "LOOSE", batch_id=loose.pk)]
    made += [make_coupon(organization, "SEASONAL", season_ids=[make_season(organization).pk])]
    target = make_product(organization)
    CouponProduct.objects.create(organization=organization, coupon_id=made[0].pk, product_id=target.pk)
    CouponProduct.objects.create(organization=organization, coupon_id=made[1].pk, product_id=target.pk, excluded=True)
    return made


@pytest.fixture
def bookings(organization):
    made = [
        make_booking(organization, customer_id="7", check_in="2027-07-02", check_out="2027-07-09"),
        make_booking(organization, customer_email="ann@example.com"),
        make_booking(organization, customer_bookings_before=3),
        make_booking(organization),
        make_booking(organization, customer_id=" ", customer_email="Ann@example.com"),
        make_booking(organization, customer_id="", customer_email=""),
    ]
    for place, booking in enumerate(made[:3]):
        make_line_item(booking, 10_000 + place)
        make_line_item(booking, 2_500, quantity=2)
    return made


@pytest.fixture
def used(organization, coupons, bookings):
    """Uses, holds that are live and holds that have lapsed, so that counters stand at their limits, below and above."""
    told = {"actor": TESTER, "moment": NOON - HOUR}
    for coupon, booking in product(coupons, bookings[:2]):
        with suppress(NotEligible, RuleViolation):
            if coupon.code.startswith("B") or booking is bookings[1]:
                services.reserve(organization, coupon.pk, booking.pk, until=NOON, **told)
            else:
                services.redeem(organization, coupon.pk, booking.pk, **told)
    assert CouponUse.objects.filter(state="redeemed").count() > 5
    assert CouponUse.objects.filter(state="reserved").count() > 5


def both(organization, one, moment, monkeypatch):
    answers = [facts.gather(organization, [one], moment=moment, lock=True)]
    with monkeypatch.context() as patch:
        patch.setattr(facts, "_is_one", lambda asked: False)
        answers.append(facts.gather(organization, [one], moment=moment, lock=True))
    return answers


@pytest.mark.parametrize("moment", [NOON - 2 * HOUR, NOON - HOUR / 2, NOON, NOON + HOUR])
def test_they_answer_alike(organization, coupons, bookings, used, monkeypatch, moment):
    nothing = [uuid7(), UUID(int=0)]
    limited = 0
    for coupon_id, booking_id, customer in product(
        [*(coupon.pk for coupon in coupons), *nothing], [*(booking.pk for booking in bookings), *nothing], CUSTOMERS
    ):
        asked = facts.Asked(coupon_id, booking_id=booking_id, customer=customer)

        of_one, of_many = both(organization, asked, moment, monkeypatch)

        assert of_one == of_many
        limited += sum(terms.live_uses + terms.batch_uses for terms in of_one.terms.values())
    assert limited
