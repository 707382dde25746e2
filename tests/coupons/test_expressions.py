from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookingoffice import money
from coupons.expressions import Value, definition_faults, definition_of, reduce_definition

currencies = st.sampled_from(sorted(money.EXPONENTS))
percents = st.decimals(0, 100, places=4)


def relative(value, **more):
    return {"type": "relative", "restrictions": [], "value": value} | more


def absolute(*amounts, **more):
    variants = [{"value": amount, "period": None, "occupancy_group_id": None} | more for amount in amounts]
    return {"type": "absolute", "restrictions": [], "value": variants}


def found(definition, currency="EUR"):
    return [(fault.code, fault.path) for fault in definition_faults(definition, currency)]


@given(st.integers(0, money.BIGGEST_MINOR), currencies)
def test_every_amount_is_written_and_read_back(amount_minor, currency):
    definition = definition_of("amount", amount_minor, currency)

    assert definition_faults(definition, currency) == []
    assert reduce_definition(definition, currency) == Value("amount", amount_minor, currency)


@given(percents)
def test_every_percentage_is_written_and_read_back(percent):
    definition = definition_of("percent", percent=percent)

    assert definition_faults(definition, "EUR") == []
    assert reduce_definition(definition, "EUR") == Value("percent", percent=percent)


def test_definitions_are_written_as_published():
    assert definition_of("percent", percent=Decimal("15.0000")) == relative(-15)
    assert definition_of("percent", percent=Decimal("7.5000")) == relative(Decimal("-7.5"))
    assert definition_of("amount", 1250, "EUR") == absolute(Decimal("12.5"))
    assert definition_of("amount", 2000, "EUR") == absolute(20)
    assert definition_of("amount", 10, "JPY") == absolute(10)
    assert json.dumps(definition_of("percent", percent=Decimal("-0.0000"))["value"]) == "0"


@pytest.mark.parametrize("given", [("expression",), ("percent",), ("amount", 5, None), ("amount", None, "EUR")])
def test_nothing_is_made_up_for_what_has_no_value(given):
    with pytest.raises(ValueError, match="no definition"):
        definition_of(*given)


@pytest.mark.parametrize(
    "definition",
    [
        relative(5),
        relative(Decimal("0.0001")),
        relative(-101),
        relative(Decimal("-100.0001")),
        relative(Decimal("-7.12345")),
        relative(-15, restrictions=[{"min_nights": 3}]),
        relative(-15, note="x"),
        absolute(5, 6),
        absolute(5, period="weekly"),
        absolute(5, occupancy_group_id="2f"),
        absolute(5, note="x"),
        absolute(5) | {"restrictions": [1]},
        {"type": "split", "parts": [1]},
        {"type": "split"},
    ],
)
def test_what_says_more_than_one_number_is_kept_as_an_expression(definition):
    assert found(definition) == []
    assert reduce_definition(definition, "EUR") == Value("expression")


@pytest.mark.parametrize(
    ("definition", "value"),
    [
        (relative(-15), Value("percent", percent=Decimal(15))),
        (relative(Decimal("-15.00000")), Value("percent", percent=Decimal(15))),
        (relative(0), Value("percent", percent=Decimal(0))),
        (relative(-100), Value("percent", percent=Decimal(100))),
        (absolute(Decimal("12.50")), Value("amount", 1250, "EUR")),
        (absolute(0), Value("amount", 0, "EUR")),
        ({"type": "relative", "value": -15}, Value("percent", percent=Decimal(15))),
        ({"type": "absolute", "value": [{"value": 5}]}, Value("amount", 500, "EUR")),
    ],
)
def test_one_number_is_an_amount_or_a_percentage(definition, value):
    assert found(definition) == []
    assert reduce_definition(definition, "EUR") == value


@pytest.mark.parametrize(
    ("definition", "faults"),
    [
        (None, [("definition_not_object", "")]),
        ([], [("definition_not_object", "")]),
        (-15, [("definition_not_object", "")]),
        ({}, [("missing_type", "type")]),
        ({"type": None}, [("type_not_string", "type")]),
        ({"type": ["relative"], "value": -15}, [("type_not_string", "type")]),
        ({"type": "relative"}, [("missing_value", "value")]),
        (relative("-15"), [("value_not_number", "value")]),
        (relative(None), [("value_not_number", "value")]),
        (relative(True), [("value_not_number", "value")]),
        (relative([{"value": -15}]), [("value_not_number", "value")]),
        (relative(-15, restrictions=None), [("restrictions_not_list", "restrictions")]),
        (relative("x", restrictions={}), [("restrictions_not_list", "restrictions"), ("value_not_number", "value")]),
        (absolute() | {"value": 5}, [("value_not_list", "value")]),
        (absolute(), [("no_variants", "value")]),
        (absolute() | {"value": [5, {}]}, [("variant_not_object", "value[0]"), ("missing_value", "value[1].value")]),
        (absolute("5"), [("value_not_number", "value[0].value")]),
        (absolute(False), [("value_not_number", "value[0].value")]),
        (absolute(-5), [("amount_negative", "value[0].value")]),
        (absolute(5, Decimal("12.345")), [("amount_too_precise", "value[1].value")]),
        (
            absolute(Decimal("-12.345")),
            [("amount_negative", "value[0].value"), ("amount_too_precise", "value[0].value")],
        ),
        (absolute(Decimal("92233720368547758.08")), [("amount_too_large", "value[0].value")]),
        (absolute(Decimal("1E+999999")), [("amount_too_large", "value[0].value")]),
    ],
)
def test_every_fault_of_a_published_shape_is_named_with_its_path(definition, faults):
    assert found(definition) == faults


def test_decimals_are_those_of_the_currency():
    assert found(absolute(Decimal("10.5")), "JPY") == [("amount_too_precise", "value[0].value")]
    assert found(absolute(Decimal("1.235")), "KWD") == []
    assert reduce_definition(absolute(Decimal("1.235")), "KWD") == Value("amount", 1235, "KWD")


@pytest.mark.parametrize("definition", [relative(-7.5), absolute(12.5)])
def test_a_float_is_a_programming_error(definition):
    with pytest.raises(TypeError):
        definition_faults(definition, "EUR")
