"""Coupons whose counter stands in sixteen slots, and coupons of one batch that share a quota. Real commits, real connections."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from bookingoffice.database.scope import tenant_scope
from bookingoffice.errors import RuleViolation
from bookingoffice.records import uuid7
from coupons import ledger, services
from coupons.database import counters
from coupons.models import Coupon, CouponBatch, CouponBatchCounter, CouponCounter, CouponUse
from coupons.services.checking import drift
from tests.builders import NOON, TESTER, make_booking, make_coupon, make_organization
from tests.coupons.racing import at_once

ACT = {"actor": TESTER, "moment": NOON}
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def organization(committed_db):
    return make_organization()


def make_batch(organization, size, quota=None, **values):
    """A batch and its coupons."""
    with tenant_scope(organization.pk):
        batch = CouponBatch.objects.create(organization=organization, count=size, quota=quota)
    return batch, [make_coupon(organization, f"B{place}", batch_id=batch.pk, **values) for place in range(size)]


def row(coupon, booking, **values):
    return {"coupon_id": coupon.pk, "booking_id": booking.pk, "id": uuid7(), **values}


def taking(organization, coupon, state="redeemed", **values):
    """The door itself: the shortest act there is, so that callers really meet."""
    rows = [row(coupon, make_booking(organization), **values)]
    return lambda: ledger.take(organization.pk, rows, state=state, moment=NOON)


def redeeming(organization, coupons):
    wanted = [services.Redemption(coupon.pk, make_booking(organization).pk) for coupon in coupons]
    return lambda: services.redeem_many(organization, wanted, **ACT)


def uses(organization):
    with tenant_scope(organization.pk):
        return CouponUse.objects.count()


def wrong(organization, moment=NOON):
    with tenant_scope(organization.pk):
        return drift(organization, moment)


def slots(coupon):
    """`used` and `quota` of each slot."""
    with tenant_scope(coupon.organization_id):
        kept = CouponCounter.objects.filter(coupon=coupon).order_by("slot")
        return list(kept.values_list("used", "quota"))


def change(coupon, **changes):
    with tenant_scope(coupon.organization_id):
        services.change_coupons(coupon.organization, [coupon.pk], changes, **ACT)


# -- exactly min(callers, quota)


def race_of_a_hot_coupon(callers, quota):
    organization = make_organization()
    coupon = make_coupon(organization, quota=quota, hot=True)
    ends = at_once(organization, [taking(organization, coupon) for _ in range(callers)])
    assert wrong(organization) == []
    return ends


def race_of_a_batch(callers, quota):
    organization = make_organization()
    _, coupons = make_batch(organization, 4, quota)
    ends = at_once(organization, [taking(organization, coupons[place % 4]) for place in range(callers)])
    assert uses(organization) == ends["done"]
    return ends


@pytest.mark.parametrize(("callers", "rounds"), [(2, 20), (8, 10), (32, 6)])
def test_callers_of_a_hot_coupon_get_exactly_its_quota(committed_db, callers, rounds):
    quota = callers * 2 // 3
    for _ in range(rounds):
        assert race_of_a_hot_coupon(callers, quota) == Counter(done=quota, quota_reached=callers - quota)


@pytest.mark.parametrize(("callers", "rounds"), [(2, 20), (8, 10), (32, 6)])
def test_callers_of_a_batch_get_exactly_its_quota(committed_db, callers, rounds):
    quota = callers * 2 // 3
    for _ in range(rounds):
        assert race_of_a_batch(callers, quota) == Counter(done=quota, quota_reached=callers - quota)


def test_the_whole_act_keeps_both_limits(organization):
    batch, _ = make_batch(organization, 1, quota=9)
    hot = make_coupon(organization, "HOT", quota=7, hot=True, batch_id=batch.pk)
    plain = make_coupon(organization, "PLAIN", batch_id=batch.pk)

    ends = at_once(organization, [redeeming(organization, [hot]) for _ in range(10)])
    assert ends == Counter(done=7, quota_reached=3)
    ends = at_once(organization, [redeeming(organization, [plain]) for _ in range(5)])
    assert ends == Counter(done=2, quota_reached=3)
    assert wrong(organization) == []


# -- the same races with the guard removed

COUNTS_WITHOUT_LOOKING = {
    counters.COUNT_UP: [("AND slot = place AND used < quota;", "AND slot = place;"), ("FOR UPDATE SKIP LOCKED", "")],
    counters.COUNT_UP_BATCH: [
        ("    UPDATE public", "    IF EXISTS (SELECT FROM public.coupon_batch_counters WHERE organization_id = p_organization"
         " AND batch_id = p_batch AND used < quota) THEN PERFORM pg_sleep(0.01); UPDATE public"),
        (" AND used < quota;", "; END IF;"),
    ],
}  # fmt: skip


@contextmanager
def without_the_guard(function):
    text = function
    for guard, nothing in COUNTS_WITHOUT_LOOKING[function]:
        assert guard in text
        text = text.replace(guard, nothing)
    with connections["owner"].cursor() as cursor:
        try:
            cursor.execute(text)
            yield
        finally:
            cursor.execute(function)


def test_without_the_guard_a_hot_coupon_is_used_too_often(committed_db):
    with without_the_guard(counters.COUNT_UP):
        assert any(race_without_looking(race_of_a_hot_coupon) for _ in range(20))


def test_without_the_guard_a_batch_is_used_too_often(committed_db):
    with without_the_guard(counters.COUNT_UP_BATCH):
        assert any(race_without_looking(race_of_a_batch) for _ in range(20))


def race_without_looking(race):
    try:
        return race(8, 2)["done"] > 2
    except AssertionError:  # the recount sees it first
        return True


# -- while staff are at work


def test_a_quota_that_moves_meanwhile_is_kept(organization):
    batch, [coupon] = make_batch(organization, 1, quota=40)
    change(coupon, quota=40, hot=True)

    def moving(*quotas, **values):
        def move():
            for quota in quotas:
                with tenant_scope(organization.pk):
                    try:
                        services.change_coupons(organization, [coupon.pk], {"quota": quota, **values}, **ACT)
                        ledger.set_batch_quota(organization.pk, batch.pk, quota, NOON)
                    except RuleViolation as refusal:
                        assert refusal.code == "quota_below_uses"  # noqa: PT017

        return move

    staff = [moving(12, 20, 14, 30), moving(25, 13, 24), moving(20, 20, hot=False), moving(20, 21, hot=True)]
    ends = at_once(organization, [*staff, *(taking(organization, coupon) for _ in range(28))])
    assert ends["done"] + ends["quota_reached"] == 32

    with tenant_scope(organization.pk):
        kept, live = Coupon.objects.get(pk=coupon.pk), CouponUse.objects.count()
    assert live == ends["done"] - len(staff) <= kept.quota
    assert wrong(organization) == []


def test_bulk_acts_over_one_batch_wait_for_each_other(organization):
    """Held, expired, redeemed, released and limited at once, in crossing orders: nobody is a deadlock's victim."""
    batch, coupons = make_batch(organization, 6, quota=500, max_per_customer=100)
    for coupon in coupons[:3]:
        change(coupon, quota=100)
    change(coupons[0], hot=True)

    def pairs(order):
        return [
            row(coupon, make_booking(organization, customer_id=str(place % 3))) for place, coupon in enumerate(order)
        ]

    def holding(order):
        rows = [{**one, "until": NOON - timedelta(seconds=1)} for one in pairs(order)]
        return lambda: ledger.take(organization.pk, rows, state="reserved", moment=NOON - timedelta(minutes=1))

    def coming_and_going(order):
        rows = pairs(order)

        def act():
            ledger.lock_bookings(organization.pk, [one["booking_id"] for one in rows])
            ledger.take(organization.pk, rows, state="redeemed", moment=NOON)
            ledger.release_many(organization.pk, [(one["coupon_id"], one["booking_id"]) for one in rows[:4]], NOON)

        return act

    def limiting(quota):
        def act():
            ids = [coupon.pk for coupon in coupons]
            services.change_coupons(organization, ids, {"quota": quota}, **ACT)

        return act

    for turn in range(4):
        acts = [
            act(order) for order in (coupons, coupons[::-1]) for act in (holding, coming_and_going, coming_and_going)
        ]
        singles = [taking(organization, coupon, customer="id:1") for coupon in coupons]
        together = [
            *acts,
            *singles,
            limiting(100 + turn),
            lambda: ledger.set_batch_quota(organization.pk, batch.pk, 400, NOON),
        ]
        assert at_once(organization, together) == Counter(done=len(together))

    assert wrong(organization) == []


