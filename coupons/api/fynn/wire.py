"""The coupon on the wire, reduced in a list and full by itself; and a body read with every fault at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Final

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from bookingoffice.accounts.models import Organization
from coupons.api.fynn.amounts import FixedAmount
from coupons.api.fynn.errors import Violation, flattened
from coupons.api.fynn.fields import Choice, Code, Flag, Instant, Text, Whole
from coupons.api.fynn.references import PLANS, PRODUCTS, References
from coupons.models import Coupon, Kind, Repeat

TYPES: Final = {"percentage": Kind.PERCENT, "fixed_amount": Kind.AMOUNT}
FREQUENCIES: Final = {"once": Repeat.ONCE, "limited": Repeat.LIMITED, "lifetime": Repeat.FOREVER}
ORDER: Final = (
    "code", "name", "type", "percentage", "fixedAmount", "frequency", "frequencyInterval", "maxRedemptionsPerCustomer",
    "maxRedemptions", "expiresAt", "limitedToPlans", "excludedFromPlans", "limitedToProducts", "excludedFromProducts",
    "isEnabled",
)  # fmt: skip
"""In which faults are told: as the vendor's reference lists the fields."""
OPTIONAL: Final[dict[str, Any]] = {"required": False, "allow_null": True, "default": None}


class Enabled(Flag):
    """Told from the mark of the archive, which is a moment."""

    def to_representation(self, coupon: Coupon) -> bool:
        return coupon.archived_at is None


class ReducedCoupon(serializers.Serializer[Any]):
    code = Code()
    frequency = Choice(FREQUENCIES, "Choose once, limited or lifetime.", source="repeat")
    name = Text()
    type = Choice(TYPES, "Choose percentage or fixed_amount.", source="kind")
    createdAt = Instant(source="created_at", read_only=True)
    expiresAt = Instant(source="expires_at", **OPTIONAL)
    fixedAmount = FixedAmount(source="*", **OPTIONAL)
    frequencyInterval = Whole(1, source="repeat_count", **OPTIONAL)
    id = serializers.UUIDField(read_only=True)
    isEnabled = Enabled(source="*", required=False, default=True)
    maxRedemptions = Whole(source="quota", **OPTIONAL)
    percentage = Whole(0, 100, source="percent", **OPTIONAL)
    reedemptions = serializers.BooleanField(source="redeemed", read_only=True)
    updatedAt = Instant(source="updated_at", read_only=True)


class FullCoupon(ReducedCoupon):
    maxRedemptionsPerCustomer = Whole(source="max_per_customer", **OPTIONAL)
    limitedToPlans = References(PLANS, excluded=False)
    excludedFromPlans = References(PLANS, excluded=True)
    limitedToProducts = References(PRODUCTS, excluded=False)
    excludedFromProducts = References(PRODUCTS, excluded=True)


class CouponList(serializers.Serializer[Any]):
    data = ReducedCoupon(many=True)  # type: ignore[assignment]


@cache
def _told() -> list[tuple[str, str | None, Callable[[Any], Any]]]:
    """Of each key its column, None for the whole row, and how it is written."""
    fields = ReducedCoupon().fields.items()
    return [
        (name, None if field.source == "*" else str(field.source), field.to_representation) for name, field in fields
    ]


def reduced(coupons: Iterable[Any]) -> list[dict[str, Any]]:
    """As `ReducedCoupon` represents them, without asking anew for each how that is done."""
    return [{name: _written(coupon, column, form) for name, column, form in _told()} for coupon in coupons]


def _written(coupon: Any, column: str | None, form: Callable[[Any], Any]) -> Any:
    value = coupon if column is None else getattr(coupon, column)
    return None if value is None else form(value)


class ViolationShape(serializers.Serializer[Any]):
    propertyPath = serializers.CharField()
    message = serializers.CharField()
    code = serializers.UUIDField()


class ProblemShape(serializers.Serializer[Any]):
    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    violations = ViolationShape(many=True, required=False)


def read(body: Mapping[str, Any], organization: Organization) -> tuple[dict[str, Any], list[Violation]]:
    """The values that could be read, by their names on the wire and each with its default, and what is wrong with the others."""
    values: dict[str, Any] = {}
    violations: list[Violation] = []
    for name, field in FullCoupon(context=context(organization)).fields.items():
        if field.read_only:
            continue
        try:
            values[name] = field.run_validation(field.get_value(body))
        except ValidationError as fault:
            violations += flattened(fault.detail, name)
    return values, [*violations, *_contradictions(values)]


def in_order(violations: Iterable[Violation]) -> list[Violation]:
    return sorted(violations, key=lambda violation: ORDER.index(re.split(r"[.\[]", violation.path)[0]))


def context(organization: Organization) -> dict[str, Any]:
    return {"timezone": organization.timezone, "language": organization.default_language}


def _contradictions(values: Mapping[str, Any]) -> Iterator[Violation]:
    """Each type and frequency asks for one value and leaves no place for the others; what could not be read is not judged."""
    kind, repeat = values.get("type"), values.get("frequency")
    if kind:
        yield from _needs(values, "percentage", kind == Kind.PERCENT, _of_type(kind))
        yield from _needs(values, "fixedAmount", kind == Kind.AMOUNT, _of_type(kind))
    if repeat:
        word = next(word for word, ours in FREQUENCIES.items() if ours == repeat)
        yield from _needs(values, "frequencyInterval", repeat == Repeat.LIMITED, f"frequency {word}")


def _needs(values: Mapping[str, Any], name: str, needed: bool, by: str) -> Iterator[Violation]:
    given = values.get(name) is not None
    if name in values and needed and not given:
        yield Violation(name, "needed", f"This value is needed for {by}.")
    if given and not needed:
        yield Violation(name, "contradicts", f"This value should be null for {by}.")


def _of_type(kind: str) -> str:
    return f"type {next(word for word, ours in TYPES.items() if ours == kind)}"
