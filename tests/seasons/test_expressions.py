from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given

from seasons.expressions import HINTS, expression_of, intervals_of, slots_of, value_faults
from tests.seasons.builders import SUMMER, expression, expressions

JANUARY = {"month": 0, "day": 1}


def found(value):
    return sorted((fault.code, fault.path) for fault in value_faults(value))


def with_interval(**sides):
    return {"type": "recurring-date-range", "intervals": [{"min": JANUARY, "max": JANUARY} | sides]}


@pytest.mark.parametrize("value", [5, True, "summer", [], Decimal("5.0"), 5.0])
def test_only_an_object_or_null_is_a_value(value):
    assert found(value) == [("not_object", "")]
    assert found(None) == []


@pytest.mark.parametrize(
    ("value", "faults"),
    [
        ({"type": None, "intervals": []}, [("unknown_type", "type")]),
        ({"type": ["recurring-date-range"], "intervals": []}, [("unknown_type", "type")]),
        ({"type": "recurring-date-range"}, [("missing_intervals", "intervals")]),
        ({"type": "recurring-date-range", "intervals": None}, [("intervals_not_list", "intervals")]),
        (
            {"type": "recurring-date-range", "intervals": {}, "x": 1},
            [("intervals_not_list", "intervals"), ("unknown_key", "x")],
        ),
        ({"type": "recurring-date-range", "intervals": [5] * 367}, [("too_many_intervals", "intervals")]),
        ({"type": "recurring-date-range", "intervals": [None]}, [("interval_not_object", "intervals[0]")]),
        (
            {"type": "recurring-date-range", "intervals": [{"min": JANUARY, "max": JANUARY}, {}]},
            [("missing_max", "intervals[1].max"), ("missing_min", "intervals[1].min")],
        ),
        (with_interval(min=None), [("month_day_not_object", "intervals[0].min")]),
        (with_interval(year=2026), [("unknown_key", "intervals[0].year")]),
        (with_interval(max=JANUARY | {"year": 2026}), [("unknown_key", "intervals[0].max.year")]),
        (
            with_interval(min={}),
            [("day_not_integer", "intervals[0].min.day"), ("month_not_integer", "intervals[0].min.month")],
        ),
        (
            with_interval(max={"month": 12, "day": 32}),
            [("day_out_of_range", "intervals[0].max.day"), ("month_out_of_range", "intervals[0].max.month")],
        ),
        (with_interval(max={"month": 12, "day": 31}), [("month_out_of_range", "intervals[0].max.month")]),
        (with_interval(max={"month": "1", "day": 31}), [("month_not_integer", "intervals[0].max.month")]),
        (with_interval(max={"month": 1, "day": 29}), []),
        (with_interval(max={"month": 3, "day": 31}), [("day_out_of_range", "intervals[0].max.day")]),
        (with_interval(max={"month": 3, "day": 0}), [("day_out_of_range", "intervals[0].max.day")]),
    ],
)
def test_every_fault_is_named_with_its_path(value, faults):
    assert found(value) == faults


def test_as_many_intervals_as_days_are_legal():
    assert found({"type": "recurring-date-range", "intervals": [{"min": JANUARY, "max": JANUARY}] * 366}) == []


@pytest.mark.parametrize(
    "number", [True, False, None, "5", [5], {}, 5.0, 5.5, Decimal("5.0"), Decimal("5.5"), Decimal("NaN")]
)
def test_what_is_no_whole_number_without_a_point_is_refused(number):
    assert found(with_interval(min={"month": number, "day": 1})) == [("month_not_integer", "intervals[0].min.month")]
    assert found(with_interval(min={"month": 0, "day": number})) == [("day_not_integer", "intervals[0].min.day")]


def test_a_number_in_powers_of_ten_is_whole_as_the_database_reads_it():
    value = with_interval(min={"month": Decimal("5e0"), "day": Decimal("1E+1")})

    assert found(value) == []
    assert intervals_of(value)[0].first == (5, 10)
    assert found(with_interval(min={"month": Decimal("1E+999999"), "day": 1})) == [
        ("month_out_of_range", "intervals[0].min.month")
    ]


def test_faults_carry_field_row_and_a_sentence():
    [fault] = value_faults(with_interval(min={"month": 12, "day": 1}), row=4)

    assert (fault.field, fault.row, fault.message) == ("value", 4, "The month goes from 0 to 11.")
    assert "count from 0" in HINTS[fault.code]


def test_neither_null_nor_an_empty_list_has_days():
    assert slots_of(None) == slots_of(expression()) == slots_of({"type": "recurring-date-range", "intervals": []})
    assert slots_of(None).spans == ()


@given(expressions)
def test_tidying_keeps_the_days_and_is_done_once(value):
    tidy = expression_of(slots_of(value))

    assert value_faults(tidy) == []
    assert slots_of(tidy) == slots_of(value)
    assert expression_of(slots_of(tidy)) == tidy


def test_the_tidy_form_is_the_wire_shape():
    assert expression_of(slots_of(expression(SUMMER, SUMMER))) == expression(SUMMER)
