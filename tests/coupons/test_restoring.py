"""Undoing a release: the use comes back as it was, within the limits as they are now."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db.models import TextField
from django.db.models.functions import Cast

from bookingoffice.audit.models import AuditEntry
from bookingoffice.database.scope import tenant_scope
from bookingoffice.errors import RuleViolation
from bookingoffice.records import uuid7
from coupons import ledger, services
from coupons.models import CouponCounter, CouponUse
from coupons.services.checking import drift
from coupons.services.restoring import restore_use
from tests.builders import NOON, TESTER, make_booking, make_coupon, make_line_item, make_organization, make_use

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(days=40)


def act(moment: Any = LATER) -> dict[str, Any]:
    return {"actor": TESTER, "moment": moment}


def released(organization: Any, coupon: Any, booking: Any) -> UUID:
    """The id of the history's entry."""
    with tenant_scope(organization.pk):
        services.release(organization, coupon.pk, booking.pk, actor=TESTER, moment=LATER)
        entry = AuditEntry.objects.filter(table_name="coupon_uses", action="deleted").latest("created_at")
        return UUID(str(entry.pk))


def image(organization: Any) -> dict[str, Any]:
    with tenant_scope(organization.pk):
        [row] = CouponUse.objects.values()
        return dict(row)


def priced(organization: Any) -> Any:
    booking = make_booking(organization, customer_email="Guest@example.com")
    make_line_item(booking, 20000)
    return booking


def test_a_use_comes_back_as_it_was_even_when_the_coupon_has_changed_and_expired():
    organization = make_organization()
    coupon, booking = make_coupon(organization, quota=1, max_per_customer=1), priced(organization)
    make_use(organization, coupon, booking)
    before = image(organization)
    entry_id = released(organization, coupon, booking)
    with tenant_scope(organization.pk):
        changes = {"kind": "percent", "percent": 90, "expires_at": NOON + timedelta(days=1)}
        services.change_coupons(organization, [coupon.pk], changes, **act())
        use_id = restore_use(organization, entry_id, **act(), reason="Wrong guest")
        wrong = drift(organization, LATER)
        entry = AuditEntry.objects.filter(table_name="coupon_uses", row_id=use_id).latest("created_at", "id")

    assert image(organization) == before
    assert before["amount_minor"] == 3000
    assert wrong == []
    assert (entry.action, entry.reason) == ("created", "Wrong guest")


def test_what_others_took_meanwhile_is_gone():
    organization = make_organization()
    coupon, booking = make_coupon(organization, quota=1), priced(organization)
    make_use(organization, coupon, booking)
    entry_id = released(organization, coupon, booking)
    make_use(organization, coupon)

    with tenant_scope(organization.pk), pytest.raises(RuleViolation) as refusal:
        restore_use(organization, entry_id, **act())

    assert refusal.value.code == "quota_reached"
    with tenant_scope(organization.pk):
        assert CouponUse.objects.count() == 1
        assert CouponCounter.objects.get().used == 1


def test_a_budget_that_is_spent_meanwhile_is_not_overdrawn():
    organization = make_organization()
    coupon = make_coupon(organization, budget_minor=4000)
    first, second = priced(organization), priced(organization)
    make_use(organization, coupon, first)
    entry_id = released(organization, coupon, first)
    make_use(organization, coupon, second)

    with tenant_scope(organization.pk), pytest.raises(RuleViolation) as refusal:
        restore_use(organization, entry_id, **act())

    assert refusal.value.code == "budget_exhausted"
    with tenant_scope(organization.pk):
        assert [use.booking_id for use in CouponUse.objects.all()] == [second.pk]


def test_holds_that_lapsed_since_are_in_nobodys_way():
    organization = make_organization()
    coupon, booking = make_coupon(organization, quota=1), priced(organization)
    make_use(organization, coupon, booking)
    entry_id = released(organization, coupon, booking)
    with tenant_scope(organization.pk):
        until = NOON + timedelta(days=2)
        other = make_booking(organization)
        services.reserve(organization, coupon.pk, other.pk, until=until, actor=TESTER, moment=NOON)

        restore_use(organization, entry_id, **act())

        assert [use.booking_id for use in CouponUse.objects.all()] == [booking.pk]


@pytest.mark.parametrize(("column", "code"), [("archived_at", "coupon_archived"), ("deleted_at", "coupon_deleted")])
def test_a_coupon_out_of_use_has_to_be_restored_first(column, code):
    organization = make_organization()
    coupon, booking = make_coupon(organization), priced(organization)
    make_use(organization, coupon, booking)
    entry_id = released(organization, coupon, booking)
    with tenant_scope(organization.pk):
        services.change_coupons(organization, [coupon.pk], {column: NOON}, **act())

        with pytest.raises(RuleViolation) as refusal:
            restore_use(organization, entry_id, **act())

    assert refusal.value.code == code


def test_it_comes_back_once_and_only_to_its_own_organization():
    organization, other = make_organization(), make_organization("Other")
    coupon, booking = make_coupon(organization), priced(organization)
    make_use(organization, coupon, booking)
    entry_id = released(organization, coupon, booking)

    with tenant_scope(other.pk), pytest.raises(RuleViolation) as foreign:
        restore_use(other, entry_id, **act())
    with tenant_scope(organization.pk):
        restore_use(organization, entry_id, **act())
        with pytest.raises(RuleViolation) as twice:
            restore_use(organization, entry_id, **act())

    assert (foreign.value.code, twice.value.code) == ("release_not_found", "already_used_on_booking")


def test_a_hold_comes_back_until_its_deadline():
    organization = make_organization()
    coupon, booking = make_coupon(organization, quota=1), priced(organization)
    until = LATER + timedelta(hours=1)
    with tenant_scope(organization.pk):
        services.reserve(organization, coupon.pk, booking.pk, until=until, actor=TESTER, moment=NOON)
    entry_id = released(organization, coupon, booking)

    with tenant_scope(organization.pk):
        with pytest.raises(RuleViolation) as refusal:
            restore_use(organization, entry_id, **act(until))
        restore_use(organization, entry_id, **act())
        use = CouponUse.objects.get()

    assert refusal.value.code == "hold_lapsed"
    assert (use.state, use.expires_at) == ("reserved", until)


def test_a_hold_without_an_end_comes_back_without_one():
    """`infinity` is an instant to PostgreSQL and none to Python: it is written back as it was kept."""
    organization = make_organization()
    coupon, booking = make_coupon(organization, quota=1), make_booking(organization)
    with tenant_scope(organization.pk):
        row = {"coupon_id": coupon.pk, "booking_id": booking.pk, "id": uuid7(), "until": "infinity"}
        ledger.take(organization.pk, [row], state="reserved", moment=NOON)
    entry_id = released(organization, coupon, booking)
    with tenant_scope(organization.pk):
        restore_use(organization, entry_id, **act())
        as_kept = Cast("expires_at", TextField())
        [kept] = CouponUse.objects.of(organization.pk).values_list(as_kept, "state")
    assert kept == ("infinity", "reserved")
