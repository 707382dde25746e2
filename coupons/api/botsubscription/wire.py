"""The coupon as the vendor writes it: what is read from a body, under either spelling, and what is answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from rest_framework import serializers
from rest_framework.fields import SkipField

from bookingoffice import money
from bookingoffice.errors import RuleViolation
from coupons.api.botsubscription.fields import AnyObject, Count, Identifier, Instant, Number, OneOf, Text, Truth
from coupons.api.botsubscription.shown import Told, metadata_of
from coupons.codes import code_faults
from coupons.expressions import PERCENT_DECIMALS
from coupons.models.coupon import InviteeMode, PlanScope, RenewalConstraint

MOST_PLANS: Final = 1000
KINDS: Final = {"percentage": "percent", "fixed": "amount"}
TYPES: Final = {kind: coupon_type for coupon_type, kind in KINDS.items()}
VALUE_NAMES: Final = {"percentage": "percentage", "fixed": "amount"}
"""Where each coupon type has its value."""

Fault = tuple[str, str]
"""A field's name and a sentence."""


@dataclass(frozen=True, slots=True)
class Plans:
    """Of the plans that a body names: those there are, and those the coupon excludes. `limited`: it includes some already."""

    known: frozenset[UUID] = frozenset()
    excluded: frozenset[UUID] = frozenset()
    limited: bool = False


