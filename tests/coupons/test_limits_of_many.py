"""The limits of several coupons set in one act: those without uses together, used ones each with its own counting."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookingoffice.database.scope import tenant_scope
from bookingoffice.errors import RuleViolation
from coupons import services
from coupons.models import Coupon, CouponCounter, CouponCustomer
from coupons.services.checking import drift
from tests.builders import NOON, TESTER, make_booking, make_coupon, make_organization

pytestmark = pytest.mark.django_db
ACT = {"actor": TESTER, "moment": NOON}


@pytest.fixture
def organization():
    organization = make_organization()
    with tenant_scope(organization.pk):
        yield organization


@pytest.fixture
def mixed(organization):
    """Never used; used twice by one guest; hot and used; held until just now; used and given back."""
    coupons = [make_coupon(organization, code, quota=10) for code in ("NEW", "USED", "HOT", "HELD", "BACK")]
    _new, used, hot, held, back = coupons
    services.change_coupons(organization, [hot.pk], {"hot": True}, **ACT)
    redeem(organization, used, customer_id="7")
    redeem(organization, used, customer_id="7")
    redeem(organization, hot)
    past = {"actor": TESTER, "moment": NOON - timedelta(hours=1)}
    services.reserve(organization, held.pk, make_booking(organization).pk, until=NOON, **past)
    booking = redeem(organization, back)
    services.release(organization, back.pk, booking.pk, **ACT)
    return coupons


def redeem(organization, coupon, **values):
    booking = make_booking(organization, **values)
    services.redeem(organization, coupon.pk, booking.pk, **ACT)
    return booking


def set_limits(organization, coupons, **limits):
    services.change_coupons(organization, [coupon.pk for coupon in coupons], limits, **ACT)


def test_each_keeps_its_own_count(organization, mixed):
    set_limits(organization, mixed, quota=3, max_per_customer=2)
    assert set(Coupon.objects.values_list("quota", "max_per_customer", "hot")) == {(3, 2, False), (3, 2, True)}
    assert drift(organization, NOON) == []
    assert list(CouponCustomer.objects.values_list("coupon__code", "used")) == [("USED", 2)]
    for coupon, left in zip(mixed, (3, 1, 2, 3, 3), strict=True):
        for turn in range(left):
            redeem(organization, coupon, customer_id=f"new {turn}")
        with pytest.raises(RuleViolation) as caught:
            redeem(organization, coupon, customer_id="late")
        assert caught.value.code == "quota_reached"
    assert drift(organization, NOON) == []


def test_limits_go_and_come_again(organization, mixed):
    set_limits(organization, mixed, quota=None, hot=False)
    assert not CouponCounter.objects.exists()
    set_limits(organization, mixed, quota=5)
    assert drift(organization, NOON) == []
    assert dict(CouponCounter.objects.values_list("coupon__code", "used")) == {
        "USED": 2,
        "HOT": 1,
    }


def test_one_that_is_used_more_often_refuses_all(organization, mixed):
    with pytest.raises(RuleViolation) as caught:
        set_limits(organization, mixed, quota=1)
    assert caught.value.code == "quota_below_uses"
    assert set(Coupon.objects.values_list("quota", flat=True)) == {10}
    assert drift(organization, NOON) == []
