"""Amounts that several callers share at the same moment: a budget, and what one booking costs. Real commits, real connections."""

from __future__ import annotations

from collections import Counter
from functools import partial

from django.db import connections

from bookingoffice.database.scope import tenant_scope
from bookingoffice.records import uuid7
from coupons import ledger, services
from coupons.facts import gather
from coupons.models import CouponBudget, CouponUse
from coupons.services import quoting
from coupons.services.checking import drift
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


def gather_unlocked(*args, lock, **values):
    return gather(*args, **values)


def test_without_the_lock_a_booking_is_overspent(committed_db, monkeypatch):
    monkeypatch.setattr(quoting, "gather", gather_unlocked)

    assert any(sum(race_for_a_booking()) > 10000 for _ in range(4 * ROUNDS))


def test_without_the_lock_a_caller_is_refused_what_is_left(committed_db, monkeypatch):
    """The door holds the budget by itself; the lock is what lets the last caller take the rest of it."""
    monkeypatch.setattr(quoting, "gather", gather_unlocked)

    amounts = [race_for_a_budget()[1] for _ in range(4 * ROUNDS)]

    assert max(map(sum, amounts)) <= 4000
    assert any(sum(found) < 4000 for found in amounts)


def straight_at_the_door(organization, coupon, booking, **row):
    def act():
        use = {"coupon_id": coupon.pk, "booking_id": booking.pk, "id": uuid7(), "amount_minor": 1500, "currency": "EUR"}
        ledger.take(organization.pk, [use | row], state="redeemed", moment=NOON)

    return act


def test_the_door_alone_never_spends_more_than_the_budget(committed_db):
    organization = make_organization()
    for number in range(20):
        coupon = make_coupon(organization, f"B{number}", budget_minor=4000)
        bookings = [make_booking(organization) for _ in range(8)]

        ends = at_once(organization, [straight_at_the_door(organization, coupon, one) for one in bookings])

        assert ends == Counter(done=2, budget_exhausted=6)
        with tenant_scope(organization.pk):
            assert CouponBudget.objects.get(coupon=coupon).spent_minor == 3000
            assert drift(organization, NOON) == []


def test_summing_first_and_writing_then_overspends(committed_db):
    """The control: the same race as the owner, past the door."""
    organization = make_organization()

    def summed_then_inserted(coupon, booking):
        def act():
            with connections["owner"].cursor() as cursor:
                cursor.execute("SELECT set_config('bookingoffice.organization_id', %s, false)", [str(organization.pk)])
                cursor.execute(
                    "SELECT coalesce(sum(amount_minor), 0) FROM coupon_uses WHERE coupon_id = %s", [coupon.pk]
                )
                if cursor.fetchone()[0] + 1500 <= 4000:
                    cursor.execute(
                        "INSERT INTO coupon_uses (organization_id, coupon_id, booking_id, state, redeemed_at, amount_minor)"
                        " VALUES (%s, %s, %s, 'redeemed', now(), 1500)",
                        [organization.pk, coupon.pk, booking.pk],
                    )

        return act

    def overspent(number):
        coupon = make_coupon(organization, f"B{number}", budget_minor=4000)
        at_once(organization, [summed_then_inserted(coupon, make_booking(organization)) for _ in range(8)])
        with tenant_scope(organization.pk):
            return sum(CouponUse.objects.filter(coupon=coupon).values_list("amount_minor", flat=True)) > 4000

    assert any(overspent(number) for number in range(20))


def test_a_budget_moves_meanwhile_and_is_never_exceeded(committed_db):
    organization = make_organization()
    for number in range(10):
        coupon = make_coupon(organization, f"B{number}", budget_minor=4000)
        redemptions = [redeeming(organization, coupon, priced_booking(organization)) for _ in range(6)]
        moves = [
            partial(
                services.change_coupons, organization, [coupon.pk], {"budget_minor": budget}, actor=TESTER, moment=NOON
            )
            for budget in (1500, 9000, None, 3000)
        ]

        ends = at_once(organization, [*redemptions, *moves])

        assert ends.keys() <= {"done", "budget_exhausted", "quota_below_uses"}
        with tenant_scope(organization.pk):
            assert drift(organization, NOON) == []


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
