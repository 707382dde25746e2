"""Which coupons this dialect can tell of, and their rows with all that an answer needs."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, Expression, F, Func, OuterRef, Prefetch, Q

from bookingoffice import money
from bookingoffice.database.remembered import ORGANIZATION, Remembered, remember
from coupons.models import Coupon, CouponPlan, CouponProduct, CouponUse, Kind, RepeatUnit, UseState

PERIODS: Final = (RepeatUnit.BILLING_PERIOD, RepeatUnit.MONTHS)
"""Units of which `frequencyInterval` can be the number."""
INSTANTS: Final = ("created_at", "updated_at", "expires_at", "archived_at")
REDUCED: Final = (
    "id", "code", "name", "kind", "percent", "amount_minor", "currency", "quota", "repeat", "repeat_count", *INSTANTS,
)  # fmt: skip
"""What an entry of a list tells of."""


def shown(organization_id: UUID | Expression) -> Any:
    """Coupons whose every value has a place on the wire; twin of `is_expressible`."""
    percent = Q(kind=Kind.PERCENT, percent=Func(F("percent"), function="trunc"))
    amount = Q(kind=Kind.AMOUNT, currency__in=list(money.EXPONENTS))
    repeat = Q(repeat_unit=None) | Q(repeat_unit__in=PERIODS)
    return Coupon.objects.of(organization_id).filter(percent | amount, repeat, deleted_at=None)


def is_expressible(coupon: Coupon) -> bool:
    """A part of a percent, an expression, a currency without known decimals and other units of time are not; twin of `shown`."""
    if coupon.deleted_at or (coupon.repeat_unit and coupon.repeat_unit not in PERIODS):
        return False
    if coupon.kind == Kind.PERCENT:
        return Decimal(str(coupon.percent)) % 1 == 0
    return coupon.kind == Kind.AMOUNT and money.is_currency(coupon.currency)


def listed(organization_id: UUID | Expression) -> Any:
    """Newest first, in one statement."""
    return _with_redeemed(shown(organization_id)).order_by("-created_at", "id")


@cache
def listing() -> Remembered:
    return remember(lambda: listed(ORGANIZATION).values(*REDUCED, "redeemed"), instants=INSTANTS)


def single(organization_id: UUID, coupon_id: UUID) -> Coupon | None:
    """With the plans and products that it names."""
    plans = CouponPlan.objects.of(organization_id).select_related("plan__product").order_by("plan_id")
    products = CouponProduct.objects.of(organization_id).select_related("product").order_by("product_id")
    targets = (Prefetch("plan_targets", plans), Prefetch("product_targets", products))
    found: Coupon | None = (
        _with_redeemed(shown(organization_id)).filter(pk=coupon_id).prefetch_related(*targets).first()
    )
    return found


def locked(organization_id: UUID, coupon_id: UUID) -> bool:
    """Holds the row against redemptions too, so that what is read of its uses afterwards stays true; False for no such coupon."""
    return bool(
        Coupon.objects.of(organization_id).filter(pk=coupon_id).select_for_update().values_list("id", flat=True)
    )


def _with_redeemed(coupons: Any) -> Any:
    """Adds `redeemed`: a hold does not count."""
    uses = CouponUse.objects.filter(
        organization_id=OuterRef("organization_id"), coupon_id=OuterRef("id"), state=UseState.REDEEMED
    )
    return coupons.annotate(redeemed=Exists(uses))
