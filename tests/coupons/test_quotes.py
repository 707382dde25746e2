"""Several coupons on one cart."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from bookingoffice.database.jsontext import json_text
from coupons.carts import Held, Line
from coupons.quotes import outcomes, quote
from tests.coupons.carts import (
    BOATHOUSE,
    CLEANING,
    COUPONS,
    HELD,
    LINES,
    NOON,
    amount,
    cart,
    included,
    percent,
    terms,
)


def codes(found):
    return [coupon.code for coupon in found.coupons]


def takings(found):
    return {coupon.code: coupon.taken_minor for coupon in found.coupons}


def refused(found):
    return {coupon.code: coupon.reasons for coupon in found.coupons if coupon.reasons}


def test_priority_then_percentages_then_the_oldest_then_the_id():
    oldest, younger = percent("10", 5), percent("10", 6)
    twin = percent("10", 7, created_at=younger.created_at)
    given_order = [amount(100, 1), twin, younger, oldest, amount(100, 2, priority=9), percent("10", 8, priority=-1)]

    assert codes(quote(given_order, cart(10000), NOON)) == ["C2", "C5", "C6", "C7", "C1", "C8"]


def test_each_coupon_sees_what_the_ones_before_it_left():
    found = quote([amount(1000, 1), percent("10", 2), percent("10", 3, min_nights=2)], cart(10000), NOON)

    assert takings(found) == {"C2": 1000, "C3": 0, "C1": 1000}
    assert [coupon.base_minor for coupon in found.coupons] == [10000, 9000, 9000]
    assert (found.before.total_minor, found.after.total_minor, found.taken_minor) == (10000, 8000, 2000)


def test_a_coupon_that_takes_fees_leaves_the_rent_alone():
    lines = Line(10000, product_id=BOATHOUSE), Line(3000, "fee", service_id=CLEANING)
    fees = percent("100", 1, scope="service", services=included(CLEANING))

    found = quote([fees, percent("50", 2, scope="rent"), percent("10", 3)], cart(*lines), NOON)

    assert takings(found) == {"C1": 3000, "C2": 5000, "C3": 500}
    assert found.after.by_line == (4500, 0)


def test_of_two_that_stand_alone_the_first_in_the_stated_order_is_given():
    alone = [percent("10", 1, stackable=False), percent("20", 2, stackable=False, priority=1)]

    assert refused(quote(alone, cart(10000), NOON)) == {"C1": ("not_stackable",)}
    assert refused(quote([percent("5", 3, priority=2), *alone], cart(10000), NOON)) == {
        "C1": ("not_stackable",),
        "C2": ("not_stackable",),
    }


def test_a_refused_coupon_pushes_nothing_out():
    found = quote([percent("10", 1, stackable=False, archived_at=NOON), percent("10", 2)], cart(10000), NOON)

    assert refused(found) == {"C1": ("coupon_archived",)}
    assert takings(found) == {"C1": 0, "C2": 1000}


def test_what_is_on_the_booking_counts():
    beside = Held(percent("10", 9).id, stackable=False, taken_minor=1000)

    assert refused(quote([percent("10", 1)], cart(10000, held=(beside,)), NOON)) == {"C1": ("not_stackable",)}
    there = Held(percent("10", 9).id, taken_minor=1000)
    assert takings(quote([percent("10", 1)], cart(10000, held=(there,)), NOON)) == {"C1": 900}


def test_coupons_one_after_the_other_take_what_they_took_together():
    lines = (Line(10000, tax_minor=2100, id="a"), Line(3333, "fee", service_id=CLEANING, tax_minor=700, id="b"))
    fees = percent("50", 1, scope="service", services=included(CLEANING))
    rest = [percent("7.5", 2, scope="rent"), percent("12.5", 3)]
    together = quote([fees, *rest], cart(*lines), NOON)

    first = together.coupons[0]
    held = Held(fees.id, True, first.taken_minor, True, {"b": first.by_line[1]})
    later = quote(rest, cart(*lines, held=(held,)), NOON)

    assert [coupon.by_line for coupon in later.coupons] == [coupon.by_line for coupon in together.coupons[1:]]
    assert later.after == together.after


def test_automatic_coupons_join_but_push_nothing_out():
    typed = percent("10", 1)
    alone = percent("50", 2, stackable=False, priority=9)
    late = percent("50", 3, archived_at=NOON)

    found = quote([typed], cart(10000), NOON, automatic=[typed, alone, late, percent("20", 4, priority=1)])

    assert [(coupon.code, coupon.automatic) for coupon in found.coupons] == [("C4", True), ("C1", False)]
    assert takings(found) == {"C4": 2000, "C1": 800}
    assert codes(quote([], cart(10000), NOON, automatic=[alone])) == ["C2"]


def test_an_expression_is_refused_in_a_quote_and_recorded_without_an_amount():
    expression = terms(kind="expression", stackable=False)

    assert refused(quote([expression], cart(10000), NOON)) == {"C1": ("expression_not_computable",)}
    recorded = outcomes([expression, percent("10", 2)], cart(10000), NOON).values()
    assert {one.code: one.reasons for one in recorded} == {"C1": ("not_stackable",), "C2": ()}
    [alone] = outcomes([expression], cart(10000), NOON).values()
    assert alone.eligible
    assert not alone.computable


def test_a_coupon_named_twice_is_taken_once():
    assert takings(quote([percent("10"), percent("10")], cart(10000), NOON)) == {"C1": 1000}


def test_a_quote_explains_itself():
    found = quote([percent("12.5", 1, max_discount_minor=100), amount(500, 2, archived_at=NOON)], cart(1020), NOON)

    assert [coupon.explanation for coupon in found.coupons] == [
        "12.5 % off the total after taxes (10.2 EUR) takes 1 EUR, the most that one use may take.",
        "This coupon has been archived.",
    ]


def test_which_line_the_odd_unit_falls_on_does_not_hang_on_where_it_stands():
    rent, fee = Line(50), Line(50, "fee")
    coupons = [amount(1, 1, priority=1), percent("50", 2, scope="rent")]

    one, other = (quote(coupons, cart(*lines), NOON) for lines in ((rent, fee), (fee, rent)))

    assert takings(one) == takings(other)
    assert one.after.by_line == tuple(reversed(other.after.by_line))


def test_a_quote_can_be_told_as_json():
    told = quote([percent("10")], cart(1000, 500), NOON).told()

    assert json.loads(json_text(told)) == {
        "currency": "EUR",
        "taken_minor": 150,
        "coupons": [
            {
                "coupon_id": "00000000-0000-0000-0000-000000000001",
                "code": "C1",
                "reasons": [],
                "base_minor": 1500,
                "taken_minor": 150,
                "by_line": [100, 50],
                "automatic": False,
                "computable": True,
                "explanation": "10 % off the total after taxes (15 EUR) takes 1.5 EUR.",
                "eligible": True,
            }
        ],
        "before": {"total_minor": 1500, "tax_minor": 0, "by_line": [1000, 500]},
        "after": {"total_minor": 1350, "tax_minor": 0, "by_line": [900, 450]},
    }


@settings(max_examples=300)
@given(coupons=COUPONS, lines=LINES, held=HELD, data=st.data())
def test_neither_the_order_of_typing_nor_that_of_the_lines_changes_a_total(coupons, lines, held, data):
    found = quote(coupons, cart(*lines, held=held), NOON)
    shuffled = cart(*data.draw(st.permutations(lines)), held=held)
    again = quote(data.draw(st.permutations(coupons)), shuffled, NOON)

    assert [(one.coupon_id, one.reasons, one.base_minor, one.taken_minor) for one in found.coupons] == [
        (one.coupon_id, one.reasons, one.base_minor, one.taken_minor) for one in again.coupons
    ]
    assert (found.after.total_minor, found.after.tax_minor) == (again.after.total_minor, again.after.tax_minor)


@settings(max_examples=300)
@given(coupons=COUPONS, lines=LINES, held=HELD)
def test_the_parts_of_a_quote_add_up(coupons, lines, held):
    found = quote(coupons, cart(*lines, held=held), NOON)

    assert found.taken_minor == sum(sum(coupon.by_line) for coupon in found.coupons)
    assert 0 <= found.after.total_minor <= found.before.total_minor
    relief = found.before.tax_minor - found.after.tax_minor
    assert relief >= 0
    assert found.before.total_minor - found.taken_minor - relief <= found.after.total_minor
    for coupon in found.coupons:
        assert 0 <= coupon.taken_minor <= coupon.base_minor
        assert coupon.eligible or coupon.taken_minor == 0
        assert all(type(part) is int for part in coupon.by_line)
