"""Which coupons this dialect can tell, and how they are read: one statement for any number of them."""

from __future__ import annotations

import re
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q

from bookingoffice.money import LONG_LISTED
from coupons.models import Coupon, CouponProduct, Kind

UUID_TEXT: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
SHOWN: Final = (
    "id", "organization_id", "public_id", "name", "description", "expires_at", "expires_text", "quota", "created_at",
    "deleted_at", "kind", "amount_minor", "currency", "percent", "scope", "repeat", "repeat_count", "repeat_unit",
)  # fmt: skip


def expressible() -> Q:
    """Set-level twin of `is_expressible`; a test holds the two together."""
    return Q(kind=Kind.PERCENT) | Q(kind=Kind.AMOUNT, currency__in=list(LONG_LISTED))


def is_expressible(coupon: Coupon) -> bool:
    """An expression has no keys here, and a currency outside the vendor's list no code."""
    return coupon.kind == Kind.PERCENT or (coupon.kind == Kind.AMOUNT and coupon.currency in LONG_LISTED)


def visible(organization_id: UUID) -> Any:
    """Deleted ones too. Adds `product_public_ids`, the products that the coupon is for."""
    products = CouponProduct.objects.filter(
        organization_id=OuterRef("organization_id"), coupon_id=OuterRef("id"), excluded=False
    )
    told = ArraySubquery(products.order_by("product_id").values("product__public_id"))
    return Coupon.objects.of(organization_id).filter(expressible()).only(*SHOWN).annotate(product_public_ids=told)


def listed(organization_id: UUID) -> Any:
    """Newest first."""
    return visible(organization_id).filter(deleted_at=None).order_by("-created_at", "id")


def named(name: str) -> Q | None:
    """By public id, or by the coupon's UUID as a courtesy. None for what is nobody's name."""
    if UUID_TEXT.fullmatch(name):
        return Q(id=UUID(name))
    return None if "\0" in name else Q(public_id=name)
