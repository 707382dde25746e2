"""How much one coupon takes, and from which lines."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coupons.carts import Line
from coupons.discounts import Remaining, discount, split
from coupons.terms import Targets
from tests.coupons.carts import (
    BOATHOUSE,
    CLEANING,
    COUPONS,
    HELD,
    LINEN,
    LINES,
    SAUNA,
    amount,
    cart,
    excluded,
    included,
    percent,
    terms,
)


def taken(coupon, *lines, **values):
    return discount(coupon, Remaining.of(cart(*lines, **values)))


@pytest.mark.parametrize(
    ("total", "part", "off"),
    [(1995, "18", 359), (1020, "12.5", 128), (1990, "15", 299), (1235, "10", 124), (50, "29", 15), (350, "35", 123)],
)
def test_a_percentage_is_rounded_half_up_once(total, part, off):
    found = taken(percent(part), total)

    assert (found.base_minor, found.taken_minor, found.by_line) == (total, off, (off,))


def test_an_amount_never_takes_more_than_there_is():
    assert taken(amount(500), 400).taken_minor == 400
    assert taken(amount(500), 4000).taken_minor == 500


def test_the_units_left_over_go_to_the_largest_remainders():
    assert taken(amount(1000), 700, 700, 700).by_line == (334, 333, 333)
    assert split(100, [1, 2, 3]) == [17, 33, 50]
    assert split(0, [0, 0]) == [0, 0]


RENT = Line(10000, product_id=BOATHOUSE, tax_minor=2100)
SAUNA_RENT = Line(5000, product_id=SAUNA, tax_minor=500, tax_included=True)
CLEAN = Line(3000, "fee", service_id=CLEANING, tax_minor=630)
SHEETS = Line(1001, "fee", service_id=LINEN)
DEPOSIT = Line(20000, "deposit")
EVERYTHING = (RENT, SAUNA_RENT, CLEAN, SHEETS, DEPOSIT)


@pytest.mark.parametrize(
    ("values", "base", "off"),
    [
        ({"scope": "global"}, 12100 + 5000 + 3630 + 1001, 2173),
        ({"scope": "product", "products": included(SAUNA)}, 12100 + 5000 + 3630 + 1001, 2173),
        ({"scope": "global", "products": excluded(SAUNA)}, 12100 + 3630 + 1001, 1673),
        ({"scope": "rent"}, 10000 + 4500, 1450),
        ({"scope": "rent", "products": included(SAUNA)}, 4500, 450),
        ({"scope": "rent", "products": Targets(included(SAUNA).included, frozenset({SAUNA}))}, 0, 0),
        ({"scope": "service", "services": included(CLEANING, LINEN)}, 4001, 400),
        ({"scope": "service"}, 0, 0),
    ],
)
def test_the_scope_says_what_a_discount_falls_on(values, base, off):
    found = taken(percent("10", **values), *EVERYTHING)

    assert (found.base_minor, found.taken_minor) == (base, off)
    assert found.by_line[-1] == 0


def test_an_amount_off_services_is_taken_once_for_each_and_never_below_zero():
    fees = [Line(price, "fee", service_id=CLEANING) for price in (3000, 1000, 400)]

    found = taken(amount(1000, scope="service", services=included(CLEANING)), *fees)

    assert (found.taken_minor, found.by_line) == (2400, (1000, 1000, 400))


def test_a_percentage_of_services_is_rounded_on_each():
    fees = [Line(50, "fee", service_id=service) for service in (CLEANING, LINEN)]

    assert taken(percent("29", scope="service", services=included(CLEANING, LINEN)), *fees).by_line == (15, 15)


def test_one_use_takes_at_most_so_much_and_never_more_than_the_budget_has():
    assert taken(percent("50", max_discount_minor=1200), 10000).taken_minor == 1200
    assert taken(percent("50", budget_minor=9000, budget_spent_minor=8100), 10000).taken_minor == 900
    assert taken(percent("50", budget_minor=100, budget_spent_minor=300), 10000).taken_minor == 0


def test_a_discount_given_earlier_lowers_the_base_and_is_not_touched():
    found = taken(percent("10"), 10000, Line(-1000))

    assert (found.base_minor, found.taken_minor, found.by_line) == (9000, 900, (900, 0))


def test_a_discount_before_taxes_takes_its_taxes_along_and_one_after_taxes_leaves_them():
    price = Remaining.of(cart(RENT))

    after_rent = price.less(taken(percent("10", scope="rent"), RENT).by_line, before_taxes=True)
    after_total = price.less(taken(percent("10"), RENT).by_line, before_taxes=False)

    assert (after_rent.tax_minor, after_rent.total_minor) == (1890, 10890)
    assert (after_total.tax_minor, after_total.total_minor) == (2100, 10890)


def test_an_expression_takes_nothing():
    assert taken(terms(kind="expression"), 10000).taken_minor == 0


@settings(max_examples=300)
@given(coupons=COUPONS, lines=LINES, held=HELD)
def test_nothing_is_ever_taken_that_is_not_there(coupons, lines, held):
    remaining = Remaining.of(cart(*lines, held=held))
    for coupon in coupons:
        found = discount(coupon, remaining)

        assert 0 <= found.taken_minor <= found.base_minor <= remaining.total_minor
        assert sum(found.by_line) == found.taken_minor
        assert all(type(part) is int and part >= 0 for part in (found.base_minor, found.taken_minor, *found.by_line))
        for place, part in enumerate(found.by_line):
            assert part <= max(0, remaining.payable(place), remaining.net_left(place))
        remaining = remaining.less(found.by_line, before_taxes=coupon.before_taxes)


@settings(max_examples=200)
@given(weights=st.lists(st.integers(0, 10**12), max_size=8), data=st.data())
def test_parts_add_up_and_none_is_more_than_a_unit_off(weights, data):
    whole = sum(weights)
    parts = split(share := data.draw(st.integers(0, whole)), weights)

    assert sum(parts) == share
    for part, weight in zip(parts, weights, strict=True):
        assert part <= weight
        assert abs(Decimal(part) * whole - Decimal(share) * weight) < max(whole, 1)
