"""A coupon reads back whole: every column that limits it is in the sentence, in the reader's own spelling."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from bookingoffice.database.scope import tenant_scope
from coupons import services
from coupons.models import Coupon
from coupons.sentence import sentence
from coupons.services.reading import sentences
from coupons.terms import Terms
from coupons.wording import SPACE
from tests import builders
from tests.coupons.carts import BOATHOUSE, CLEANING, MONTHLY, NOON, SAUNA, amount, excluded, included, percent, terms

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SUMMER = SAUNA
NAMES = {BOATHOUSE: "Boathouse", SAUNA: "Sauna", CLEANING: "Cleaning", MONTHLY: "Monthly"}


def read(one: Terms) -> str:
    return sentence(one, NAMES, AMSTERDAM).replace(SPACE, " ")


def test_the_whole_of_an_ordinary_coupon():
    one = percent(
        "20",
        scope="rent",
        min_nights=3,
        stay_from=date(2027, 6, 1),
        stay_until=date(2027, 8, 31),
        quota=40,
        live_uses=28,
        max_per_customer=1,
        stackable=False,
    )

    assert read(one) == (
        "20 % off rent, for stays of 3 nights or more between 1 Jun 2027 and 31 Aug 2027, 40 uses, 12 left,"
        " once per guest, not with other coupons."
    )


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (percent("12.5"), "12.5 % off the whole booking"),
        (amount(2500), "25 EUR off"),
        (amount(123450), "1,234.50 EUR off"),
        (amount(500, currency="JPY"), "500 JPY off"),
        (terms(kind="expression"), "A discount that only its expression tells, on the whole booking"),
        (terms(kind="amount", currency="EUR"), "… off"),
        (percent("5", scope="product", products=included(BOATHOUSE, SAUNA)), "bookings of Boathouse or Sauna"),
        (percent("5", scope="product"), "none is chosen yet"),
        (percent("5", scope="service", services=included(CLEANING)), "off fees for Cleaning"),
        (percent("5", scope="rent", products=included(BOATHOUSE)), "off the rent of Boathouse"),
        (percent("5", products=excluded(SAUNA)), "not for Sauna"),
        (percent("5", plan_scope="specific", plans=included(MONTHLY)), "on the plan Monthly"),
        (percent("5", min_nights=2, max_nights=2), "for stays of 2 nights,"),
        (percent("5", max_nights=1), "for stays of at most 1 night,"),
        (percent("5", min_nights=2, max_nights=7), "for stays of 2 to 7 nights,"),
        (percent("5", stay_until=date(2027, 8, 31)), "for stays until 31 Aug 2027"),
        (percent("5", season_ids=(SUMMER,)), "every night in Sauna"),
        (percent("5", blackout_dates=tuple(date(2027, 12, day) for day in range(1, 7))),
         "not on 1 Dec 2027, 2 Dec 2027, 3 Dec 2027 or 3 more"),
        (percent("5", arrival_weekdays=(7, 1, 2, 3, 5)), "arriving on Monday, Tuesday, Wednesday, Friday or Sunday"),
        (percent("5", min_lead_days=14), "booked at least 14 days ahead"),
        (percent("5", min_lead_days=0, max_lead_days=1), "booked 0 to 1 day ahead"),
        (percent("5", min_spend_minor=10000), "for bookings of 100 EUR or more"),
        (percent("5", repeat="limited", repeat_count=3, repeat_unit="months"), "for 3 months"),
        (percent("5", budget_minor=100000, budget_spent_minor=75050), "at most 1,000 EUR in all, 249.50 EUR left"),
        (percent("5", batch_quota=500, batch_uses=1), "500 uses with its whole batch, 499 left"),
        (percent("5", max_per_customer=2), "2 times per guest"),
        (percent("5", expires_at=datetime(2027, 8, 31, 21, 59, 59, tzinfo=UTC)), "valid until 31 Aug 2027,"),
        (percent("5", valid_from=datetime(2027, 5, 31, 22, tzinfo=UTC)), "valid from 1 Jun 2027 on"),
        (percent("5", expires_at=datetime(2027, 8, 31, 10, tzinfo=UTC)), "valid until 31 Aug 2027, 12:00"),
        (percent("5", expires_at=datetime.max.replace(tzinfo=UTC)), "valid until 31 Dec 9999"),
    ],
)  # fmt: skip
def test_what_limits_it_is_told(one, words):
    assert words in read(one)


OTHERWISE = {
    "kind": "expression", "percent": Decimal(20), "scope": "rent", "stackable": False, "priority": 3, "auto_apply": True,
    "deleted_at": NOON, "archived_at": NOON, "valid_from": NOON, "expires_at": NOON, "quota": 40, "max_per_customer": 2,
    "max_discount_minor": 100, "budget_minor": 100, "min_spend_minor": 100, "repeat": "forever",
    "products": excluded(SAUNA), "services": excluded(CLEANING), "plans": included(MONTHLY), "plan_scope": "specific",
    "invitee_mode": "new_users", "renewal_constraint": "renewals", "min_nights": 2, "max_nights": 9,
    "season_ids": (SUMMER,), "stay_from": date(2027, 6, 1), "stay_until": date(2027, 6, 1),
    "blackout_dates": (date(2027, 6, 1),), "arrival_weekdays": (1,), "min_lead_days": 1, "max_lead_days": 1,
    "batch_quota": 3,
}  # fmt: skip
TOGETHER = {
    "amount_minor": (amount(1), {"amount_minor": 2}),
    "currency": (amount(1), {"currency": "JPY"}),
    "limit_currency": (percent("5", budget_minor=100), {"limit_currency": "JPY"}),
    "repeat_count": (percent("5", repeat="limited", repeat_count=2), {"repeat_count": 3}),
    "repeat_unit": (percent("5", repeat="limited", repeat_count=2), {"repeat_unit": "weeks"}),
    "live_uses": (percent("5", quota=2), {"live_uses": 1}),
    "batch_uses": (percent("5", batch_quota=2), {"batch_uses": 1}),
    "budget_spent_minor": (percent("5", budget_minor=100), {"budget_spent_minor": 1}),
}
OF_ONE_BOOKING = {"customer_uses", "own_use", "in_season"}
NO_LIMIT = {"id", "created_at", "code"}


@pytest.mark.parametrize("name", sorted({field.name for field in fields(Terms)} - NO_LIMIT - OF_ONE_BOOKING))
def test_every_column_that_limits_a_coupon_changes_the_sentence(name):
    plain, changes = TOGETHER.get(name) or (percent("5"), {name: OTHERWISE[name]})

    assert read(replace(plain, **changes)) != read(plain)


def test_numbers_and_days_are_in_the_readers_spelling():
    one = percent("12.5", budget_minor=123450, stay_from=NOON.date())

    with translation.override("de"):
        told = read(one)

    assert "12,5 %" in told
    assert "1.234,50 EUR" in told
    assert "15. Jun" in told


@pytest.mark.django_db
def test_many_coupons_are_read_back_in_the_same_few_statements():
    organization = builders.make_organization(timezone="Europe/Amsterdam")
    season = builders.make_season(organization)

    def told(number: int) -> tuple[int, dict[UUID, str]]:
        product = builders.make_product(organization, f"House {number}")
        coupon = builders.make_coupon(organization, f"C{number}", scope="product", quota=9, season_ids=[season.pk])
        builders.make_use(organization, builders.make_coupon(organization, f"U{number}", quota=2))
        with tenant_scope(organization.pk):
            link = {"coupon_id": coupon.pk, "product_id": product.pk}
            services.add_targets(organization, "product", [link], actor=builders.TESTER, moment=NOON)
            ids = [row.pk for row in Coupon.objects.of(organization.pk)]
            with CaptureQueriesContext(connection) as captured:
                found = sentences(organization, ids, moment=NOON + timedelta(days=1))
        return len(captured), found

    few, _ = told(1)
    for number in range(2, 8):
        many, found = told(number)

    assert many == few == 3
    assert f"15{SPACE}% off the whole booking, 2 uses, 1 left." in found.values()
    assert f"15{SPACE}% off bookings of House 7, every night in Summer, 9 uses." in found.values()