# -- slots


def test_slots_share_the_quota_and_their_uses_move_with_it(organization):
    coupon = make_coupon(organization, quota=20, hot=True)
    with tenant_scope(organization.pk):
        for _ in range(10):
            taking(organization, coupon)()
    assert [sum(column) for column in zip(*slots(coupon), strict=True)] == [10, 20]
    assert len(slots(coupon)) == counters.SLOTS

    change(coupon, hot=False)
    assert slots(coupon) == [(10, 20)]
    change(coupon, hot=True, quota=30)
    assert slots(coupon) == [(10, 12), *[(0, 2)] * 3, *[(0, 1)] * 12]
    with pytest.raises(RuleViolation) as refusal:
        change(coupon, quota=9)
    assert (refusal.value.code, refusal.value.field) == ("quota_below_uses", "quota")

    with tenant_scope(organization.pk):
        for _ in range(20):
            taking(organization, coupon)()
    with pytest.raises(RuleViolation, match="as often as it may be"), tenant_scope(organization.pk):
        taking(organization, coupon)()
    with tenant_scope(organization.pk):
        pairs = list(CouponUse.objects.values_list("coupon_id", "booking_id"))
        assert ledger.release_many(organization.pk, pairs, NOON) == 30
    assert all(used == 0 for used, _ in slots(coupon))
    change(coupon, quota=None)
    assert slots(coupon) == []


