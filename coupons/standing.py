"""How many coupons stand, told from the counters that move with the ledger: lists of any length never count the ledger as a whole.

Twins of `CouponQuerySet.with_state` and `with_live_uses`, which count the uses themselves; a test holds them together.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL
from psycopg import sql

from bookingoffice.database.rows import execute
from coupons.models.coupon import State

MOST_COUNTED: Final = 10_000
"""Uses of a coupon without a limit are counted up to here; its own page counts them all."""

# A counter holds expired holds too, and those count for nothing. Rows of a coupon without a limit are read from the index alone.
LIVE_USES: Final = """
SELECT coupons.id, CASE WHEN coupons.quota IS NOT NULL THEN coalesce((
        SELECT sum(counters.used) FROM coupon_counters AS counters
        WHERE counters.organization_id = %(organization_id)s AND counters.coupon_id = coupons.id), 0)
    ELSE (SELECT count(*) FROM (
        SELECT FROM coupon_uses AS uses
        WHERE uses.organization_id = %(organization_id)s AND uses.coupon_id = coupons.id LIMIT %(most)s + 1) AS counted)
    END - (
        SELECT count(*) FROM coupon_uses AS holds WHERE holds.organization_id = %(organization_id)s
        AND holds.coupon_id = coupons.id AND holds.state = 'reserved' AND holds.expires_at <= %(moment)s)
FROM coupons WHERE coupons.organization_id = %(organization_id)s AND coupons.id = ANY(%(ids)s::uuid[])
"""

# No counter exceeds its quota, so a coupon is full when each of its counters is and none of its holds has expired.
FULL: Final = """
SELECT counters.coupon_id FROM coupon_counters AS counters
WHERE counters.organization_id = %s AND counters.slot = 0 AND counters.used >= counters.quota
AND counters.coupon_id NOT IN (
    SELECT others.coupon_id FROM coupon_counters AS others
    WHERE others.organization_id = %s AND others.slot > 0 AND others.used < others.quota)
AND counters.coupon_id NOT IN (
    SELECT holds.coupon_id FROM coupon_uses AS holds
    WHERE holds.organization_id = %s AND holds.state = 'reserved' AND holds.expires_at <= %s)
"""

BATCH_USES: Final = """
SELECT batches.id, CASE WHEN batches.quota IS NOT NULL THEN coalesce((
        SELECT counters.used FROM coupon_batch_counters AS counters
        WHERE counters.organization_id = %(organization_id)s AND counters.batch_id = batches.id), 0)
    ELSE (SELECT count(*) FROM (
        SELECT FROM coupon_uses AS uses
        WHERE uses.organization_id = %(organization_id)s AND uses.batch_id = batches.id LIMIT %(most)s + 1) AS counted)
    END - (
    SELECT count(*) FROM coupon_uses AS holds WHERE holds.organization_id = %(organization_id)s
    AND holds.batch_id = batches.id AND holds.expires_at <= %(moment)s)
FROM coupon_batches AS batches WHERE batches.organization_id = %(organization_id)s AND batches.id = ANY(%(ids)s::uuid[])
"""

CODES_USED: Final = """
SELECT count(DISTINCT uses.coupon_id) FROM coupon_uses AS uses
WHERE uses.organization_id = %(organization_id)s AND uses.batch_id = %(batch_id)s
AND (uses.expires_at IS NULL OR uses.expires_at > %(moment)s)
"""

# Few coupons have more counters than one: only those are summed up.
NEARLY: Final = """
SELECT counters.coupon_id FROM coupon_counters AS counters
WHERE counters.organization_id = %s AND counters.slot = 0 AND 5 * counters.used >= 4 * counters.quota
AND counters.used < counters.quota AND counters.coupon_id NOT IN (
    SELECT others.coupon_id FROM coupon_counters AS others WHERE others.organization_id = %s AND others.slot > 0)
UNION ALL
SELECT counters.coupon_id FROM coupon_counters AS counters
WHERE counters.organization_id = %s AND counters.coupon_id IN (
    SELECT others.coupon_id FROM coupon_counters AS others WHERE others.organization_id = %s AND others.slot > 0)
