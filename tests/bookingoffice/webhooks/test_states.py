"""`expired` and `exhausted` are states that come by themselves: told once each time they come, by whomever."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from bookingoffice.database.scope import tenant_scope
from coupons import services
from tests.bookingoffice.webhooks.builders import make_webhook, told, told_events
from tests.bookingoffice.webhooks.test_exactness import meanwhile
from tests.builders import TESTER, make_booking, make_coupon, make_organization, make_use

HOUR = timedelta(hours=1)


@pytest.fixture
def organization(committed_db):
    return make_organization(currency="EUR")


@pytest.fixture
def now():
    return timezone.now()


def change(organization, coupon, **changes):
    with tenant_scope(organization.pk):
        services.change_coupons(organization, [coupon.pk], changes, actor=TESTER, moment=timezone.now())


def test_a_coupon_expires_once_though_nobody_calls(organization, now):
    make_webhook(organization, "coupons.expired")
    coupon = make_coupon(organization, expires_at=(now + HOUR).isoformat())

    assert told_events(organization, now) == []
    [note] = told(organization, now + HOUR)
    assert told(organization, now + 2 * HOUR) == [note]

    assert [note.event_type, note.payload["new"]["id"], note.happened_at] == [
        "coupons.expired",
        str(coupon.pk),
        now + HOUR,
    ]


def test_what_the_calendar_told_is_not_told_by_its_making_that_is_read_again(organization, now):
    """A transaction that stays open has everything read again that began after it."""
    make_webhook(organization, "coupons.expired")
    with meanwhile(lambda: make_coupon(organization, "SLOW")):
        make_coupon(organization, expires_at=(now + HOUR).isoformat())
        events = [told_events(organization, now + hours * HOUR) for hours in range(4)]

    assert events == [[], ["coupons.expired"], ["coupons.expired"], ["coupons.expired"]]


def test_a_coupon_that_is_extended_expires_again(organization, now):
    make_webhook(organization, "coupons.expired")
    coupon = make_coupon(organization, expires_at=(now + HOUR).isoformat())
    told(organization, now + HOUR)

    change(organization, coupon, expires_at=(now + 3 * HOUR).isoformat())

    assert len(told(organization, now + 2 * HOUR)) == 1
    assert len(told(organization, now + 3 * HOUR)) == 2


def test_a_deadline_that_passed_unseen_is_told_though_it_was_extended(organization, now):
    make_webhook(organization, "coupons.expired")
    coupon = make_coupon(organization, expires_at=(now + HOUR).isoformat())
    told(organization, now)
    with tenant_scope(organization.pk):
        late = now + 2 * HOUR
        changes = {"expires_at": (now + 5 * HOUR).isoformat()}
        services.change_coupons(organization, [coupon.pk], changes, actor=TESTER, moment=late)

    assert len(told(organization, now + 3 * HOUR)) == 1
    assert len(told(organization, now + 6 * HOUR)) == 2


@pytest.mark.parametrize("gone", ["archived_at", "deleted_at"])
def test_a_deadline_that_passed_unseen_is_told_though_staff_took_the_coupon_away_since(organization, now, gone):
    make_webhook(organization, "coupons.expired")
    coupon = make_coupon(organization, expires_at=(now + HOUR).isoformat())
    told(organization, now)
    with tenant_scope(organization.pk):
        late = now + 2 * HOUR
        services.change_coupons(organization, [coupon.pk], {gone: late.isoformat()}, actor=TESTER, moment=late)

    [note] = told(organization, now + 3 * HOUR)
    assert told(organization, now + 4 * HOUR) == [note]
    assert note.happened_at == now + HOUR


def test_a_deadline_in_the_past_expires_at_once(organization, now):
    make_webhook(organization, "coupons.expired")
    coupon = make_coupon(organization)
    told(organization, now)

    change(organization, coupon, expires_at=(now - HOUR).isoformat())

    assert told_events(organization) == ["coupons.expired"]


@pytest.mark.parametrize("gone", ["archived_at", "deleted_at"])
def test_what_staff_took_away_does_not_expire(organization, now, gone):
    make_webhook(organization, "coupons.expired")
    coupon = make_coupon(organization, expires_at=(now + HOUR).isoformat())
    change(organization, coupon, **{gone: now.isoformat()})

    assert told_events(organization, now + 2 * HOUR) == []


def test_the_last_use_exhausts_a_coupon_once(organization):
    make_webhook(organization, "coupons.exhausted")
    coupon = make_coupon(organization, quota=2)
    make_use(organization, coupon)
    assert told_events(organization) == []

    make_use(organization, coupon)
    [note] = told(organization)
    change(organization, coupon, description="Popular")

    assert told(organization) == [note]
    assert note.payload["new"]["quota"] == 2


def test_a_raised_quota_is_exhausted_again(organization):
    make_webhook(organization, "coupons.exhausted")
    coupon = make_coupon(organization, quota=1)
    make_use(organization, coupon)
    told(organization)
    change(organization, coupon, quota=2)
    assert len(told(organization)) == 1

    make_use(organization, coupon)

    assert len(told(organization)) == 2


def test_twice_exhausted_between_two_readings_is_told_twice(organization, now):
    make_webhook(organization, "coupons.exhausted")
    coupon = make_coupon(organization, quota=1)
    make_use(organization, coupon, moment=now)
    change(organization, coupon, quota=2)
    make_use(organization, coupon)

    assert [note.payload["new"]["quota"] for note in told(organization)] == [1, 2]


def test_a_use_that_was_given_back_and_taken_again_exhausts_again(organization, now):
    make_webhook(organization, "coupons.exhausted")
    coupon, booking = make_coupon(organization, quota=1), make_booking(organization)
    make_use(organization, coupon, booking)
    told(organization)
    with tenant_scope(organization.pk):
        services.release(organization, coupon.pk, booking.pk, actor=TESTER, moment=now)
    make_use(organization, coupon)

    assert len(told(organization)) == 2


def test_a_lowered_quota_exhausts(organization):
    make_webhook(organization, "coupons.exhausted")
    coupon = make_coupon(organization, quota=5)
    make_use(organization, coupon)
    told(organization)

    change(organization, coupon, quota=1)

    assert len(told(organization)) == 1


def test_a_hold_that_lapsed_makes_room_and_its_successor_exhausts_again(organization, now):
    make_webhook(organization, "coupons.exhausted")
    coupon = make_coupon(organization, quota=1)
    hold = {"actor": TESTER, "moment": now, "until": now + HOUR}
    with tenant_scope(organization.pk):
        services.reserve(organization, coupon.pk, make_booking(organization).pk, **hold)
    assert len(told(organization, now)) == 1

    make_use(organization, coupon, moment=now + 2 * HOUR)

    assert len(told(organization, now + 2 * HOUR)) == 2
