"""Bookings on the wire: plain rows, but a deleted one gives its coupons back first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.utils import timezone

from bookingoffice.accounts.acting import actor_of, organization_of
from bookingoffice.postgrest.callers import Caller
from bookingoffice.postgrest.resources import Key, Resource
from coupons import services
from coupons.models import CouponUse


def release_uses(caller: Caller, keys: Sequence[Key]) -> None:
    """Before bookings go: the uses on them are released, and history says so."""
    ids = [UUID(key[0]) for key in keys]
    uses = CouponUse.objects.of(caller.organization_id).filter(booking_id__in=ids)
    pairs = list(uses.values_list("coupon_id", "booking_id"))
    services.release_many(organization_of(caller), pairs, actor=actor_of(caller), moment=timezone.now())


def releasing(bookings: Resource) -> Resource:
    return replace(bookings, before_delete=release_uses)
