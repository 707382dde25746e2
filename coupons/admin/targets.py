"""What a coupon is for, as lists of choices on its page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final
from uuid import UUID

from bookingoffice.accounts.models import Organization
from bookingoffice.references.models import Plan, Product, Service
from coupons.models import Coupon
from coupons.services import set_targets
from coupons.services.targets import Target, links_of

TARGETS: Final[Mapping[str, Target]] = {"products": "product", "services": "service", "plans": "plan"}
"""Fields and what they choose."""


def offered(organization: Organization) -> dict[str, Any]:
    """By field, the rows to choose from; a deleted product is chosen no more."""
    return {
        "products": Product.objects.of(organization.pk).filter(deleted_at=None).order_by("id"),
        "services": Service.objects.of(organization.pk).filter(deleted_at=None).order_by("id"),
        "plans": Plan.objects.of(organization.pk).order_by("id"),
    }


def included(organization: Organization, coupon: Coupon) -> dict[str, list[UUID]]:
    """By field, what the coupon names now. Rows that exclude are not shown here and stay as they are."""
    return {
        field: list(
            links_of(organization, target)
            .filter(coupon_id=coupon.pk, excluded=False)
            .values_list(f"{target}_id", flat=True)
        )
        for field, target in TARGETS.items()
    }


def keep_targets(organization: Organization, coupon_id: UUID, field: str, chosen: Collection[Any], **act: Any) -> None:
    set_targets(organization, coupon_id, TARGETS[field], {row.pk for row in chosen}, **act)