GROUP BY counters.coupon_id HAVING 5 * sum(counters.used) >= 4 * sum(counters.quota) AND sum(counters.used) < sum(counters.quota)
"""

# Most coupons are told by their counter; the others are asked one by one, because a join would read the whole ledger.
NEVER: Final = """
coupons.id NOT IN (
    SELECT counters.coupon_id FROM coupon_counters AS counters
    WHERE counters.organization_id = %(organization_id)s AND counters.used > 0)
AND (coupons.quota IS NOT NULL OR (
    SELECT uses.coupon_id FROM coupon_uses AS uses
    WHERE uses.organization_id = %(organization_id)s AND uses.coupon_id = coupons.id LIMIT 1) IS NULL)
"""


def live_uses(organization_id: UUID, ids: Collection[UUID], moment: datetime) -> dict[UUID, int]:
    """By coupon. One statement; above MOST_COUNTED the number of a coupon without a limit is only known to be larger."""
    found = execute(
        sql.SQL(LIVE_USES), organization_id=organization_id, ids=list(ids), moment=moment, most=MOST_COUNTED
    )
    return {coupon_id: int(number) for coupon_id, number in found}


def batch_uses(organization_id: UUID, ids: Collection[UUID], moment: datetime) -> dict[UUID, int]:
    """By batch, as `live_uses` by coupon."""
    found = execute(
        sql.SQL(BATCH_USES), organization_id=organization_id, ids=list(ids), moment=moment, most=MOST_COUNTED
    )
    return {batch_id: int(number) for batch_id, number in found}


def codes_used(organization_id: UUID, batch_id: UUID, moment: datetime) -> int:
    """How many codes of a batch were used at all."""
    statement = sql.SQL(CODES_USED)
    return int(execute(statement, organization_id=organization_id, batch_id=batch_id, moment=moment)[0][0])


def in_state(organization_id: UUID, state: str, moment: datetime) -> Q:
    """The coupons that are in this state and in no higher one."""
    kept, shelved = Q(deleted_at=None), Q(archived_at__isnull=False)
    ended, begun = Q(expires_at__lte=moment), Q(valid_from=None) | Q(valid_from__lte=moment)
    running = kept & Q(archived_at=None) & (Q(expires_at=None) | Q(expires_at__gt=moment))
    full = Q(pk__in=RawSQL(FULL, [organization_id, organization_id, organization_id, moment]))  # noqa: S611 - a constant text
    used_up = Q(quota=0) | Q(quota__gt=0) & full
    has_room = Q(quota=None) | Q(quota__gt=0) & ~full
    conditions = {
        State.DELETED: Q(deleted_at__isnull=False),
        State.ARCHIVED: kept & shelved,
        State.EXPIRED: kept & Q(archived_at=None) & ended,
        State.EXHAUSTED: running & used_up,
        State.SCHEDULED: running & has_room & Q(valid_from__gt=moment),
        State.ACTIVE: running & has_room & begun,
    }
    return conditions[State(state)]


def nearly_used_up(organization_id: UUID) -> Q:
    """Four fifths of the quota or more are gone, and not all."""
    return Q(pk__in=RawSQL(NEARLY, [organization_id] * 4))  # noqa: S611 - a constant text


def never_used(organization_id: UUID) -> Any:
    """Neither redeemed nor held now."""
    statement = NEVER.replace("%(organization_id)s", "%s")  # as Django's expressions take their values
    return RawSQL(f"({statement})", [organization_id, organization_id], output_field=BooleanField())  # noqa: S611 - a constant text


def begun(moment: datetime) -> Q:
    """Neither ended nor to begin, and with a limit above 0 if with any: active, unless all its uses are gone."""
    running = Q(deleted_at=None, archived_at=None) & (Q(expires_at=None) | Q(expires_at__gt=moment))
    return running & (Q(valid_from=None) | Q(valid_from__lte=moment)) & (Q(quota=None) | Q(quota__gt=0))
