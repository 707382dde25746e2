"""The shapes of answers, for the dialect's document; what is answered is made in `wire` and `errors`."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from bookingoffice.money import LONG_LISTED
from coupons.api.hyperline.wire import PERIODS, REPEATS, Duration


class _Coupon(serializers.Serializer[Any]):
    id = serializers.CharField(help_text="cou_ and fourteen letters and digits")
    name = serializers.CharField()
    description = serializers.CharField(allow_null=True)
    expiration_date = serializers.CharField(allow_null=True, help_text="As it was sent: a date or a date-time")
    redemption_limit = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    product_ids = serializers.ListField(child=serializers.CharField(), required=False)
    repeat = serializers.ChoiceField([name for name in REPEATS if name != "once"], required=False)
    duration = Duration(required=False, help_text=f"Counted in {', '.join(PERIODS)}")
    deletedAt = serializers.DateTimeField(allow_null=True, required=False, help_text="In a GET by id")


class AmountCoupon(_Coupon):
    type = serializers.ChoiceField(["amount"])
    discount_amount = serializers.IntegerField(min_value=0, help_text="In the currency's smallest unit")
    currency = serializers.ChoiceField(list(LONG_LISTED))


class PercentCoupon(_Coupon):
    type = serializers.ChoiceField(["percent"])
    discount_percent = serializers.FloatField(min_value=0, max_value=100)


ONE = PolymorphicProxySerializer(
    component_name="Coupon", serializers=[AmountCoupon, PercentCoupon], resource_type_field_name=None
)


class Meta(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    taken = serializers.IntegerField()
    skipped = serializers.IntegerField()


class CouponList(serializers.Serializer[Any]):
    meta = Meta()
    data = PolymorphicProxySerializer(  # type: ignore[assignment]
        component_name="Coupon", serializers=[AmountCoupon, PercentCoupon], resource_type_field_name=None, many=True
    )


class Fault(serializers.Serializer[Any]):
    code = serializers.CharField()
    expected = serializers.CharField()
    received = serializers.CharField(allow_blank=True)
    path = serializers.ListField(child=serializers.JSONField(), help_text="Keys and places in arrays, outermost first")
    message = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    statusCode = serializers.IntegerField()
    type = serializers.CharField()
    message = serializers.CharField()
    errors = Fault(many=True, required=False)  # type: ignore[assignment]
