"""The demo business: whole, lifelike, the same every time, and made through the same doors as everything else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.db import transaction
from django.db.models import Count, F
from pytest_django.plugin import DjangoDbBlocker

from bookingoffice.accounts.models import ApiKey, Member, Organization, digest_of
from bookingoffice.audit.models import AuditEntry
from bookingoffice.database.scope import tenant_scope
from bookingoffice.demo import DemoCredentials, create_demo
from bookingoffice.references.models import Booking, LineItem, Plan, Product, Service
from coupons.models import Coupon, CouponCounter, CouponPlan, CouponProduct, CouponService, CouponUse
from seasons.expressions import slots_of
from seasons.models import Season, SeasonYear
from tests.builders import NOON


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[DemoCredentials]:
    """Made once for the tests that only look, and taken back after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield create_demo(NOON)
        transaction.set_rollback(True)


@pytest.fixture
def inside(demo: DemoCredentials) -> Iterator[DemoCredentials]:
    with tenant_scope(demo.organization_id):
        yield demo


def test_the_owner_logs_in_and_is_no_superuser(inside):
    user = authenticate(username=inside.staff_username, password=inside.staff_password)

    assert user is not None
    assert (user.is_staff, user.is_superuser) == (True, False)
    assert list(Member.objects.values_list("user_id", "role")) == [(user.pk, "owner")]


def test_the_key_opens_the_organization_of_its_name(inside):
    key = ApiKey.objects.get()

    assert bytes(key.digest) == digest_of(inside.api_key)
    assert str(Organization.objects.get(pk=inside.organization_id)) == inside.organization_name
    assert inside.curl_path.startswith("/v1/coupons?")


def test_a_year_of_bookings_has_bills_customers_and_stays(inside):
    bookings = Booking.objects.annotate(rents=Count("line_items"))

    assert bookings.count() >= 300
    assert not bookings.filter(rents__lt=3).exists()
    assert not bookings.filter(check_in=None).exists()
    assert not bookings.filter(created_at__lt=NOON - timedelta(days=366)).exists()
    assert not bookings.filter(created_at__gt=NOON).exists()
    assert set(LineItem.objects.values_list("item_type", flat=True)) == {"rent", "fee", "deposit"}
    assert Booking.objects.values("customer_id").distinct().count() > 100
    assert (Product.objects.count(), Service.objects.count(), Plan.objects.count()) == (8, 8, 16)


def test_thirty_coupons_show_every_kind(inside):
    coupons = Coupon.objects.with_state(NOON)

    assert coupons.count() == 30
    assert set(coupons.values_list("kind", flat=True)) == {"percent", "amount", "expression"}
    assert set(coupons.values_list("scope", flat=True)) == {"global", "product", "service", "rent"}
    assert set(coupons.values_list("repeat", flat=True)) == {"once", "limited", "forever"}
    states = Counter(coupons.values_list("state", flat=True))
    assert set(states) == {"deleted", "archived", "expired", "exhausted", "scheduled", "active"}
    assert states["active"] > 15
    assert {"EUR", "CHF", "JPY"} <= set(coupons.values_list("currency", flat=True))


def test_every_limit_has_a_coupon(inside):
    conditions: list[dict[str, Any]] = [
        {"stackable": False},
        {"auto_apply": True},
        {"max_per_customer__isnull": False},
        {"budget_minor__isnull": False},
        {"min_nights__isnull": False},
        {"max_nights__isnull": False},
        {"min_spend_minor__isnull": False},
        {"season_ids__isnull": False},
        {"blackout_dates__isnull": False},
        {"arrival_weekdays__isnull": False},
        {"min_lead_days__isnull": False},
        {"max_lead_days__isnull": False},
        {"plan_scope": "specific"},
        {"invitee_mode": "new_users"},
    ]

    assert [condition for condition in conditions if not Coupon.objects.filter(**condition).exists()] == []


def test_targets_include_and_exclude(inside):
    assert set(CouponProduct.objects.values_list("excluded", flat=True)) == {True, False}
    assert CouponService.objects.exists()
    assert CouponPlan.objects.exists()


def test_several_hundred_uses_lie_in_the_last_year_within_every_limit(inside):
    uses = CouponUse.objects.all()

    assert uses.filter(state="redeemed").count() >= 300
    assert uses.filter(state="reserved", expires_at__gt=NOON).count() == 2
    assert not uses.filter(created_at__lt=F("booking__created_at")).exists()
    assert not uses.filter(created_at__gt=NOON + timedelta(hours=1)).exists()
    assert not uses.filter(created_at__lt=F("coupon__created_at")).exists()
    counted = Counter(uses.values_list("coupon_id", flat=True))
    counters = dict(CouponCounter.objects.values_list("coupon_id", "used"))
    assert counters == {coupon_id: counted[coupon_id] for coupon_id in counters}
    assert not Booking.objects.annotate(number=Count("coupon_uses")).filter(number__gt=2).exists()


def test_nobody_used_a_coupon_that_was_not_for_the_booking(inside):
    uses = CouponUse.objects.select_related("coupon", "booking")
    for use in uses.filter(coupon__min_nights__isnull=False):
        assert (use.booking.check_out - use.booking.check_in).days >= use.coupon.min_nights
    for use in uses.filter(coupon__max_lead_days__isnull=False):
        assert (use.booking.check_in - use.booking.created_at.date()).days <= use.coupon.max_lead_days
    for use in uses.filter(coupon__invitee_mode="new_users"):
        assert use.booking.customer_bookings_before == 0
    assert not uses.filter(coupon__currency__in=["CHF", "JPY"]).exists()
    assert not uses.filter(coupon__deleted_at__isnull=False).exists()


def test_six_seasons_share_the_year_and_a_seventh_lies_over_them(inside):
    days = [slots_of(season.value) for season in Season.objects.all()]
    overlay = [season for season in Season.objects.all() if season.name["default"] == "Regatta weeks"]
    counted = Counter(slot for slots in days for slot in range(1, 367) if slot in slots)
    covered_once = slots_of(overlay[0].value)

    assert len(days) == 7
    assert all(counted[slot] == (2 if slot in covered_once else 1) for slot in range(1, 367))
    assert SeasonYear.objects.count() == 1


def test_everything_that_happened_is_in_the_history(inside):
    made = Counter(AuditEntry.objects.filter(action="created").values_list("table_name", flat=True))

    assert made["coupons"] == Coupon.objects.count()
    assert made["coupon_uses"] == CouponUse.objects.count()
    assert made["seasons"] == 7
    assert not AuditEntry.objects.filter(created_at__gt=NOON).exclude(table_name="coupon_uses").exists()


def rows_of(demo: DemoCredentials) -> list[Any]:
    with tenant_scope(demo.organization_id):
        return [
            list(Booking.objects.order_by("id").values_list("id", "reference", "customer_email", "check_in")),
            list(LineItem.objects.order_by("id").values_list("id", "name", "amount_minor")),
            list(Coupon.objects.order_by("id").values_list("id", "code", "created_at", "expires_at", "quota")),
            list(
                CouponUse.objects.order_by("booking_id", "coupon_id").values_list(
                    "booking_id", "coupon_id", "created_at"
                )
            ),
        ]


def test_the_same_moment_makes_the_same_business_beside_the_first(demo):
    with transaction.atomic():
        second = create_demo(NOON)
        rows = rows_of(second)
        transaction.set_rollback(True)

    assert rows == rows_of(demo)
    assert second.organization_id != demo.organization_id
    assert (demo.staff_username, second.staff_username) == ("demo", "demo2")
    assert (demo.staff_password, demo.api_key) != (second.staff_password, second.api_key)
