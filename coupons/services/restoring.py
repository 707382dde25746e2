"""Taking a release back: the use is in the ledger again as it was, with the terms and the amount it had."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bookingoffice.accounts.models import Organization
from bookingoffice.audit.actors import Actor
from bookingoffice.audit.models import AuditEntry
from bookingoffice.audit.writing import witnessed
from bookingoffice.database.backend.moments import read_instant
from bookingoffice.errors import RuleViolation
from coupons import ledger
from coupons.models import CouponUse


@transaction.atomic
def restore_use(
    organization: Organization, entry_id: UUID, *, actor: Actor, moment: datetime, reason: str | None = None
) -> UUID:
    """`entry_id` is the history's entry of the release. Answers the id of the use, which is the one it had.

    The guest was promised it, so it is not judged anew: a coupon that has expired since, or changed, gives it back. The limits
    hold: what others have taken meanwhile of a quota, a customer's limit or a budget is gone, and an archived or deleted
    coupon has to be restored first. A hold comes back only before its deadline.
    """
    entry = releases(organization).filter(pk=entry_id).first()
    if entry is None:
        raise RuleViolation("release_not_found", _("There is no such release in the history."))
    was = as_it_was(entry)
    deadline = read_instant(was.get("expires_at"))
    if deadline and deadline <= moment:
        raise RuleViolation("hold_lapsed", _("This was a hold for a checkout, and its deadline has passed."))
    coupon_id, booking_id = UUID(was["coupon_id"]), UUID(was["booking_id"])
    _make_room(organization, coupon_id, booking_id, moment)
    row = {
        "coupon_id": coupon_id,
        "booking_id": booking_id,
        "until": was.get("expires_at"),
        "id": entry.row_id,
        "created_at": made_at(organization, entry),
        "customer": was.get("customer_key"),
        **{name: was.get(name) for name in ("amount_minor", "currency", "terms")},
    }
    with witnessed(CouponUse, organization.pk, [entry.row_id], actor=actor, moment=moment, reason=reason):
        # By the clock of the redemption: what the coupon said then is what was promised.
        then = read_instant(was.get("redeemed_at")) or moment
        ledger.take(organization.pk, [row], state=was["state"], moment=then)
    use_id: UUID = entry.row_id
    return use_id


def releases(organization: Organization) -> Any:
    """The history's entries of uses that were given back, newest first."""
    return AuditEntry.objects.of(organization.pk).filter(table_name="coupon_uses", action="deleted")


def as_it_was(entry: AuditEntry) -> dict[str, Any]:
    """The columns of a use before it was given back."""
    changes: Mapping[str, list[Any]] = entry.changes
    return {column: before for column, (before, _after) in changes.items()}


def made_at(organization: Organization, entry: AuditEntry) -> datetime:
    """When the use was first made: history keeps that with its making, not with its end."""
    entries = AuditEntry.objects.of(organization.pk).filter(table_name="coupon_uses", row_id=entry.row_id)
    first = entries.exclude(action="deleted").order_by("created_at").values_list("created_at", flat=True).first()
    return first or read_instant(as_it_was(entry).get("redeemed_at")) or entry.created_at


def _make_room(organization: Organization, coupon_id: UUID, booking_id: UUID, moment: datetime) -> None:
    """Locks in the order of the house and forgets holds whose deadline has come since, which by the old clock would count."""
    ledger.lock_bookings(organization.pk, [booking_id])
    beside = CouponUse.objects.of(organization.pk).filter(booking_id=booking_id)
    ids = {coupon_id, *beside.values_list("coupon_id", flat=True)}
    ledger.forget_expired(organization.pk, sorted(ids), moment)
