"""New coupons that give what others give. Uses, batch, archive and origin stay with the original."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from bookingoffice.accounts.models import Organization
from bookingoffice.audit.actors import Actor
from bookingoffice.database.rows import column_types
from coupons.models import Coupon
from coupons.services.saving import create_coupons
from coupons.services.targets import LINKS, add_targets, links_of

OWN: Final = frozenset(
    {"id", "organization_id", "public_id", "code", "code_generated", "batch_id", "created_at", "updated_at",
     "deleted_at", "archived_at", "metadata"}
)  # fmt: skip
"""What a copy does not take over. `metadata` is what another system knows its own coupon by."""


@transaction.atomic
def copy_coupons(
    organization: Organization, codes: Mapping[UUID, str], *, actor: Actor, moment: datetime
) -> dict[UUID, UUID]:
    """`codes` says what the copy of each coupon is called; answers the copies' ids. A taken code is the database's refusal."""
    columns = sorted(column_types(Coupon).keys() - OWN)
    kept = Coupon.objects.of(organization.pk).filter(id__in=codes).order_by("created_at", "id")
    originals = {coupon.pk: coupon for coupon in kept}
    rows = [_row(coupon, codes[coupon.pk], columns) for coupon in originals.values()]
    made = create_coupons(organization, rows, actor=actor, moment=moment)
    copies = dict(zip(originals, made, strict=True))
    for target in LINKS:
        links = links_of(organization, target).filter(coupon_id__in=copies).order_by("id")
        pairs = [
            {"coupon_id": copies[coupon_id], f"{target}_id": target_id, "excluded": excluded}
            for coupon_id, target_id, excluded in links.values_list("coupon_id", f"{target}_id", "excluded")
        ]
        add_targets(organization, target, pairs, actor=actor, moment=moment)
    return copies


def _row(coupon: Coupon, code: str, columns: list[str]) -> dict[str, Any]:
    """A coupon that was called by its code is called by the new one."""
    row = {column: getattr(coupon, column) for column in columns}
    return {**row, "code": code, "name": code if coupon.name == coupon.code else coupon.name}