def test_expired_holds_make_room_in_their_own_slots(organization):
    coupon = make_coupon(organization, quota=3, hot=True, max_per_customer=3)
    _, [other, another] = make_batch(organization, 2, quota=2)
    with tenant_scope(organization.pk):
        for _ in range(3):
            taking(organization, coupon, "reserved", until=LATER, customer="id:1")()
        taking(organization, other, "reserved", until=LATER)()
        taking(organization, other, "reserved", until=LATER)()

        ids = [make_booking(organization).pk for _ in range(5)]
        three = [
            {"coupon_id": coupon.pk, "booking_id": booking, "id": uuid7(), "customer": "id:1"} for booking in ids[:3]
        ]
        two = [{"coupon_id": another.pk, "booking_id": booking, "id": uuid7()} for booking in ids[3:]]
        for one in [*three, *two]:
            ledger.take(organization.pk, [one], state="redeemed", moment=LATER)

        assert CouponBatchCounter.objects.get().used == 2
    assert sum(used for used, _ in slots(coupon)) == 3
    assert wrong(organization, LATER) == []


def test_a_batch_that_is_used_up_is_told_in_a_quote(organization):
    _, [first, second] = make_batch(organization, 2, quota=1)
    with tenant_scope(organization.pk):
        taking(organization, first, "reserved", until=LATER)()
        cart = {"currency": "EUR", "lines": [{"amount_minor": 10000, "type": "rent"}]}

        told = services.quote_cart(organization, cart, [second.code], moment=NOON)
        assert told.coupons[0].reasons == ("quota_reached",)
        told = services.quote_cart(organization, cart, [second.code], moment=LATER)
        assert told.coupons[0].reasons == ()


# -- the door is the only one


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE coupons SET hot = true WHERE organization_id = %s",
        "UPDATE coupons SET batch_id = NULL WHERE organization_id = %s",
        "UPDATE coupon_batches SET quota = 99 WHERE organization_id = %s",
        "UPDATE coupon_batch_counters SET used = 0 WHERE organization_id = %s",
        "UPDATE coupon_uses SET slot = 1 WHERE organization_id = %s",
    ],
)
def test_the_serving_role_has_no_other_door(organization, statement):
    make_batch(organization, 1, quota=1)

    with pytest.raises(Exception, match="permission denied"), tenant_scope(organization.pk):
        connection.cursor().execute(statement, [organization.pk])


# -- recounting


def test_drift_is_told_line_by_line_and_repaired(organization, capsys):
    batch, [coupon] = make_batch(organization, 1, quota=5, max_per_customer=3)
    change(coupon, quota=5)
    with tenant_scope(organization.pk):
        taking(organization, coupon, customer="id:1")()
    call_command("check_ledger")

    with connections["owner"].cursor() as cursor:
        cursor.execute(f"SET bookingoffice.organization_id = '{organization.pk}'")
        for table in ("coupon_counters", "coupon_batch_counters", "coupon_customers"):
            cursor.execute(f"UPDATE {table} SET used = used + 2 WHERE organization_id = %s", [organization.pk])
        cursor.execute("RESET bookingoffice.organization_id")

    capsys.readouterr()
    with pytest.raises(CommandError, match="3 of the counters"):
        call_command("check_ledger", organization=str(organization.pk))
    assert capsys.readouterr().out.splitlines() == [
        f"{organization.pk}: coupon {coupon.pk}: customer id:1 is counted 3 times, the ledger has 1",
        f"{organization.pk}: coupon {coupon.pk}: slot 0 counts 3 uses, the ledger has 1",
        f"{organization.pk}: batch {batch.pk}: counts 3 uses, the ledger has 1",
    ]
    call_command("check_ledger", repair=True)
    assert "3 found, 0 left" in capsys.readouterr().out
    assert wrong(organization) == []


def test_bulk_releases_of_what_is_limited_for_each_customer_alone_wait_for_each_other(organization):
    """They meet the customers in the order of their bookings, which is any."""
    coupon = make_coupon(organization, max_per_customer=100)
    for _ in range(5):
        customers = [str(place) for place in range(40)]
        halves = [
            [(coupon.pk, make_booking(organization, customer_id=one).pk) for one in order]
            for order in (customers, customers[::-1])
        ]
        with tenant_scope(organization.pk):
            services.redeem_many(organization, [services.Redemption(*pair) for half in halves for pair in half], **ACT)

        acts = [lambda half=half: services.release_many(organization, half, **ACT) for half in halves]
        assert at_once(organization, acts) == {"done": 2}

    assert uses(organization) == 0
    assert not wrong(organization)
