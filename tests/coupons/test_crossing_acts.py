"""Two acts over the same coupons, one in the middle of the other: the second waits, and nobody is a deadlock's victim."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, connections

from bookingoffice.accounts.models import Organization
from bookingoffice.database.scope import tenant_scope
from bookingoffice.records import uuid7
from coupons import ledger, services
from coupons.facts import Asked, gather
from coupons.models import CouponBatch, CouponBudget, CouponUse
from coupons.services.checking import Drift, drift, repair
from tests.builders import NOON, TESTER, make_booking, make_coupon, make_line_item, make_organization

LATER = NOON + timedelta(hours=1)
IS_WAITED_FOR = (
    "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id_if_assigned()::xid)"
)


@pytest.fixture
def organization(committed_db):
    return make_organization()


class Meanwhile:
    """An act on a connection of its own, begun in the middle of the transaction that is open here."""

    def __init__(self, act):
        self._pool = ThreadPoolExecutor(1)
        self._running = self._pool.submit(self._run, act)

    def _run(self, act):
        try:
            act()
        finally:
            connections.close_all()

    def needs_this(self):
        """Returns when the act waits for what this transaction has."""
        ending = time.monotonic() + 20
        while not is_waited_for():
            assert time.monotonic() < ending
            assert not self._running.done()
            time.sleep(0.01)

    def ends(self):
        """Its error is raised here."""
        self._running.result(timeout=20)
        self._pool.shutdown()


def is_waited_for():
    with connection.cursor() as cursor:
        cursor.execute(IS_WAITED_FOR)
        return cursor.fetchone()[0]


def having(row):
    """Locks a row as whoever redeems does, before any counter."""
    with connection.cursor() as cursor:
        statement = f"SELECT 1 FROM {row._meta.db_table} WHERE organization_id = %s AND id = %s FOR KEY SHARE"
        cursor.execute(statement, [row.organization_id, row.pk])


def make_batch(organization, *limits):
    with tenant_scope(organization.pk):
        batch = CouponBatch.objects.create(organization=organization, count=len(limits), quota=100)
    return batch, [make_coupon(organization, f"B{place}", batch_id=batch.pk, **one) for place, one in enumerate(limits)]


def priced_booking(organization):
    booking = make_booking(organization)
    make_line_item(booking)
    return booking


def taking(organization, coupon):
    use = {"coupon_id": coupon.pk, "booking_id": make_booking(organization).pk, "id": uuid7()}
    ledger.take(organization.pk, [use], state="redeemed", moment=NOON)


def test_a_batch_gets_another_quota_while_a_coupon_with_a_budget_is_redeemed(organization):
    batch, [coupon] = make_batch(organization, {"budget_minor": 9000})
    held, booking = priced_booking(organization), priced_booking(organization)
    with tenant_scope(organization.pk):
        services.reserve(organization, coupon.pk, held.pk, until=LATER, actor=TESTER, moment=NOON)

    def set_quota():
        with tenant_scope(organization.pk):
            ledger.set_batch_quota(organization.pk, batch.pk, 50, LATER)

    with tenant_scope(organization.pk):
        gather(organization, [Asked(coupon.pk, booking_id=booking.pk)], moment=LATER, lock=True)
        other = Meanwhile(set_quota)
        other.needs_this()
        services.redeem(organization, coupon.pk, booking.pk, actor=TESTER, moment=LATER)
    other.ends()

    assert agrees(organization)


def test_limits_change_while_coupons_with_and_without_a_budget_are_redeemed(organization):
    coupons = [make_coupon(organization, "PLAIN"), make_coupon(organization, "BUDGET", budget_minor=9000)]
    bookings = [priced_booking(organization) for _ in coupons]
    pairs = list(zip(coupons, bookings, strict=True))

    def set_limits():
        ids = [coupon.pk for coupon in coupons]
        with tenant_scope(organization.pk):
            services.change_coupons(organization, ids, {"quota": 50}, actor=TESTER, moment=NOON)

    with tenant_scope(organization.pk):
        asked = [Asked(coupon.pk, booking_id=booking.pk) for coupon, booking in pairs]
        gather(organization, asked, moment=NOON, lock=True)
        other = Meanwhile(set_limits)
        other.needs_this()
        wanted = [services.Redemption(coupon.pk, booking.pk) for coupon, booking in pairs]
        services.redeem_many(organization, wanted, actor=TESTER, moment=NOON)
    other.ends()

    assert agrees(organization)


def repair_while_taking(organization, wrong, coupon, *had):
    with tenant_scope(organization.pk):
        for row in had:
            having(row)
        other = Meanwhile(lambda: repair(organization, wrong, NOON))
        other.needs_this()
        taking(organization, coupon)
    other.ends()

    assert agrees(organization)


def test_coupons_of_a_batch_are_counted_anew_while_one_is_redeemed(organization):
    _, coupons = make_batch(organization, {"quota": 10}, {"quota": 10})
    for coupon in coupons:
        with tenant_scope(organization.pk):
            taking(organization, coupon)
    wrong = [Drift("slot", coupon.pk, None, "0", 5, 1) for coupon in coupons]

    repair_while_taking(organization, wrong, coupons[1], coupons[1])


def test_a_batch_is_counted_anew_while_a_coupon_of_it_is_redeemed(organization):
    batch, coupons = make_batch(organization, {"quota": 10}, {"quota": 10})
    with tenant_scope(organization.pk):
        taking(organization, coupons[0])
    wrong = [Drift("slot", coupons[0].pk, None, "0", 5, 1), Drift("batch", None, batch.pk, None, 5, 1)]

    repair_while_taking(organization, wrong, coupons[1], coupons[1], batch)


def test_a_budget_is_begun_in_another_currency_while_a_use_in_it_is_given_back(organization):
    coupon, dollars = make_coupon(organization), [make_booking(organization, currency="USD") for _ in range(2)]
    for booking in dollars:
        make_line_item(booking)
    act = {"actor": TESTER, "moment": NOON}
    with tenant_scope(organization.pk):
        services.redeem(organization, coupon.pk, dollars[0].pk, **act)
        services.change_coupons(organization, [coupon.pk], {"budget_minor": 9000}, **act)
        Organization.objects.filter(pk=organization.pk).update(currency="USD")
        organization.refresh_from_db()

    def redeem():
        with tenant_scope(organization.pk):
            services.redeem(organization, coupon.pk, dollars[1].pk, **act)

    with tenant_scope(organization.pk):
        ledger.release(organization.pk, coupon.pk, dollars[0].pk)
        other = Meanwhile(redeem)
        other.needs_this()
    other.ends()

    assert agrees(organization)
    with tenant_scope(organization.pk):
        assert CouponBudget.objects.values_list("currency", "spent_minor").get() == ("USD", 1500)


def agrees(organization):
    with tenant_scope(organization.pk):
        return CouponUse.objects.filter(state="redeemed").exists() and drift(organization, LATER) == []


@pytest.mark.parametrize("act", ["take", "release_many"])
def test_who_waits_too_long_is_told_so_in_djangos_words(organization, act):
    """The admin's page for a busy database knows no others."""
    coupon, booking = make_coupon(organization), make_booking(organization)
    rows = {
        "take": [{"coupon_id": coupon.pk, "booking_id": booking.pk, "id": uuid7()}],
        "release_many": [(coupon.pk, booking.pk)],
    }
    more = {"take": {"state": "redeemed", "moment": NOON}, "release_many": {"moment": NOON}}

    def waiting():
        with tenant_scope(organization.pk), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '50ms'")
            getattr(ledger, act)(organization.pk, rows[act], **more[act])

    with tenant_scope(organization.pk):
        ledger.lock_bookings(organization.pk, [booking.pk])
        with pytest.raises(OperationalError):
            Meanwhile(waiting).ends()
