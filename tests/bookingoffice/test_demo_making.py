"""Making the demo: in any season, by its command, whole or not at all."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db.models import F

from bookingoffice.accounts.finding import all_organization_ids
from bookingoffice.database.scope import tenant_scope
from bookingoffice.demo import create_demo
from coupons.models import Coupon, CouponUse
from tests.builders import NOON

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("month", [2, 8])
def test_it_can_be_made_in_any_season(month):
    demo = create_demo(NOON.replace(month=month, day=29 if month != 2 else 28, year=2028))

    with tenant_scope(demo.organization_id):
        assert CouponUse.objects.count() > 300
        exhausted = Coupon.objects.with_state(NOON.replace(year=2028, month=month)).filter(live_uses__gte=F("quota"))
        assert exhausted.exists()


def test_it_can_be_made_at_an_hour_that_is_tomorrow_at_the_house():
    """Guests book around the clock; lead times count days by the house's clock, not by UTC."""
    demo = create_demo(datetime(2026, 11, 26, 16, 30, tzinfo=UTC))

    with tenant_scope(demo.organization_id):
        assert CouponUse.objects.count() > 300


def test_it_is_made_whole_or_not_at_all(monkeypatch):
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("bookingoffice.demo.making.put_away", fail)
    with pytest.raises(RuntimeError):
        create_demo(NOON)

    assert all_organization_ids() == []
    assert not User.objects.exists()


def test_the_command_makes_one_and_another_only_when_told():
    printed = io.StringIO()
    call_command("demo", stdout=printed)
    assert "Sign in       demo  " in printed.getvalue()

    with pytest.raises(CommandError, match="--again"):
        call_command("demo", stdout=printed)
    assert len(all_organization_ids()) == 1

    call_command("demo", "--again", stdout=printed)
    assert len(all_organization_ids()) == 2
