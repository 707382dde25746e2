"""What a coupon is for, as two lists of choices on its page."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from bookingoffice.accounts.models import Organization
from bookingoffice.references.models import Product, Service
from coupons.models import Coupon, CouponProduct, CouponService
from coupons.services import set_targets


def offered(organization: Organization) -> dict[str, Any]:
    """By field, the rows to choose from; a deleted product is chosen no more."""
    return {
        "products": Product.objects.of(organization.pk).filter(deleted_at=None).order_by("id"),
        "services": Service.objects.of(organization.pk).filter(deleted_at=None).order_by("id"),
    }


def included(organization: Organization, coupon: Coupon) -> dict[str, list[UUID]]:
    """By field, what the coupon names now. Rows that exclude are not shown here and stay as they are."""
    products = CouponProduct.objects.of(organization.pk).filter(coupon_id=coupon.pk, excluded=False)
    services = CouponService.objects.of(organization.pk).filter(coupon_id=coupon.pk, excluded=False)
    return {
        "products": list(products.values_list("product_id", flat=True)),
        "services": list(services.values_list("service_id", flat=True)),
    }


def keep_targets(
    organization: Organization,
    coupon_id: UUID,
    *,
    products: Collection[Product],
    services: Collection[Service],
    **act: Any,
) -> None:
    set_targets(organization, coupon_id, "product", {row.pk for row in products}, **act)
    set_targets(organization, coupon_id, "service", {row.pk for row in services}, **act)
