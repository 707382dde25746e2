"""Builders and strategies for the pure rules: a test names only what it is about."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from coupons.carts import Cart, Customer, Held, Line
from coupons.terms import Targets, Terms

NOON = datetime(2027, 6, 15, 12, tzinfo=UTC)
BOATHOUSE, SAUNA, CLEANING, LINEN, MONTHLY = (UUID(int=number) for number in range(1, 6))
ANN = Customer(key="email:ann@example.org", bookings_before=0)


def terms(number: int = 1, **values: Any) -> Terms:
    """15 % off everything unless said otherwise; a greater number is a younger coupon."""
    if values.get("kind", "percent") == "percent":
        values.setdefault("percent", Decimal(15))
    if values.get("kind") == "amount":
        values.setdefault("currency", "EUR")
    made = NOON - timedelta(days=100 - number)
    return Terms(id=UUID(int=number), **{"created_at": made, "code": f"C{number}", "limit_currency": "EUR", **values})


def percent(text: str, number: int = 1, **values: Any) -> Terms:
    return terms(number, percent=Decimal(text), **values)


def amount(minor: int, number: int = 1, **values: Any) -> Terms:
    return terms(number, kind="amount", amount_minor=minor, **values)


def cart(*lines: Line | int, **values: Any) -> Cart:
    """A bare number is a rent line of that amount."""
    priced = tuple(line if isinstance(line, Line) else Line(line) for line in lines)
    return Cart(lines=priced, **{"currency": "EUR", **values})


def stay(check_in: str, check_out: str, **values: Any) -> Cart:
    return cart(10000, check_in=date.fromisoformat(check_in), check_out=date.fromisoformat(check_out), **values)


def included(*ids: UUID) -> Targets:
    return Targets(included=frozenset(ids))


def excluded(*ids: UUID) -> Targets:
    return Targets(excluded=frozenset(ids))


_ids = st.sampled_from([None, BOATHOUSE, SAUNA])
_services = st.sampled_from([None, CLEANING, LINEN])
_targets = st.builds(
    Targets,
    included=st.frozensets(st.sampled_from([BOATHOUSE, SAUNA, CLEANING, LINEN]), max_size=3),
    excluded=st.frozensets(st.sampled_from([SAUNA, LINEN]), max_size=1),
)
_small = st.none() | st.integers(0, 3000)

LINES = st.lists(
    st.builds(
        Line,
        amount_minor=st.integers(-300, 20000) | st.sampled_from([1000, 1001]),
        type=st.sampled_from(["rent", "fee", "deposit"]),
        product_id=_ids,
        service_id=_services,
        tax_minor=st.integers(0, 2000),
        tax_included=st.booleans(),
    ),
    max_size=5,
)

COUPONS = st.lists(
    st.builds(
        Terms,
        id=st.uuids(),
        created_at=st.sampled_from([NOON - timedelta(days=days) for days in (1, 2)]),
        kind=st.sampled_from(["amount", "percent"]),
        amount_minor=st.integers(0, 15000),
        currency=st.just("EUR"),
        percent=st.decimals(0, 100, places=4),
        scope=st.sampled_from(["global", "product", "service", "rent"]),
        stackable=st.sampled_from([True, True, True, False]),
        priority=st.integers(0, 2),
        products=_targets,
        services=_targets,
        max_discount_minor=_small,
        budget_minor=_small,
        budget_spent_minor=st.integers(0, 100),
        limit_currency=st.just("EUR"),
    ),
    max_size=4,
    unique_by=lambda one: one.id,
)

HELD = st.lists(
    st.builds(
        Held,
        coupon_id=st.uuids(),
        taken_minor=st.integers(0, 5000),
        before_taxes=st.booleans(),
    ),
    max_size=2,
).map(tuple)
