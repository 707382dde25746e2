"""A budget is in one currency: what was taken in another is no part of it, whenever the budget or the currency came."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from bookingoffice.accounts.models import Organization
from bookingoffice.database.scope import tenant_scope
from bookingoffice.errors import RuleViolation
from coupons import services
from coupons.models import CouponBudget, CouponUse
from coupons.services.checking import drift
from tests.builders import NOON, TESTER, make_booking, make_coupon, make_line_item, make_organization, make_use

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def organization():
    organization = make_organization()
    with tenant_scope(organization.pk):
        yield organization


def used_in(organization, coupon, currency, **values):
    """A use that takes 15.00 of that currency."""
    booking = make_booking(organization, currency=currency)
    make_line_item(booking)
    make_use(organization, coupon, booking, **values)
    return booking


def change(organization, coupon, **changes):
    with transaction.atomic():
        services.change_coupons(organization, [coupon.pk], changes, actor=TESTER, moment=NOON)


def budget():
    found = CouponBudget.objects.get()
    return found.currency, found.spent_minor


def test_a_budget_that_comes_later_counts_its_own_currency_alone(organization):
    coupon = make_coupon(organization)
    foreign = used_in(organization, coupon, "USD")
    used_in(organization, coupon, "EUR")

    change(organization, coupon, budget_minor=2000)

    assert budget() == ("EUR", 1500)
    services.release(organization, coupon.pk, foreign.pk, actor=TESTER, moment=NOON)
    assert budget() == ("EUR", 1500)
    assert drift(organization, NOON) == []


def test_an_expired_hold_in_another_currency_gives_nothing_back(organization):
    coupon = make_coupon(organization)
    foreign = make_booking(organization, currency="USD")
    make_line_item(foreign)
    services.reserve(organization, coupon.pk, foreign.pk, until=NOON + HOUR, actor=TESTER, moment=NOON)
    change(organization, coupon, budget_minor=3000)
    used_in(organization, coupon, "EUR")

    used_in(organization, coupon, "EUR", moment=NOON + 2 * HOUR)

    assert (budget(), CouponUse.objects.count()) == (("EUR", 3000), 2)


def test_another_currency_of_the_limits_counts_what_was_taken_in_it(organization):
    coupon = make_coupon(organization)
    used_in(organization, coupon, "USD")
    used_in(organization, coupon, "EUR")
    change(organization, coupon, budget_minor=2000)

    change(organization, coupon, limit_currency="USD")
    assert budget() == ("USD", 1500)
    used_in(organization, coupon, "USD")
    with pytest.raises(RuleViolation, match="budget"):
        used_in(organization, coupon, "USD")

    change(organization, coupon, limit_currency=None)
    assert budget() == ("EUR", 1500)
    assert drift(organization, NOON) == []


def test_no_currency_is_taken_in_which_more_was_spent(organization):
    coupon = make_coupon(organization, limit_currency="EUR")
    for _ in range(2):
        used_in(organization, coupon, "USD")
    change(organization, coupon, budget_minor=2000)

    with pytest.raises(RuleViolation) as refusal:
        change(organization, coupon, limit_currency="USD")
    assert (refusal.value.code, refusal.value.field) == ("quota_below_uses", "budget_minor")

    change(organization, coupon, limit_currency="USD", budget_minor=3000)
    assert budget() == ("USD", 3000)
    change(organization, coupon, limit_currency="EUR", budget_minor=1)
    assert budget() == ("EUR", 0)


def test_an_organization_that_changes_its_currency_begins_a_budget_anew(organization):
    coupon = make_coupon(organization, budget_minor=2000)
    used_in(organization, coupon, "EUR")
    Organization.objects.filter(pk=organization.pk).update(currency="USD")
    organization.refresh_from_db()

    used_in(organization, coupon, "USD")
    used_in(organization, coupon, "USD")

    assert budget() == ("USD", 2000)
    assert sorted(CouponUse.objects.values_list("currency", "amount_minor")) == [
        ("EUR", 1500),
        ("USD", 500),
        ("USD", 1500),
    ]
    assert drift(organization, NOON) == []
