"""Coupons that somebody should look at, the first few of each kind. Codes of a batch are looked after with their batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from coupons.models import Coupon
from coupons.models.coupon import State
from coupons.standing import in_state, nearly_used_up, never_used

MOST_COUNTED: Final = 100
FEW: Final = 5


@dataclass(frozen=True, slots=True)
class Few:
    """`count` is true up to MOST_COUNTED and one more where there are more."""

    count: int
    coupons: tuple[tuple[UUID, str, datetime | None], ...]


def coupons_needing(organization_id: UUID, *, moment: datetime, week_ends: datetime) -> Mapping[str, Few]:
    """One statement a kind: `expiring` before the week ends, `nearly` used up, `exhausted`, `never` used."""
    coupons = Coupon.objects.of(organization_id)
    single = coupons.filter(batch=None)
    active = in_state(organization_id, State.ACTIVE, moment)
    expiring = coupons.filter(deleted_at=None, archived_at=None, expires_at__gt=moment, expires_at__lt=week_ends)
    return {
        "expiring": _few(expiring.order_by("expires_at", "id")),
        "nearly": _few(_newest(coupons.filter(active, nearly_used_up(organization_id)))),
        "exhausted": _few(_newest(single.filter(in_state(organization_id, State.EXHAUSTED, moment)))),
        "never": _few(_newest(single.filter(active, never_used(organization_id)))),
    }


def _newest(coupons: Any) -> Any:
    return coupons.order_by("-created_at", "-id")


def _few(coupons: Any) -> Few:
    found = list(coupons.values_list("id", "code", "expires_at")[: MOST_COUNTED + 1])
    return Few(len(found), tuple(found[:FEW]))
