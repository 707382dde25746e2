"""`fixedAmount`: whole minor units, a currency, and how many decimals the sender believes that currency to have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework.exceptions import ErrorDetail, ValidationError

from bookingoffice import money
from coupons.api.fynn.errors import BLANK
from coupons.api.fynn.fields import Strict, whole
from coupons.models import Coupon, Kind

MOST_PLACES: Final = 100
SHAPE: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "amount": {"type": "integer", "minimum": 0},
        "currencyCode": {"type": "string", "enum": sorted(money.EXPONENTS)},
        "precision": {"type": "integer", "minimum": 0},
    },
    "required": ["amount", "currencyCode"],
}

_Faults = dict[str, list[ErrorDetail]]


@extend_schema_field(SHAPE)
class FixedAmount(Strict):
    """In: the amount in the currency's own minor units with its currency. An empty object or list is no amount."""

    default_error_messages = {"not_money": "This value should be an object with amount and currencyCode."}

    def to_internal_value(self, data: Any) -> tuple[int, str] | None:
        if data is None or data in ({}, []):  # null comes this far, since the source is the whole coupon
            return None
        if not isinstance(data, dict):
            self.fail("not_money")
        if faults := _by_property(_flaws(data)):
            raise ValidationError(faults)
        currency: str = data["currencyCode"]
        return _rescaled(data, currency), currency

    def to_representation(self, coupon: Coupon) -> dict[str, Any] | None:
        if coupon.kind != Kind.AMOUNT or coupon.currency is None:
            return None
        precision = money.exponent(coupon.currency)
        return {"amount": coupon.amount_minor, "currencyCode": coupon.currency, "precision": precision}


def _by_property(flaws: Iterator[tuple[str, str, str]]) -> _Faults:
    faults: _Faults = {}
    for name, rule, sentence in flaws:
        faults.setdefault(name, []).append(ErrorDetail(sentence, code=rule))
    return faults


def _flaws(data: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    amount, currency, precision = data.get("amount"), data.get("currencyCode"), data.get("precision")
    places = None if precision is None else whole(precision)
    if amount is None:
        yield "amount", BLANK, "This value should not be blank."
    elif (number := whole(amount)) is None or number < 0:
        yield "amount", "amount_not_minor_units", "An amount is a whole number of minor units, 0 or more."
    if currency is None or currency == "":
        yield "currencyCode", BLANK, "This value should not be blank."
    elif not money.is_currency(currency):
        yield "currencyCode", "unknown_currency", "This is no currency we know; use an upper-case ISO 4217 code."
    if precision is not None and (places is None or not 0 <= places <= MOST_PLACES):
        yield "precision", "precision_out_of_range", f"Choose a whole number from 0 to {MOST_PLACES}."
    elif whole(amount) is not None and money.is_currency(currency):
        yield from _flaws_of_rescaling(data, str(currency))


def _flaws_of_rescaling(data: dict[str, Any], currency: str) -> Iterator[tuple[str, str, str]]:
    minor, rest = _scaled(data, currency)
    if rest:
        places = money.exponent(currency)
        yield "precision", "amount_too_precise", f"{currency} has {places} decimals; the amount has more."
    if minor > money.BIGGEST_MINOR:
        yield "amount", "amount_too_large", "The amount is larger than can be kept."


def _rescaled(data: dict[str, Any], currency: str) -> int:
    return _scaled(data, currency)[0]


def _scaled(data: dict[str, Any], currency: str) -> tuple[int, int]:
    """Minor units of the currency, and what they cannot say: {"amount": 10, "precision": 0} EUR is 1000, 0."""
    places = money.exponent(currency)
    given = places if data.get("precision") is None else whole(data["precision"])
    amount = whole(data["amount"])
    assert given is not None
    assert amount is not None
    more, fewer = max(0, places - given), max(0, given - places)
    return divmod(amount * int(10**more), int(10**fewer))
