"""Which coupons this dialect can tell, and how they are read: one statement for any number of them."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final, Literal
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Expression, OuterRef, Q, TextField, UUIDField

from bookingoffice.database.remembered import ORGANIZATION, Given, Remembered, remember
from bookingoffice.money import LONG_LISTED
from coupons.models import Coupon, CouponProduct, Kind

UUID_TEXT: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
SHOWN: Final = (
    "id", "organization_id", "public_id", "name", "description", "expires_at", "expires_text", "quota", "created_at",
    "deleted_at", "kind", "amount_minor", "currency", "percent", "scope", "repeat", "repeat_count", "repeat_unit",
)  # fmt: skip
INSTANTS: Final = ("expires_at", "created_at", "deleted_at")
Name = Literal["id", "public_id"]


def expressible() -> Q:
    """Set-level twin of `is_expressible`; a test holds the two together."""
    return Q(kind=Kind.PERCENT) | Q(kind=Kind.AMOUNT, currency__in=list(LONG_LISTED))


def is_expressible(coupon: Coupon) -> bool:
    """An expression has no keys here, and a currency outside the vendor's list no code."""
    return coupon.kind == Kind.PERCENT or (coupon.kind == Kind.AMOUNT and coupon.currency in LONG_LISTED)


def visible(organization_id: UUID | Expression) -> Any:
    """Deleted ones too. Adds `product_public_ids`, the products that the coupon is for."""
    products = CouponProduct.objects.filter(
        organization_id=OuterRef("organization_id"), coupon_id=OuterRef("id"), excluded=False
    )
    told = ArraySubquery(products.order_by("product_id").values("product__public_id"))
    return Coupon.objects.of(organization_id).filter(expressible()).only(*SHOWN).annotate(product_public_ids=told)


def listed(organization_id: UUID | Expression) -> Any:
    """Newest first."""
    return visible(organization_id).filter(deleted_at=None).order_by("-created_at", "id")


@cache
def listing() -> Remembered:
    return remember(lambda: _told(listed(ORGANIZATION)), counted=True, instants=INSTANTS)


@cache
def single(by: Name) -> Remembered:
    """The one whose `by` is the text `name`."""
    name = Given("name", UUIDField() if by == "id" else TextField())
    return remember(lambda: _told(visible(ORGANIZATION).filter((by, name))), instants=INSTANTS)


def _told(rows: Any) -> Any:
    return rows.values(*SHOWN, "product_public_ids")


def name_of(text: str) -> Name | None:
    """As which of its names a coupon may be called so."""
    if UUID_TEXT.fullmatch(text):
        return "id"
    return None if "\0" in text else "public_id"


def named(name: str) -> Q | None:
    """By public id, or by the coupon's UUID as a courtesy. None for what is nobody's name."""
    by = name_of(name)
    return None if by is None else Q((by, name))
