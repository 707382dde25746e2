"""A limit is a limit under any number of callers. Each race has a control that shows it really happens without the guard."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, connections

from bookingoffice.database.scope import tenant_scope
from coupons import services
from coupons.models import Coupon, CouponCounter, CouponUse
from tests.builders import FIFTEEN_PERCENT, NOON, TESTER, make_booking, make_coupon, make_organization
from tests.coupons.racing import at_once

ROUNDS = 20
SPELLINGS = ["Quiet Week", "QUIET-WEEK", "quietweek", "ｑｕｉｅｔ week", "Quiet​Week", "quiet–week"]


def redeeming(organization, coupon, booking):
    return lambda: services.redeem(organization, coupon.pk, booking.pk, actor=TESTER, moment=NOON)


def changing(organization, coupon, **changes):
    return lambda: services.change_coupons(organization, [coupon.pk], changes, actor=TESTER, moment=NOON)


def uses_and_counter(organization, coupon):
    with tenant_scope(organization.pk):
        uses = CouponUse.objects.filter(coupon=coupon).count()
        return uses, sum(CouponCounter.objects.filter(coupon=coupon).values_list("used", flat=True))


@pytest.mark.parametrize(("callers", "limit"), [(2, 1), (8, 5), (32, 10)])
def test_callers_at_once_get_exactly_what_there_is(committed_db, callers, limit):
    organization = make_organization()
    for number in range(ROUNDS):
        coupon = make_coupon(organization, f"RUSH {number}", quota=limit)
        bookings = [make_booking(organization) for _ in range(callers)]

        ends = at_once(organization, [redeeming(organization, coupon, booking) for booking in bookings])

        assert ends == Counter(done=limit, quota_reached=callers - limit)
        assert uses_and_counter(organization, coupon) == (limit, limit)


def test_without_the_door_the_same_race_oversells(committed_db):
    """The control: counting first and inserting then, as the owner, past the door."""
    organization = make_organization()

    def counted_then_inserted(coupon, booking):
        def act():
            with connections["owner"].cursor() as cursor:
                cursor.execute("SELECT set_config('bookingoffice.organization_id', %s, false)", [str(organization.pk)])
                cursor.execute("SELECT count(*) FROM coupon_uses WHERE coupon_id = %s", [coupon.pk])
                if cursor.fetchone()[0] < coupon.quota:
                    cursor.execute(
                        "INSERT INTO coupon_uses (organization_id, coupon_id, booking_id, state, redeemed_at)"
                        " VALUES (%s, %s, %s, 'redeemed', now())",
                        [organization.pk, coupon.pk, booking.pk],
                    )

        return act

    def oversold(number):
        coupon = make_coupon(organization, f"RUSH {number}", quota=1)
        acts = [counted_then_inserted(coupon, make_booking(organization)) for _ in range(8)]
        at_once(organization, acts)
        return uses_and_counter(organization, coupon)[0] > 1

    assert any(oversold(number) for number in range(ROUNDS))


def test_staff_who_save_meanwhile_disturb_nothing(committed_db):
    organization = make_organization()
    for number in range(ROUNDS):
        coupon = make_coupon(organization, f"RUSH {number}", quota=5)
        redemptions = [redeeming(organization, coupon, make_booking(organization)) for _ in range(8)]
        saves = [changing(organization, coupon, description=f"save {place}", quota=5) for place in range(4)]

        ends = at_once(organization, [*redemptions, *saves])

        assert ends == Counter(done=5 + 4, quota_reached=3)
        assert uses_and_counter(organization, coupon) == (5, 5)


def test_a_quota_that_moves_meanwhile_is_never_exceeded(committed_db):
    organization = make_organization()
    for number in range(ROUNDS):
        coupon = make_coupon(organization, f"RUSH {number}", quota=4)
        redemptions = [redeeming(organization, coupon, make_booking(organization)) for _ in range(8)]
        moves = [changing(organization, coupon, quota=quota) for quota in (1, 6, 2, None, 3)]

        ends = at_once(organization, [*redemptions, *moves])

        assert ends.keys() <= {"done", "quota_reached", "quota_below_uses"}
        with tenant_scope(organization.pk):
            quota = Coupon.objects.get(pk=coupon.pk).quota
        uses, counted = uses_and_counter(organization, coupon)
        assert quota is None or (uses <= quota and counted == uses)


def test_crossing_pairs_of_coupons_wait_for_each_other(committed_db):
    organization = make_organization()
    for number in range(ROUNDS):
        pair = [make_coupon(organization, f"{name} {number}", quota=50, max_per_customer=50) for name in "AB"]
        bookings = [make_booking(organization, customer_id=str(place % 3)) for place in range(8)]

        def both(first, second, coupons):
            uses = [services.Redemption(coupon.pk, booking.pk) for booking in (first, second) for coupon in coupons]
            return lambda: services.redeem_many(organization, uses, actor=TESTER, moment=NOON)

        acts = [both(bookings[i], bookings[i + 1], pair if i % 4 else pair[::-1]) for i in range(0, 8, 2)]

        assert at_once(organization, acts) == Counter(done=4)


def test_twelve_makers_of_one_code_make_one_coupon(committed_db):
    organization = make_organization()
    for number in range(ROUNDS):

        def making(spelling, number=number):
            row = {"code": f"{spelling} {number}", "definition": FIFTEEN_PERCENT}
            return lambda: services.create_coupons(organization, [row], actor=TESTER, moment=NOON)

        assert at_once(organization, [making(spelling) for spelling in SPELLINGS * 2]) == Counter(done=1, duplicate=11)


def test_expired_holds_are_no_obstacle_to_callers_at_once(committed_db):
    organization = make_organization()
    for number in range(ROUNDS):
        coupon = make_coupon(organization, f"RUSH {number}", quota=3)
        with tenant_scope(organization.pk):
            for _ in range(3):
                booking = make_booking(organization)
                until = NOON - timedelta(minutes=1)
                services.reserve(
                    organization, coupon.pk, booking.pk, until=until, actor=TESTER, moment=NOON - timedelta(hours=1)
                )
        acts = [redeeming(organization, coupon, make_booking(organization)) for _ in range(8)]

        assert at_once(organization, acts) == Counter(done=3, quota_reached=5)
        assert uses_and_counter(organization, coupon) == (3, 3)


def test_one_customer_at_many_tills(committed_db):
    organization = make_organization()
    for number in range(ROUNDS):
        coupon = make_coupon(organization, f"RUSH {number}", max_per_customer=2)
        acts = [redeeming(organization, coupon, make_booking(organization, customer_id="77")) for _ in range(8)]

        assert at_once(organization, acts) == Counter(done=2, customer_limit_reached=6)
    assert connection.in_atomic_block is False
