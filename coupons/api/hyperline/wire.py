"""The coupon on the wire, in and out. A copied field list is a contract, not a duplicate."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Final

from rest_framework import serializers

from bookingoffice.accounts.deadlines import deadline
from bookingoffice.errors import RuleViolation
from bookingoffice.money import BIGGEST_MINOR, LONG_LISTED, plain
from coupons.api.hyperline.fields import Choice, Expiration, Percentage, Text, TextList, Whole
from coupons.models import Coupon, Kind, Repeat, RepeatUnit

BIGGEST_COUNT: Final = 2**31 - 1
TYPES: Final = ("amount", "percent")
FORMS: Final = {"amount": ("discount_amount", "currency"), "percent": ("discount_percent",)}
"""Which keys say what a coupon of each type is worth."""
NULLABLE: Final = ("description", "expiration_date", "redemption_limit")
REPEATS: Final = {"once": Repeat.ONCE, "forever": Repeat.FOREVER, "duration": Repeat.LIMITED}
PERIODS: Final = ("days", "weeks", "months", "years")

Shown = Coupon | SimpleNamespace
"""A coupon of `projection.visible`, or its values."""


class Duration(serializers.Serializer[Any]):
    expected = "object"

    count = Whole(least=1, most=BIGGEST_COUNT)
    period = Choice(choices=PERIODS)


class CouponIn(serializers.Serializer[Any]):
    """What POST and PUT take; which keys must be there, `reading` knows. Other keys are ignored."""

    name = Text()
    description = Text(allow_null=True)
    expiration_date = Expiration(allow_null=True)
    redemption_limit = Whole(least=0, most=BIGGEST_COUNT, allow_null=True)
    type = Choice(choices=TYPES)
    discount_amount = Whole(least=0, most=BIGGEST_MINOR, of=" of minor units", required=False)
    currency = Choice(choices=list(LONG_LISTED), required=False)
    discount_percent = Percentage(min_value=0, max_value=100, required=False)
    product_ids = TextList(allow_null=True, required=False)
    repeat = Choice(choices=list(REPEATS), required=False)
    duration = Duration(allow_null=True, required=False)


def coupon_out(coupon: Shown, zone: tzinfo) -> dict[str, Any]:
    """A coupon of `projection.visible`. Keys of the other type, and those that would say nothing, are left out."""
    told = {
        "id": coupon.public_id,
        "name": coupon.name,
        "description": coupon.description,
        "expiration_date": _expiration(coupon, zone),
        "redemption_limit": coupon.quota,
        "created_at": instant(coupon.created_at),
        "type": coupon.kind,
        **_value(coupon),
    }
    products = coupon.product_public_ids  # type: ignore[union-attr]
    return {**told, **({"product_ids": products} if products else {}), **_repeat(coupon)}


def single_out(coupon: Shown, zone: tzinfo) -> dict[str, Any]:
    """As a GET by id tells it: the only answer that knows deleted coupons."""
    return {**coupon_out(coupon, zone), "deletedAt": coupon.deleted_at and instant(coupon.deleted_at)}


def instant(moment: datetime) -> str:
    """UTC with three decimals: 2027-02-03T09:30:00.000Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _expiration(coupon: Shown, zone: tzinfo) -> str | None:
    """The text as it was sent, as long as it still says the same instant. Compared in UTC: to Python an hour that the clocks skip
    or repeat equals no time of another zone."""
    if coupon.expires_at is None:
        return None
    if coupon.expires_text is not None:
        try:
            said = deadline(coupon.expires_text, str(zone))
            if said.astimezone(UTC) == coupon.expires_at.astimezone(UTC):
                return coupon.expires_text
        except RuleViolation:
            pass
    return instant(coupon.expires_at)


def _value(coupon: Shown) -> dict[str, Any]:
    if coupon.kind == Kind.AMOUNT:
        return {"discount_amount": coupon.amount_minor, "currency": coupon.currency}
    return {"discount_percent": _number(coupon.percent or Decimal(0))}


def _repeat(coupon: Shown) -> dict[str, Any]:
    if coupon.repeat == Repeat.ONCE:
        return {}
    if coupon.repeat == Repeat.FOREVER:
        return {"repeat": "forever"}
    period = "months" if coupon.repeat_unit == RepeatUnit.BILLING_PERIOD else coupon.repeat_unit
    return {"repeat": "duration", "duration": {"count": coupon.repeat_count, "period": period}}


def _number(number: Decimal) -> Decimal:
    """Without trailing zeros: 30, 7.5."""
    return Decimal(plain(number))
