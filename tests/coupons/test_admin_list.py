"""The list of coupons: what narrows it, what it tells of uses, and what it costs."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from coupons import services
from coupons.admin.dates import span_of
from coupons.admin.filters import window
from coupons.admin.lists import STATE_COLOURS
from coupons.models import Coupon
from coupons.models.coupon import State
from coupons.standing import in_state, live_uses
from tests import builders
from tests.bookingoffice.accounts.desks import Desk, make_desk

pytestmark = pytest.mark.django_db

LIST = "coupons_coupon_changelist"


def make_coupon(desk: Desk, code: str = "SUMMER", **values: Any) -> Coupon:
    coupon: Coupon = builders.make_coupon(desk.organization, code, **values)
    return coupon


def use(desk: Desk, coupon: Coupon, number: int = 1) -> None:
    for _ in range(number):
        builders.make_use(desk.organization, coupon, None, timezone.now())


def hold(desk: Desk, coupon: Coupon, *, lapsed: bool) -> None:
    """A hold of ten minutes, made an hour ago or now."""
    moment = timezone.now() - timedelta(hours=1 if lapsed else 0)
    act: Any = {"actor": builders.TESTER, "moment": moment, "until": moment + timedelta(minutes=10)}
    with desk.scope():
        services.reserve(desk.organization, coupon.pk, builders.make_booking(desk.organization).pk, **act)


def codes(desk: Desk, **query: str) -> list[str]:
    page = desk.get(LIST, **query)
    assert page.status_code == 200
    return [coupon.code for coupon in page.context["cl"].result_list]


def in_every_state(desk: Desk) -> None:
    past, future = "2020-01-01T00:00:00Z", "2040-01-01T00:00:00Z"
    make_coupon(desk, "ACTIVE", quota=2)
    use(desk, make_coupon(desk, "HALF", quota=2))
    use(desk, make_coupon(desk, "FULL", quota=2), 2)
    use(desk, make_coupon(desk, "HOT", quota=3, hot=True), 3)
    make_coupon(desk, "NONE", quota=0)
    lapsed = make_coupon(desk, "LAPSED", quota=2)
    hold(desk, lapsed, lapsed=True)
    use(desk, make_coupon(desk, "ENDLESS"), 3)
    hold(desk, make_coupon(desk, "HELD", quota=1), lapsed=False)
    hold(desk, make_coupon(desk, "FREE AGAIN", quota=1), lapsed=True)
    make_coupon(desk, "EXPIRED", expires_at=past)
    make_coupon(desk, "SCHEDULED", valid_from=future)
    make_coupon(desk, "ARCHIVED", archived_at=past, expires_at=past)
    make_coupon(desk, "DELETED", deleted_at=past, archived_at=past)


def test_the_counters_tell_what_the_ledger_tells():
    desk = make_desk()
    in_every_state(desk)
    moment = timezone.now()

    with desk.scope():
        counted = {row.code: row for row in Coupon.objects.of(desk.organization.pk).with_state(moment)}
        told = live_uses(desk.organization.pk, [row.pk for row in counted.values()], moment)
        found = {
            state: set(
                Coupon.objects.filter(in_state(desk.organization.pk, state, moment)).values_list("code", flat=True)
            )
            for state in State.values
        }

    assert {row.code: told[row.pk] for row in counted.values()} == {
        code: row.live_uses for code, row in counted.items()
    }
    assert found == {state: {code for code, row in counted.items() if row.state == state} for state in State.values}
    assert found["exhausted"] == {"FULL", "HOT", "NONE", "HELD"}


def test_the_list_tells_state_and_uses_in_words():
    desk = make_desk()
    in_every_state(desk)

    page = desk.get(LIST)
    shown = {coupon.code: (coupon.state, coupon.live_uses) for coupon in page.context["cl"].result_list}

    assert shown["HALF"] == ("active", 1)
    assert shown["FREE AGAIN"] == ("active", 0)
    assert shown["HOT"] == ("exhausted", 3)
    text = page.content.decode()
    assert 'aria-label="1 of 2, 1 left"' in text
    assert "3 uses, no limit" in text
    assert "DELETED" not in shown


def test_it_is_narrowed_by_what_coupons_are():
    desk = make_desk()
    product = builders.make_product(desk.organization, "Boathouse")
    season = builders.make_season(desk.organization, "High summer")
    aimed = make_coupon(desk, "AIMED", scope="product")
    with desk.scope():
        pair = {"coupon_id": aimed.pk, "product_id": product.pk}
        services.add_targets(desk.organization, "product", [pair], **desk.act)
    make_coupon(desk, "SEASON", season_ids=[str(season.pk)])
    make_coupon(desk, "AMOUNT", kind="amount", amount_minor=500, currency="EUR")
    use(desk, make_coupon(desk, "NEARLY", quota=5), 4)

    assert codes(desk, product=str(product.pk)) == ["AIMED"]
    assert codes(desk, season=str(season.pk)) == ["SEASON"]
    assert codes(desk, kind="amount") == ["AMOUNT"]
    assert codes(desk, scope="product") == ["AIMED"]
    assert codes(desk, uses="nearly") == ["NEARLY"]
    assert set(codes(desk, uses="never")) == {"AIMED", "SEASON", "AMOUNT"}
    assert codes(desk, batch="none", kind="amount", q="amo") == ["AMOUNT"]
    assert len(codes(desk, product="no such thing", season="x", kind="moon", batch="'")) == 4


def test_the_week_and_the_month_end_by_the_organizations_clock():
    amsterdam = ZoneInfo("Europe/Amsterdam")
    now = datetime(2027, 12, 29, 15, tzinfo=amsterdam)  # a Wednesday

    with timezone.override(amsterdam):
        assert window("week", now) == (now, datetime(2028, 1, 3, tzinfo=amsterdam))
        assert window("month", now)[1] == datetime(2028, 1, 1, tzinfo=amsterdam)
        first, last = window("next_month", now)

    assert (first + timedelta(microseconds=1), last) == (
        datetime(2028, 1, 1, tzinfo=amsterdam),
        datetime(2028, 2, 1, tzinfo=amsterdam),
    )


def test_what_expires_comes_soonest_first_and_what_is_archived_does_not():
    desk = make_desk()
    soon = timezone.now() + timedelta(seconds=30)
    make_coupon(desk, "SECOND", expires_at=(soon + timedelta(seconds=1)).isoformat())
    make_coupon(desk, "FIRST", expires_at=soon.isoformat())
    make_coupon(desk, "SHELVED", expires_at=soon.isoformat(), archived_at="2020-01-01T00:00:00Z")
    make_coupon(desk, "OLD", expires_at="2020-01-01T00:00:00Z")
    make_coupon(desk, "NEVER")

    assert codes(desk, expiring="month") == ["FIRST", "SECOND"]
    assert codes(desk, expiring="never") == ["NEVER"]


@pytest.mark.parametrize(
    ("written", "unit"), [("2027", "year"), ("2027-06", "month"), ("2027-06-15", "day"), ("2027-13", None),
                          ("2027-02-30", None), ("0000", None), ("2027-6", None), ("x", None), ("99999", None), ("", None)],
)  # fmt: skip
def test_a_time_is_written_as_a_year_a_month_or_a_day(written, unit):
    span = span_of(written)

    assert (span and span.unit) == unit
    assert span is None or span.written == written


def test_the_way_down_by_time_leads_only_to_what_is_there():
    desk = make_desk()
    with desk.scope():
        for code, moment in (
            ("A", "2025-12-31T23:30:00Z"),
            ("B", "2026-03-05T12:00:00Z"),
            ("C", "2026-03-06T12:00:00Z"),
        ):
            services.create_coupons(
                desk.organization, [{"code": code, "definition": builders.FIFTEEN_PERCENT, "created_at": moment}],
                actor=builders.TESTER, moment=datetime.now(UTC),
            )  # fmt: skip

    def below(**query: str) -> list[str]:
        return [span.written for span in desk.get(LIST, **query).context["trail"].below]

    assert below() == ["2026"]  # in Amsterdam the year had begun
    assert below(when="2026") == ["2026-01", "2026-03"]
    assert below(when="2026-03") == ["2026-03-05", "2026-03-06"]
    assert codes(desk, when="2026-03-05") == ["B"]
    assert codes(desk, when="2026-01") == ["A"]
    assert len(codes(desk, when="2026-99")) == 3


def test_a_list_costs_the_same_number_of_queries_at_any_length():
    desk = make_desk()
    builders.make_product(desk.organization)
    use(desk, make_coupon(desk, "C0", quota=3))
    desk.get(LIST)
    few = queries(desk, LIST), queries(desk, LIST, state="exhausted", when="2027", q="c")
    for number in range(1, 14):
        builders.make_product(desk.organization, f"House {number}")
        builders.make_season(desk.organization, f"Season {number}")
        use(desk, make_coupon(desk, f"C{number}", quota=number % 3 or None), 1)

    assert (queries(desk, LIST), queries(desk, LIST, state="exhausted", when="2027", q="c")) == few


def queries(desk: Desk, page: str, **query: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert desk.get(page, **query).status_code == 200
    return len(captured)


def test_no_state_is_without_a_colour():
    """Of one that is, the list would show the name that programs read."""
    assert set(STATE_COLOURS) == set(State)


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_state_has_its_colour_in_every_language(language: str):
    desk = make_desk("viewer")
    make_coupon(desk)
    desk.client.cookies.load({settings.LANGUAGE_COOKIE_NAME: language})

    [row] = re.findall(r'<span class="[^"]*bg-green-100[^"]*"[^>]*>\s*(\w+)', desk.get(LIST).content.decode())

    assert row == {"en": "Active", "de": "Aktiv"}[language]
