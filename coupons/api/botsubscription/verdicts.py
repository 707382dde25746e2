"""May this user apply this code to this amount? The quote's own answer: nothing is written, and every reason is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Func, TextField, Value
from rest_framework import serializers

from bookingoffice.accounts.models import Organization
from bookingoffice.money import major_text, major_to_minor
from coupons import services
from coupons.api.botsubscription.fields import Identifier, Number, Text
from coupons.api.botsubscription.shown import visible
from coupons.api.botsubscription.wire import Fault, Strict, amount_faults
from coupons.carts import Cart, Customer, Line


class Question(Strict):
    code = Text()
    user_id = Text()
    amount = Number()
    currency = Text()
    plan_id = Identifier(required=False, allow_null=True)

    def together(self, values: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[Fault]:
        if "currency" in values:
            yield from amount_faults(values.get("amount"), values["currency"])


class Verdict(serializers.Serializer[Any]):
    """`applied_amount` is the discount."""

    coupon_id = serializers.UUIDField()
    eligible = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.CharField())
    original_amount = serializers.CharField()
    applied_amount = serializers.CharField()
    final_amount = serializers.CharField()
    currency = serializers.CharField()


def coupon_with(organization_id: UUID, code: str) -> UUID | None:
    """By the key that makes two spellings one code, which the database computes."""
    key = Func(Value(code), function="public.coupon_code_key", output_field=TextField())
    found = visible(organization_id).filter(code_key=key).values_list("pk", flat=True)
    return found.first()


def verdict(organization: Organization, coupon_id: UUID, values: Mapping[str, Any], moment: datetime) -> dict[str, Any]:
    """The user is a customer by id, whose uses the ledger counts. What the question cannot tell, a stay say, is unknown."""
    currency = values["currency"]
    original = major_to_minor(values["amount"], currency)
    cart = Cart(
        lines=(Line(original),),
        currency=currency,
        customer=Customer(id=values["user_id"]),
        plan_id=values.get("plan_id"),
    )
    [found] = services.quote_cart(organization, cart, [coupon_id], moment=moment).coupons
    return {
        "coupon_id": str(coupon_id),
        "eligible": found.eligible,
        "reasons": list(found.reasons),
        "original_amount": major_text(original, currency),
        "applied_amount": major_text(found.taken_minor, currency),
        "final_amount": major_text(original - found.taken_minor, currency),
        "currency": currency,
    }
