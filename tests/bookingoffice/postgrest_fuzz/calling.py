"""Calls of functions whose arguments fit, nearly fit, or mean nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from hypothesis import strategies as st

from bookingoffice.api import engine
from tests.bookingoffice.postgrest_fuzz.model import Rows
from tests.bookingoffice.postgrest_fuzz.tampering import JSON, headers
from tests.bookingoffice.postgrest_fuzz.writing import Write

Draw = Callable[[st.SearchStrategy[Any]], Any]

LINE = {"amount_minor": 1000, "type": "rent", "quantity": 2, "tax_minor": 100, "tax_included": True}
CART = {
    "currency": "EUR",
    "lines": [LINE],
    "check_in": "2027-07-01",
    "check_out": "2027-07-08",
    "customer": {"id": "x"},
}


@st.composite
def calls(draw: Draw, rows: Rows) -> Write:
    name = draw(st.sampled_from([*engine.functions, "nope"]))
    function = engine.functions.get(name)
    fitting = {each.name: _values(rows, each.name) for each in function.parameters} if function else {}
    chosen = draw(st.lists(st.sampled_from(sorted(fitting) or ["x"]), unique=True))
    required = [each.name for each in function.parameters if each.required] if function else []
    given = {key: draw(fitting.get(key, JSON)) for key in dict.fromkeys([*required, *chosen])}
    given |= draw(st.dictionaries(st.sampled_from([*fitting, "x"]), JSON, max_size=1))
    if draw(st.booleans()):
        return Write("POST", f"rpc/{name}", "", json.dumps(given), draw(headers()))
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in given.items()}
    return Write("GET", f"rpc/{name}", urlencode(texts, errors="replace"), "", draw(headers()))


def _values(rows: Rows, parameter: str) -> st.SearchStrategy[Any]:
    """What a parameter of that name would be given, or a cart with one thing changed."""
    column = {"coupon_id": ("coupons", "id"), "code": ("coupons", "code"), "booking_id": ("bookings", "id")}.get(
        parameter
    )
    if column:
        return st.sampled_from([row[column[1]] for row in rows[column[0]]])
    return {
        "coupons": st.lists(st.sampled_from([row["code"] for row in rows["coupons"]]), max_size=3),
        "cart": st.dictionaries(st.sampled_from(sorted(CART)), JSON, max_size=1).map(lambda other: {**CART, **other})
        | st.dictionaries(st.sampled_from(sorted(LINE)), JSON, max_size=1).map(
            lambda other: {**CART, "lines": [{**LINE, **other}]}
        ),
        "until": st.just("2999-01-01T00:00:00Z"),
    }.get(parameter, JSON)
