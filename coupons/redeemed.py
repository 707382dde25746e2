"""What a redeemed coupon keeps: guests were promised it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from bookingoffice.accounts.models import Organization
from bookingoffice.errors import Fault
from coupons.drafts import drafts
from coupons.models import Coupon, CouponUse

KEPT: Final = ("code", "kind", "amount_minor", "currency", "percent", "repeat", "repeat_count", "repeat_unit")


def changes_of_redeemed(organization: Organization, rows: Sequence[Mapping[str, Any]]) -> list[Fault]:
    """Rows by `id`, well formed. A fault for each kept column that would change."""
    uses = CouponUse.objects.filter(
        organization_id=OuterRef("organization_id"), coupon_id=OuterRef("id"), state="redeemed"
    )
    chosen = Coupon.objects.of(organization.pk).filter(Exists(uses), id__in=[row["id"] for row in rows])
    present = {coupon["id"]: coupon for coupon in chosen.values("id", *KEPT)}
    return [
        Fault(column, "kept_once_redeemed", _("A coupon that has been redeemed keeps this."), "", place)
        for place, row in enumerate(rows)
        if (coupon := present.get(row["id"]))
        for draft in drafts([row], organization.currency)
        for column in KEPT
        if column in draft and draft[column] != coupon[column]
    ]
