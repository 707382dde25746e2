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
EXCEPT: Final = {field: f"not_{field}" for field in TARGETS}
"""Beside each, the field of what is left out."""


def offered(organization: Organization) -> dict[str, Any]:
    """By field, the rows to choose from; a deleted product is chosen no more."""
    return {
        "products": Product.objects.of(organization.pk).filter(deleted_at=None).order_by("id"),
        "services": Service.objects.of(organization.pk).filter(deleted_at=None).order_by("id"),
        "plans": Plan.objects.of(organization.pk).order_by("id"),
    }


def named(organization: Organization, coupon: Coupon) -> dict[str, list[UUID]]:
    """By field, what the coupon names now: what it is for, and what it leaves out."""
    found: dict[str, list[UUID]] = {}
    for field, target in TARGETS.items():
        links = links_of(organization, target).filter(coupon_id=coupon.pk)
        pairs = list(links.values_list(f"{target}_id", "excluded"))
        found[field] = [key for key, excluded in pairs if not excluded]
        found[EXCEPT[field]] = [key for key, excluded in pairs if excluded]
    return found


def keep_targets(
    organization: Organization, coupon_id: UUID, field: str, cleaned: Mapping[str, Collection[Any]], **act: Any
) -> None:
    chosen, left_out = ({row.pk for row in cleaned[name]} for name in (field, EXCEPT[field]))
    set_targets(organization, coupon_id, TARGETS[field], chosen, excluded=left_out, **act)
