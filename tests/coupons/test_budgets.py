"""A budget in the ledger: what moves it, what refuses, and that nobody else writes it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from bookingoffice.database.scope import tenant_scope
from bookingoffice.errors import RuleViolation
from bookingoffice.records import uuid7
from coupons import ledger, services
from coupons.models import Coupon, CouponBudget, CouponUse
from coupons.services.checking import drift
from tests.builders import NOON, TESTER, make_booking, make_coupon, make_line_item, make_organization, make_use

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def organization():
    organization = make_organization()
    with tenant_scope(organization.pk):
        yield organization


def priced_booking(organization, amount_minor=10000, **values):
    booking = make_booking(organization, **values)
    make_line_item(booking, amount_minor)
    return booking


def spent():
    return CouponBudget.objects.get().spent_minor


def reserve(organization, coupon, booking, until=NOON + HOUR, moment=NOON):
    services.reserve(organization, coupon.pk, booking.pk, until=until, actor=TESTER, moment=moment)


def test_uses_holds_and_releases_move_what_is_spent(organization):
    coupon, booking = make_coupon(organization, budget_minor=9000), priced_booking(organization)

    reserve(organization, coupon, booking)
    assert spent() == 1500
    make_use(organization, coupon, booking)
    make_use(organization, coupon, priced_booking(organization, 20000))
    assert spent() == 4500
    services.release(organization, coupon.pk, booking.pk, actor=TESTER, moment=NOON)

    assert spent() == 3000
    assert drift(organization, NOON) == []


def test_an_expired_hold_gives_its_part_back_at_once(organization):
    coupon = make_coupon(organization, budget_minor=1500)
    reserve(organization, coupon, priced_booking(organization))
    with pytest.raises(RuleViolation, match="budget"):
        make_use(organization, coupon, priced_booking(organization))

    make_use(organization, coupon, priced_booking(organization), moment=NOON + HOUR)

    assert spent() == 1500
    assert CouponUse.objects.count() == 1


def test_ones_own_expired_hold_is_replaced(organization):
    coupon, booking = make_coupon(organization, budget_minor=1500), priced_booking(organization)
    reserve(organization, coupon, booking)

    make_use(organization, coupon, booking, moment=NOON + HOUR)

    assert (spent(), CouponUse.objects.get().state) == (1500, "redeemed")


def test_a_hold_that_takes_more_in_the_end_is_held_to_the_budget(organization):
    coupon, booking = make_coupon(organization, budget_minor=2000), priced_booking(organization)
    reserve(organization, coupon, booking)
    make_line_item(booking, 90000)

    make_use(organization, coupon, booking)

    assert CouponUse.objects.get().amount_minor == spent() == 2000


def test_a_budget_cannot_go_below_what_is_spent(organization):
    coupon = make_coupon(organization, budget_minor=5000)
    make_use(organization, coupon, priced_booking(organization))

    with pytest.raises(RuleViolation) as refusal, transaction.atomic():
        services.change_coupons(organization, [coupon.pk], {"budget_minor": 1499}, actor=TESTER, moment=NOON)
    services.change_coupons(organization, [coupon.pk], {"budget_minor": 1500}, actor=TESTER, moment=NOON)

    assert (refusal.value.code, refusal.value.field) == ("quota_below_uses", "budget_minor")
    assert CouponBudget.objects.get().budget_minor == Coupon.objects.get().budget_minor == 1500


def test_a_budget_that_comes_later_counts_what_was_taken_before(organization):
    coupon = make_coupon(organization)
    make_use(organization, coupon, priced_booking(organization))

    services.change_coupons(organization, [coupon.pk], {"budget_minor": 2000}, actor=TESTER, moment=NOON)
    make_use(organization, coupon, priced_booking(organization))

    assert spent() == 2000
    services.change_coupons(organization, [coupon.pk], {"budget_minor": None}, actor=TESTER, moment=NOON)
    assert not CouponBudget.objects.exists()


def take(organization, coupon, **row):
    use = {"coupon_id": coupon.pk, "booking_id": make_booking(organization).pk, "id": uuid7(), "currency": "EUR"}
    with transaction.atomic():
        ledger.take(organization.pk, [use | row], state="redeemed", moment=NOON)


def test_the_door_refuses_by_itself(organization):
    coupon = make_coupon(organization, budget_minor=1000)

    take(organization, coupon, amount_minor=1000)
    for amount_minor in (1, 0, None):
        with pytest.raises(RuleViolation) as refusal:
            take(organization, coupon, amount_minor=amount_minor)
        assert refusal.value.code == "budget_exhausted"
    assert spent() == 1000


def test_the_door_refuses_an_amount_in_another_currency(organization):
    coupon = make_coupon(organization, budget_minor=1000)

    with pytest.raises(RuleViolation) as refusal:
        take(organization, coupon, amount_minor=1, currency="JPY")

    assert refusal.value.code == "currency_mismatch"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE coupons SET budget_minor = 9 WHERE organization_id = %s",
        "UPDATE coupon_budgets SET spent_minor = 0 WHERE organization_id = %s",
        "DELETE FROM coupon_budgets WHERE organization_id = %s",
        "SELECT public.ledger_lay_budget(%s, public.uuid7(), 1, true)",
        "SELECT public.ledger_spend(%s, public.uuid7(), public.uuid7(), -5, 'EUR')",
    ],
)
def test_nobody_else_moves_a_budget(organization, statement):
    make_use(organization, make_coupon(organization, budget_minor=5000), priced_booking(organization))

    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [organization.pk])
