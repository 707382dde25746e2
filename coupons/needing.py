"""Coupons that somebody should look at, the first few of each kind. Codes of a batch are looked after with their batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg import sql

from bookingoffice.database.rows import execute
from coupons.models import Coupon
from coupons.models.coupon import State
from coupons.standing import NEVER, begun, in_state, nearly_used_up

MOST_COUNTED: Final = 100
FEW: Final = 5
NEWEST: Final = 5_000
"""Among so many coupons those that were never used are looked for: where all are used, every one has to be asked about."""

NEVER_USED: Final = """
SELECT coupons.id, coupons.code, coupons.expires_at FROM (
    SELECT newest.* FROM coupons AS newest WHERE newest.organization_id = %(organization_id)s AND newest.batch_id IS NULL
    AND newest.deleted_at IS NULL AND newest.archived_at IS NULL
    AND (newest.expires_at IS NULL OR newest.expires_at > %(moment)s)
    AND (newest.valid_from IS NULL OR newest.valid_from <= %(moment)s) AND (newest.quota IS NULL OR newest.quota > 0)
    ORDER BY newest.created_at DESC, newest.id DESC LIMIT %(newest)s) AS coupons
WHERE {never} ORDER BY coupons.created_at DESC, coupons.id DESC LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Few:
    """`count` is true up to MOST_COUNTED and one more where there are more."""

    count: int
    coupons: tuple[tuple[UUID, str, datetime | None], ...]


def coupons_needing(organization_id: UUID, *, moment: datetime, week_ends: datetime) -> Mapping[str, Few]:
    """One statement a kind: `expiring` before the week ends, `nearly` used up, `exhausted`, `never` used."""
    coupons = Coupon.objects.of(organization_id)
    single = coupons.filter(batch=None)
    expiring = coupons.filter(deleted_at=None, archived_at=None, expires_at__gt=moment, expires_at__lt=week_ends)
    return {
        "expiring": _few(expiring.order_by("expires_at", "id")),
        "nearly": _few(_newest(coupons.filter(begun(moment), nearly_used_up(organization_id)))),
        "exhausted": _few(_newest(single.filter(in_state(organization_id, State.EXHAUSTED, moment)))),
        "never": _few_of(_never_used(organization_id, moment)),
    }


def _newest(coupons: Any) -> Any:
    return coupons.order_by("-created_at", "-id")


def _never_used(organization_id: UUID, moment: datetime) -> list[Any]:
    """The newest are taken first, so that no others are asked about."""
    newest = sql.SQL(NEVER_USED).format(never=sql.SQL(NEVER))
    return list(execute(newest, organization_id=organization_id, moment=moment, newest=NEWEST, most=MOST_COUNTED + 1))


def _few(coupons: Any) -> Few:
    return _few_of(list(coupons.values_list("id", "code", "expires_at")[: MOST_COUNTED + 1]))


def _few_of(found: list[Any]) -> Few:
    return Few(len(found), tuple(found[:FEW]))
