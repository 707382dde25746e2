"""Taking coupons out of use: archived ones can come back, deleted ones were never used."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bookingoffice.accounts.models import Organization
from bookingoffice.audit.actors import Actor
from bookingoffice.audit.writing import witnessed
from bookingoffice.errors import RuleViolation
from coupons import ledger
from coupons.models import Coupon, CouponUse
from coupons.services.saving import change_coupons


def archive_coupons(
    organization: Organization, ids: Sequence[UUID], *, archived: bool, actor: Actor, moment: datetime
) -> None:
    """Coupons that are archived already keep the moment it happened at."""
    chosen = Coupon.objects.of(organization.pk).filter(id__in=ids, archived_at__isnull=archived)
    changes = {"archived_at": moment if archived else None}
    change_coupons(organization, list(chosen.values_list("id", flat=True)), changes, actor=actor, moment=moment)


@transaction.atomic
def delete_coupons(organization: Organization, ids: Sequence[UUID], *, actor: Actor, moment: datetime) -> None:
    """Removes coupons, their expired holds and their links. One with live uses refuses, `coupon_has_uses`, and none goes."""
    chosen = Coupon.objects.of(organization.pk).filter(id__in=ids)
    # Before their counters: who redeems has both in this order.
    list(chosen.order_by("id").select_for_update().values_list("id"))
    ledger.forget_expired(organization.pk, sorted(ids), moment)
    used = CouponUse.objects.of(organization.pk).filter(coupon_id__in=ids).select_related("coupon").first()
    if used:
        raise RuleViolation(
            "coupon_has_uses",
            _("The coupon %(coupon)s has uses.") % {"coupon": used.coupon},
            hint=_("Set deleted_at instead."),
        )
    with witnessed(Coupon, organization.pk, ids, actor=actor, moment=moment):
        chosen._raw_delete("default")
