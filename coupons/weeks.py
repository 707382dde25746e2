"""Uses and what they took off, week by week: the last few, which an index leads to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg import sql

from bookingoffice.database.rows import execute

WEEKS: Final = 12
# Week by week, because asking each use for its week takes longer than reading it.
COUNT: Final = """
SELECT weeks.monday, uses.currency, uses.number, uses.amount_minor
FROM unnest(%(mondays)s::date[]) AS weeks(monday), LATERAL (
    SELECT currency, count(*) AS number, coalesce(sum(amount_minor), 0)::bigint AS amount_minor FROM coupon_uses AS kept
    WHERE kept.organization_id = %(organization_id)s AND kept.state = 'redeemed'
    AND kept.created_at >= weeks.monday::timestamp AT TIME ZONE %(zone)s
    AND kept.created_at < (weeks.monday + 7)::timestamp AT TIME ZONE %(zone)s
    GROUP BY currency) AS uses
"""


@dataclass(frozen=True, slots=True)
class Week:
    """From a Monday on; `taken` is in minor units by currency."""

    monday: date
    uses: int
    taken: Mapping[str, int]


def last_weeks(organization_id: UUID, today: date, zone: ZoneInfo, *, weeks: int = WEEKS) -> list[Week]:
    """Oldest first, this week last, empty weeks too. A use belongs to the week in which it was made."""
    this = today - timedelta(days=today.weekday())
    mondays = [this - timedelta(weeks=ago) for ago in reversed(range(weeks))]
    uses: dict[date, int] = defaultdict(int)
    taken: dict[date, dict[str, int]] = defaultdict(dict)
    for monday, currency, count, amount in execute(
        sql.SQL(COUNT), organization_id=organization_id, zone=zone.key, mondays=mondays
    ):
        uses[monday] += count
        if currency and amount:
            taken[monday][currency] = amount
    return [Week(monday, uses[monday], taken[monday]) for monday in mondays]
