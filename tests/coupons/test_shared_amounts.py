"""Amounts that several callers share at the same moment: a budget, and what one booking costs. Real commits, real connections."""

from __future__ import annotations

from collections import Counter

from bookingoffice.database.scope import tenant_scope
from coupons import services
from coupons.facts import gather
from coupons.models import CouponUse
from coupons.services import quoting
from tests.builders import NOON, TESTER, make_booking, make_coupon, make_line_item, make_organization
from tests.coupons.racing import at_once

ROUNDS = 5


def redeeming(organization, coupon, booking):
    return lambda: services.redeem(organization, coupon.pk, booking.pk, actor=TESTER, moment=NOON)


def priced_booking(organization, amount_minor=10000):
    booking = make_booking(organization)
    make_line_item(booking, amount_minor)
    return booking


def taken(organization):
    with tenant_scope(organization.pk):
        return sorted(CouponUse.objects.values_list("amount_minor", flat=True))


def race_for_a_budget():
    organization = make_organization()
    coupon = make_coupon(organization, budget_minor=4000)
    bookings = [priced_booking(organization) for _ in range(6)]
    ends = at_once(organization, [redeeming(organization, coupon, one) for one in bookings])
    return ends, taken(organization)


def race_for_a_booking():
    organization = make_organization()
    booking = priced_booking(organization)
    coupons = [
        make_coupon(organization, f"C{number}", kind="amount", amount_minor=6000, currency="EUR") for number in range(4)
    ]
    at_once(organization, [redeeming(organization, one, booking) for one in coupons])
    return taken(organization)


def test_callers_at_once_never_spend_more_than_the_budget(committed_db):
    for _ in range(ROUNDS):
        assert race_for_a_budget() == (Counter(done=3, budget_exhausted=3), [1000, 1500, 1500])


def test_coupons_at_once_never_take_more_than_the_booking_costs(committed_db):
    for _ in range(ROUNDS):
        assert race_for_a_booking() == [0, 0, 4000, 6000]


def test_without_the_lock_both_are_overspent(committed_db, monkeypatch):
    def gather_unlocked(*args, lock, **values):
        return gather(*args, **values)

    monkeypatch.setattr(quoting, "gather", gather_unlocked)

    assert any(sum(race_for_a_budget()[1]) > 4000 for _ in range(4 * ROUNDS))
    assert any(sum(race_for_a_booking()) > 10000 for _ in range(4 * ROUNDS))


def test_batches_that_cross_wait_for_each_other(committed_db):
    organization = make_organization()
    coupons = [make_coupon(organization, code, quota=1000, max_per_customer=1000) for code in "ABCD"]

    def batch(reverse):
        pairs = [
            (coupon, make_booking(organization, customer_id=str(place % 3))) for place, coupon in enumerate(coupons * 5)
        ]
        wanted = [services.Redemption(coupon.pk, booking.pk) for coupon, booking in pairs]
        wanted = wanted[::-1] if reverse else wanted
        return lambda: services.redeem_many(organization, wanted, actor=TESTER, moment=NOON)

    for _ in range(ROUNDS):
        assert at_once(organization, [batch(place % 2) for place in range(4)]) == Counter(done=4)
