"""Every reason against a coupon, and that what nobody knows refuses only where a limit asks for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given

from coupons.carts import Cart, Customer, Line
from coupons.eligibility import reasons_against
from coupons.reasons import SENTENCES
from coupons.terms import Targets
from tests.coupons.carts import (
    ANN,
    BOATHOUSE,
    CLEANING,
    COUPONS,
    LINES,
    MONTHLY,
    NOON,
    SAUNA,
    amount,
    cart,
    excluded,
    included,
    stay,
    terms,
)

A_SECOND = timedelta(seconds=1)
RENTED = Line(10000, product_id=BOATHOUSE)
CLEANED = Line(3000, "fee", service_id=CLEANING)
JUNE = {"stay_from": date(2027, 6, 1), "stay_until": date(2027, 6, 30)}
WEEK = stay("2027-06-12", "2027-06-19", booked_on=date(2027, 6, 2))  # from a Saturday
KNOWN = cart(customer=Customer(bookings_before=1))
ALWAYS = {"repeat": "forever"}


def against(judged=None, **values):
    return reasons_against(terms(**values), cart(RENTED, CLEANED) if judged is None else judged, NOON)


def test_a_coupon_without_limits_asks_for_no_fact():
    assert reasons_against(terms(), Cart(), NOON) == ()
    assert reasons_against(terms(scope="rent"), Cart(), NOON) == ()


@pytest.mark.parametrize(
    ("reason", "refusing", "allowing"),
    [
        ("coupon_deleted", {"deleted_at": NOON}, {}),
        ("coupon_archived", {"archived_at": NOON}, {}),
        ("coupon_not_started", {"valid_from": NOON + A_SECOND}, {"valid_from": NOON}),
        ("coupon_expired", {"expires_at": NOON}, {"expires_at": NOON + A_SECOND}),
        ("quota_reached", {"quota": 2, "live_uses": 2}, {"quota": 2, "live_uses": 1}),
        ("quota_reached", {"quota": 0}, {}),
        ("already_used_on_booking", {"own_use": "redeemed"}, {"own_use": "reserved"}),
        ("budget_exhausted", {"budget_minor": 500, "budget_spent_minor": 500}, {"budget_minor": 500, "budget_spent_minor": 499}),
        ("below_minimum_spend", {"min_spend_minor": 13001}, {"min_spend_minor": 13000}),
        ("currency_mismatch", {"kind": "amount", "amount_minor": 1, "currency": "USD"}, {"currency": "USD"}),
        ("currency_mismatch", {"max_discount_minor": 1, "limit_currency": "USD"}, {"limit_currency": "USD"}),
        ("product_not_eligible", {"scope": "product"}, {"scope": "product", "products": included(BOATHOUSE)}),
        ("product_not_eligible", {"scope": "rent", "products": included(SAUNA)}, {"scope": "global", "products": included(SAUNA)}),
        ("product_not_eligible", {"products": excluded(BOATHOUSE)}, {"products": excluded(SAUNA)}),
        ("service_not_eligible", {"scope": "service"}, {"scope": "service", "services": included(CLEANING)}),
    ],
)  # fmt: skip
def test_each_reason_has_its_limit(reason, refusing, allowing):
    assert against(**refusing) == (reason,)
    assert against(**allowing) == ()


@pytest.mark.parametrize(
    ("reason", "values", "near", "right"),
    [
        ("customer_limit_reached", {"max_per_customer": 1}, cart(), cart(customer=ANN)),
        ("customer_limit_reached", {"max_per_customer": 1, "customer_uses": 1}, cart(customer=ANN), None),
        ("new_customers_only", {"invitee_mode": "new_users"}, KNOWN, cart(customer=ANN)),
        ("existing_customers_only", {"invitee_mode": "existing_users"}, cart(customer=ANN), KNOWN),
        ("first_payment_only", {"renewal_constraint": "first_payment", **ALWAYS}, cart(period_number=2), cart(period_number=1)),
        ("renewals_only", {"renewal_constraint": "renewals", **ALWAYS}, cart(period_number=1), None),
        ("plan_not_eligible", {"plan_scope": "specific"}, cart(plan_id=MONTHLY), None),
        ("plan_not_eligible", {"plans": included(MONTHLY)}, cart(plan_id=SAUNA), cart(plan_id=MONTHLY)),
        ("plan_not_eligible", {"plans": excluded(MONTHLY)}, cart(plan_id=MONTHLY), cart(Line(1, plan_id=SAUNA))),
        ("stay_too_short", {"min_nights": 8}, WEEK, stay("2027-06-12", "2027-06-20")),
        ("stay_too_long", {"max_nights": 6}, WEEK, stay("2027-06-12", "2027-06-18")),
        ("outside_stay_dates", JUNE, stay("2027-05-31", "2027-06-05"), stay("2027-06-01", "2027-07-01")),
        ("outside_stay_dates", JUNE, stay("2027-06-01", "2027-07-02"), None),
        ("blackout_date", {"blackout_dates": (date(2027, 6, 18),)}, WEEK, stay("2027-06-12", "2027-06-18")),
        ("arrival_weekday", {"arrival_weekdays": (5, 7)}, WEEK, stay("2027-06-13", "2027-06-15")),
        ("lead_time", {"min_lead_days": 11}, WEEK, replace(WEEK, booked_on=date(2027, 6, 1))),
        ("lead_time", {"max_lead_days": 9}, WEEK, replace(WEEK, booked_on=date(2027, 6, 3))),
        ("outside_season", {"season_ids": (SAUNA,), "in_season": False}, WEEK, None),
    ],
)  # fmt: skip
def test_facts_of_stay_and_customer_are_held_against_the_limit(reason, values, near, right):
    assert against(near, **values) == (reason,)
    assert reason in against(Cart(currency="EUR"), **values)
    if right is not None:
        assert against(right, **values) == ()


def test_nights_in_season_and_renewals_pass():
    assert against(WEEK, season_ids=(SAUNA,), in_season=True) == ()
    assert against(cart(period_number=2), renewal_constraint="renewals", repeat="forever") == ()


@pytest.mark.parametrize(
    ("repeat", "reached"),
    [({"repeat": "once"}, 1), ({"repeat": "limited", "repeat_count": 3}, 3), ({"repeat": "forever"}, 4)],
)
def test_a_coupon_reaches_so_many_periods(repeat, reached):
    periods = [number for number in (1, 2, 3, 4) if not against(cart(period_number=number), **repeat)]

    assert periods == list(range(1, reached + 1))


def test_a_hold_of_ones_own_has_been_granted_but_must_still_suit_the_cart():
    granted = {"archived_at": NOON, "expires_at": NOON, "quota": 0, "max_per_customer": 0, "budget_minor": 0}

    assert against(own_use="reserved", **granted) == ()
    assert against(own_use="reserved", min_nights=3, **granted) == ("stay_too_short",)


def test_a_day_visit_is_on_its_day_of_arrival():
    visit = stay("2027-06-30", "2027-06-30")

    assert against(visit, **JUNE) == ()
    assert against(visit, blackout_dates=(date(2027, 6, 30),), min_nights=1) == ("stay_too_short", "blackout_date")


def test_one_product_that_fits_is_enough_and_exclusion_wins():
    both = cart(RENTED, Line(5000, product_id=SAUNA))

    assert against(both, scope="product", products=included(SAUNA)) == ()
    assert against(both, products=excluded(SAUNA)) == ()
    assert against(both, scope="product", products=Targets(frozenset({SAUNA}), frozenset({SAUNA}))) == (
        "product_not_eligible",
    )


def test_every_reason_is_told_in_one_order():
    hopeless = amount(100, currency="USD", archived_at=NOON, expires_at=NOON, quota=0, max_per_customer=1, min_nights=2)
    hopeless = replace(hopeless, own_use=None, scope="product", products=excluded(UUID(int=9)))

    assert reasons_against(hopeless, cart(), NOON) == (
        "coupon_archived",
        "coupon_expired",
        "quota_reached",
        "customer_limit_reached",
        "product_not_eligible",
        "currency_mismatch",
        "stay_too_short",
    )


@given(coupons=COUPONS, lines=LINES)
def test_reasons_are_known_codes_and_the_order_of_lines_is_nothing_to_them(coupons, lines):
    for coupon in coupons:
        found = reasons_against(coupon, cart(*lines), NOON)

        assert set(found) <= set(SENTENCES)
        assert found == reasons_against(coupon, cart(*reversed(lines)), NOON)