class Strict(serializers.Serializer[Any]):
    """Unknown keys are ignored. Faults of single fields and of fields together are told at once."""

    def to_internal_value(self, data: Mapping[str, Any]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        faults: dict[str, Any] = {}
        for field in self._writable_fields:
            name = str(field.field_name)
            try:
                values[name] = field.run_validation(field.get_value(data))
            except serializers.ValidationError as error:
                faults[name] = error.detail
            except SkipField:
                continue
        for name, sentence in self.together(values, data):
            faults.setdefault(name, [sentence])
        if faults:
            raise serializers.ValidationError(faults)
        return values

    def together(self, values: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[Fault]:
        """What is wrong with the good `values` beside each other; `data` is all that was sent."""
        yield from ()


class CouponChanges(Strict):
    """A PATCH. The context has `zone`, `plans`, and `coupon_type` and `currency` of the coupon as it stands."""

    display_name = Text(required=False)
    description = Text(required=False, allow_blank=True)
    percentage = Number(required=False)
    amount = Number(required=False)
    auto_apply = Truth(required=False)
    status = OneOf(["active", "archived"], required=False)
    invitee_mode = OneOf(InviteeMode.values, required=False)
    renewal_constraint = OneOf(RenewalConstraint.values, required=False)
    plan_scope = OneOf(PlanScope.values, required=False)
    plan_ids = serializers.ListField(child=Identifier(), required=False, max_length=MOST_PLANS)
    max_redemptions = Count(required=False, allow_null=True)
    valid_from = Instant(required=False, allow_null=True)
    valid_until = Instant(required=False, allow_null=True, lasting=True)
    metadata = AnyObject(required=False)

    def together(self, values: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[Fault]:
        yield from _value_faults(self.context["coupon_type"], values, data, self.context["currency"])
        yield from _plan_faults(values, self.context["plans"])


class NewCoupon(CouponChanges):
    code = Text()
    coupon_type = OneOf(list(KINDS))
    currency = Text(required=False)
    payment_count_comparator = OneOf(["any"], required=False)
    lifetime_revenue_comparator = OneOf(["any"], required=False)

    def together(self, values: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[Fault]:
        coupon_type = values.get("coupon_type")
        if "code" in values:
            yield from (("code", fault.message) for fault in code_faults(values["code"]))
        yield from _value_faults(coupon_type, values, data, values.get("currency"))
        yield from _missing(coupon_type, data)
        yield from _plan_faults(values, self.context["plans"])


def by_table_names(body: Mapping[str, Any], coupon_type: str | None = None) -> dict[str, Any]:
    """The sample bodies' names become the table's; where both are given, the table's counts. None: the body names the type."""
    named = dict(body)
    if "discount_type" in named:
        named.setdefault("coupon_type", named["discount_type"])
    known = coupon_type or named.get("coupon_type")
    if "discount_value" in named and isinstance(known, str) and known in VALUE_NAMES:
        named.setdefault(VALUE_NAMES[known], named["discount_value"])
    return named


def shown(coupon: Told) -> dict[str, Any]:
    """In the table's order; keys of the other coupon type are left out."""
    return {
        "coupon_id": str(coupon["id"]),
        "code": coupon["code"],
        "display_name": coupon["name"],
        "description": coupon["description"] or "",
        "coupon_type": TYPES[coupon["kind"]],
        **_value(coupon),
        "auto_apply": coupon["auto_apply"],
        "status": coupon["status"],
        "total_redemptions": coupon["total_redemptions"],
        "total_reservations": coupon["total_reservations"],
        "invitee_mode": coupon["invitee_mode"],
        "renewal_constraint": coupon["renewal_constraint"],
        "payment_count_comparator": coupon["payment_count_comparator"],
        "lifetime_revenue_comparator": coupon["lifetime_revenue_comparator"],
        "plan_scope": "specific" if coupon["limited_to_plans"] else "all",
        "created_at": coupon["created"],
        "metadata": metadata_of(coupon),
    }


def _value(coupon: Told) -> dict[str, str]:
    if coupon["percent"] is not None:
        return {"percentage": money.plain(coupon["percent"])}
    amount_minor, currency = coupon["amount_minor"], coupon["currency"]
    assert amount_minor is not None
    assert currency is not None
    return {"amount": money.major_text(amount_minor, currency), "currency": currency}


def _missing(coupon_type: str | None, data: Mapping[str, Any]) -> Iterator[Fault]:
    needed = {"percentage": ("percentage",), "fixed": ("amount", "currency")}.get(coupon_type or "", ())
    for name in needed:
        if name not in data:
            yield name, f"A {coupon_type} coupon needs this."


def _value_faults(
    coupon_type: str | None, values: Mapping[str, Any], data: Mapping[str, Any], currency: str | None
) -> Iterator[Fault]:
    if coupon_type == "percentage":
        wrong = {"amount"} & data.keys() | {"currency"} & values.keys()
        yield from ((name, "Only a fixed coupon has this.") for name in sorted(wrong))
    if coupon_type == "fixed" and "percentage" in data:
        yield "percentage", "Only a percentage coupon has this."
    if coupon_type == "percentage" and "percentage" in values:
        yield from _percentage_faults(values["percentage"])
    if coupon_type == "fixed" and currency is not None:
        yield from amount_faults(values.get("amount"), currency)


def _percentage_faults(percentage: Any) -> Iterator[Fault]:
    if percentage > 100:
        yield "percentage", "This is at most 100."
    elif money.decimals(percentage) > PERCENT_DECIMALS:
        yield "percentage", f"This has at most {PERCENT_DECIMALS} decimals."


def amount_faults(amount: Any, currency: str) -> Iterator[Fault]:
    """Of the currency, and of the amount in it where there is one."""
    try:
        money.major_to_minor(amount or 0, currency)
    except RuleViolation as violation:
        yield violation.field or "amount", violation.sentence


def _plan_faults(values: Mapping[str, Any], plans: Plans) -> Iterator[Fault]:
    scope, plan_ids = values.get("plan_scope"), values.get("plan_ids")
    if scope == "all" and plan_ids:
        yield "plan_scope", "With plan_ids this is specific."
    if scope != "all" and plan_ids == []:
        yield "plan_ids", "Name at least one plan; plan_scope all removes the limit."
    if scope == "specific" and plan_ids is None and not plans.limited:
        yield "plan_ids", "A specific plan_scope needs plans."
    for plan_id in plan_ids or ():
        if plan_id in plans.excluded:
            yield "plan_ids", f"The plan {plan_id} is excluded from this coupon by staff."
        elif plan_id not in plans.known:
            yield "plan_ids", f"There is no plan {plan_id}."
