"""Uses and what they took off, week by week: the last few, which an index leads to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg import sql

from bookingoffice.database.rows import execute

WEEKS: Final = 12
COUNT: Final = """
SELECT date_trunc('week', uses.created_at AT TIME ZONE %(zone)s)::date, uses.currency, count(*),
    coalesce(sum(uses.amount_minor), 0)::bigint
FROM coupon_uses AS uses
WHERE uses.organization_id = %(organization_id)s AND uses.created_at >= %(since)s AND uses.created_at < %(until)s
AND uses.state = 'redeemed'
GROUP BY 1, 2
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
    since, until = (datetime.combine(day, time(), zone) for day in (mondays[0], this + timedelta(weeks=1)))
    uses: dict[date, int] = defaultdict(int)
    taken: dict[date, dict[str, int]] = defaultdict(dict)
    for monday, currency, count, amount in execute(
        sql.SQL(COUNT), organization_id=organization_id, zone=zone.key, since=since, until=until
    ):
        uses[monday] += count
        if currency and amount:
            taken[monday][currency] = amount
    return [Week(monday, uses[monday], taken[monday]) for monday in mondays]
