"""The shapes of bodies and answers, for the dialect's document; what is answered is made in `wire`, `verdicts` and `door`."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer
from rest_framework import serializers

from coupons.api.botsubscription import paging, wire
from coupons.api.botsubscription.fields import Number, OneOf
from coupons.api.botsubscription.filters import SORTS, STATUSES
from coupons.api.botsubscription.verdicts import Verdict
from coupons.models.coupon import InviteeMode, PlanScope, RenewalConstraint


class CreateBody(wire.NewCoupon):
    """With the names of the sample bodies; a type is needed under one of its two."""

    coupon_type = OneOf(list(wire.KINDS), required=False)
    discount_type = OneOf(list(wire.KINDS), required=False)
    discount_value = Number(required=False)


class ChangeBody(wire.CouponChanges):
    discount_value = Number(required=False)


class _Coupon(serializers.Serializer[Any]):
    coupon_id = serializers.UUIDField()
    code = serializers.CharField()
    display_name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    auto_apply = serializers.BooleanField()
    status = serializers.ChoiceField(STATUSES)
    total_redemptions = serializers.IntegerField(min_value=0)
    total_reservations = serializers.IntegerField(min_value=0)
    invitee_mode = serializers.ChoiceField(InviteeMode.values)
    renewal_constraint = serializers.ChoiceField(RenewalConstraint.values)
    payment_count_comparator = serializers.ChoiceField(["any"])
    lifetime_revenue_comparator = serializers.ChoiceField(["any"])
    plan_scope = serializers.ChoiceField(PlanScope.values)
    created_at = serializers.DateTimeField()
    metadata = serializers.DictField()


class PercentageCoupon(_Coupon):
    coupon_type = serializers.ChoiceField(["percentage"])
    percentage = serializers.CharField(help_text="0 to 100, without trailing zeros")


class FixedCoupon(_Coupon):
    coupon_type = serializers.ChoiceField(["fixed"])
    amount = serializers.CharField(help_text="In major units, without trailing zeros")
    currency = serializers.CharField()


def _coupon(*, many: bool = False) -> Any:
    return PolymorphicProxySerializer(
        component_name="Coupon",
        serializers=[PercentageCoupon, FixedCoupon],
        resource_type_field_name=None,
        many=many,
    )


class _Envelope(serializers.Serializer[Any]):
    ok = serializers.BooleanField()
    request_id = serializers.UUIDField()
    method = serializers.CharField()
    path = serializers.CharField()
    code = serializers.IntegerField()


class CouponAnswer(_Envelope):
    data = _coupon()


class CouponListAnswer(_Envelope):
    total = serializers.IntegerField(min_value=0)
    data = _coupon(many=True)


class VerdictAnswer(_Envelope):
    data = Verdict()  # type: ignore[assignment]


class Error(serializers.Serializer[Any]):
    error_code = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()
    retry_after = serializers.IntegerField(required=False)


class Problem(_Envelope):
    error = Error()


def _word(name: str, *words: str, default: str | None = None) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, enum=words, default=default)


LIST_QUERY: Final = [
    OpenApiParameter(
        "limit", {"type": "integer", "minimum": 1, "maximum": paging.LARGEST_LIMIT, "default": paging.DEFAULT_LIMIT}
    ),
    OpenApiParameter("offset", {"type": "integer", "minimum": 0, "maximum": paging.LARGEST_OFFSET, "default": 0}),
    _word("status", *STATUSES),
    OpenApiParameter("auto_apply", OpenApiTypes.BOOL),
    OpenApiParameter("search", OpenApiTypes.STR, description="Part of the code, ignoring case"),
    OpenApiParameter("plan_id", OpenApiTypes.UUID, description="Coupons that apply to this plan"),
    _word("sort", *SORTS, default="created_at"),
    _word("order", "asc", "desc", default="desc"),
]

EVERYWHERE: Final[dict[Any, Any]] = dict.fromkeys((401, 403, 404, 405, 429, 500, 503), Problem)
KEYED: Final = EVERYWHERE | dict.fromkeys((400, 409, 422), Problem)
"""Of calls that an Idempotency-Key may come with."""

WITH_BODY: Final = KEYED | {415: Problem}
