"""Spending a coupon, holding one use for a checkout, and giving a use back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from bookingoffice.accounts.models import Organization
from bookingoffice.audit.actors import Actor
from bookingoffice.audit.writing import witnessed
from bookingoffice.records import uuid7
from coupons import ledger
from coupons.models import CouponUse


@dataclass(frozen=True, slots=True)
class Redemption:
    """One use to be made. `customer` is a key such as `id:77`; without one the booking's own customer counts."""

    coupon_id: UUID
    booking_id: UUID
    id: UUID = field(default_factory=uuid7)
    created_at: datetime | None = None
    customer: str | None = None


def redeem(
    organization: Organization,
    coupon_id: UUID,
    booking_id: UUID,
    *,
    actor: Actor,
    moment: datetime,
    customer: str | None = None,
) -> UUID:
    """Spends the coupon once on the booking; the ledger's own locks keep two guests from taking the last use."""
    redemption = Redemption(coupon_id, booking_id, customer=customer)
    return redeem_many(organization, [redemption], actor=actor, moment=moment)[0]


def redeem_many(
    organization: Organization, redemptions: Sequence[Redemption], *, actor: Actor, moment: datetime
) -> list[UUID]:
    """All or none. Answers the ids of the uses; a hold that was redeemed keeps its id. Raises RuleViolation."""
    return _take(organization, redemptions, state="redeemed", until=None, actor=actor, moment=moment)


def reserve(
    organization: Organization,
    coupon_id: UUID,
    booking_id: UUID,
    *,
    until: datetime,
    actor: Actor,
    moment: datetime,
    customer: str | None = None,
) -> UUID:
    """Holds one use until a deadline; from then on it counts for nothing. Reserving again moves the deadline."""
    redemption = Redemption(coupon_id, booking_id, customer=customer)
    return _take(organization, [redemption], state="reserved", until=until, actor=actor, moment=moment)[0]


def release(organization: Organization, coupon_id: UUID, booking_id: UUID, *, actor: Actor, moment: datetime) -> bool:
    """Gives the use or the hold back; False when there was none, which is no error."""
    return release_many(organization, [(coupon_id, booking_id)], actor=actor, moment=moment) == 1


@transaction.atomic
def release_many(
    organization: Organization, pairs: Sequence[tuple[UUID, UUID]], *, actor: Actor, moment: datetime
) -> int:
    """Pairs of coupon and booking; answers how many uses there were to give back."""
    bookings = {booking for _, booking in pairs}
    held = (
        CouponUse.objects.of(organization.pk)
        .filter(booking_id__in=bookings)
        .values_list("coupon_id", "booking_id", "id")
    )
    ids = [use_id for coupon, booking, use_id in held if (coupon, booking) in set(pairs)]
    with witnessed(CouponUse, organization.pk, ids, actor=actor, moment=moment):
        ordered = sorted(pairs, key=lambda pair: (pair[1], pair[0]))
        return sum(ledger.release(organization.pk, coupon, booking) for coupon, booking in ordered)


@transaction.atomic
def amend_many(organization: Organization, uses: Sequence[Redemption], *, actor: Actor, moment: datetime) -> None:
    """Corrects the id or the moment of making of uses that stay where they are."""
    bookings = [use.booking_id for use in uses]
    present = CouponUse.objects.of(organization.pk).filter(booking_id__in=bookings).values_list("id", flat=True)
    ids = {*present, *(use.id for use in uses)}
    with witnessed(CouponUse, organization.pk, ids, actor=actor, moment=moment):
        ledger.amend(organization.pk, [_row(use, None) for use in uses])


@transaction.atomic
def _take(
    organization: Organization,
    redemptions: Sequence[Redemption],
    *,
    state: str,
    until: datetime | None,
    actor: Actor,
    moment: datetime,
) -> list[UUID]:
    if not redemptions:
        return []
    rows = [_row(redemption, until) for redemption in redemptions]
    held = _uses_at(organization.pk, redemptions)
    ids = [held.get((redemption.coupon_id, redemption.booking_id), redemption.id) for redemption in redemptions]
    with witnessed(
        CouponUse, organization.pk, {*ids, *(r.id for r in redemptions)}, actor=actor, moment=moment, action=state
    ):
        return ledger.take(organization.pk, rows, state=state, moment=moment)


def _uses_at(organization_id: UUID, redemptions: Sequence[Redemption]) -> dict[tuple[UUID, UUID], UUID]:
    """Holds that the act may turn into uses: history must see them before and after."""
    bookings = {redemption.booking_id for redemption in redemptions}
    uses = CouponUse.objects.of(organization_id).filter(booking_id__in=bookings)
    return {(coupon, booking): use_id for coupon, booking, use_id in uses.values_list("coupon_id", "booking_id", "id")}


def _row(redemption: Redemption, until: datetime | None) -> dict[str, Any]:
    return {
        "coupon_id": redemption.coupon_id,
        "booking_id": redemption.booking_id,
        "id": redemption.id,
        "created_at": redemption.created_at,
        "customer": redemption.customer,
        "until": until,
    }
