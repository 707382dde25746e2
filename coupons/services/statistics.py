"""What came of coupons, from the ledger alone and in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

from psycopg import sql

from bookingoffice.accounts.models import Organization
from bookingoffice.database.rows import execute
from coupons.facts import zone_of

Period = Literal["day", "week", "month", "year"]
PERIODS: Final[tuple[Period, ...]] = ("day", "week", "month", "year")

# A booking's revenue counts once in a row, also where two coupons of one batch are on it.
COUNT: Final = """
WITH chosen AS (
    SELECT CASE WHEN NOT %(together)s THEN uses.coupon_id END AS coupon_id, uses.batch_id, uses.state, uses.booking_id,
        uses.customer_key, uses.amount_minor, coalesce(uses.currency, bookings.currency) AS currency, bookings.currency AS paid_in,
        coalesce(uses.redeemed_at, uses.created_at) AS happened_at
    FROM coupon_uses AS uses
    JOIN bookings ON bookings.organization_id = %(organization_id)s AND bookings.id = uses.booking_id
    WHERE uses.organization_id = %(organization_id)s AND (uses.state = 'redeemed' OR uses.expires_at > %(moment)s)
    AND (%(coupon_id)s::uuid IS NULL OR uses.coupon_id = %(coupon_id)s::uuid)
    AND (%(batch_id)s::uuid IS NULL OR uses.batch_id = %(batch_id)s::uuid)
), dated AS (
    SELECT *, date_trunc(%(period)s, happened_at AT TIME ZONE %(timezone)s)::date AS period FROM chosen
    WHERE (%(beginning)s::timestamptz IS NULL OR happened_at >= %(beginning)s::timestamptz)
    AND (%(ending)s::timestamptz IS NULL OR happened_at < %(ending)s::timestamptz)
), counted AS (
    SELECT *, state = 'redeemed' AS redeemed, row_number() OVER (
        PARTITION BY coupon_id, batch_id, period, currency, state, booking_id ORDER BY happened_at) AS turn
    FROM dated
), totals AS (
    SELECT lines.booking_id,
        sum(lines.amount_minor::numeric + CASE WHEN lines.tax_included THEN 0 ELSE lines.tax_minor END) AS number
    FROM line_items AS lines
    WHERE lines.organization_id = %(organization_id)s AND lines.item_type <> 'deposit'
    AND lines.booking_id IN (SELECT booking_id FROM counted WHERE redeemed)
    GROUP BY lines.booking_id
)
SELECT coupon_id, batch_id, period, currency,
    count(*) FILTER (WHERE redeemed), count(*) FILTER (WHERE NOT redeemed),
    count(DISTINCT customer_key) FILTER (WHERE redeemed),
    least(coalesce(sum(amount_minor) FILTER (WHERE redeemed), 0), 9223372036854775807)::bigint,
    greatest(-9223372036854775808, least(9223372036854775807,
        coalesce(sum(totals.number) FILTER (WHERE redeemed AND turn = 1 AND currency = paid_in), 0)))::bigint,
    min(happened_at) FILTER (WHERE redeemed), max(happened_at) FILTER (WHERE redeemed)
FROM counted LEFT JOIN totals USING (booking_id)
GROUP BY coupon_id, batch_id, period, currency
ORDER BY period, batch_id, coupon_id, currency
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which uses: all of the organization where nothing is named. `ending` is no part of the time that is asked for.

    Without a period all time is one. `together` counts the coupons of each batch as one.
    """

    coupon_id: UUID | None = None
    batch_id: UUID | None = None
    beginning: datetime | None = None
    ending: datetime | None = None
    period: Period | None = None
    together: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """`revenue_minor` is what the bookings cost before the discount: taxes included, deposits aside.

    `period` is its first day by the organization's clock; `coupon_id` is None for a batch together. Holds count in `live_holds`
    alone.
    """

    coupon_id: UUID | None
    batch_id: UUID | None
    period: date | None
    currency: str
    uses: int
    live_holds: int
    customers: int
    discount_minor: int
    revenue_minor: int
    first_use_at: datetime | None
    last_use_at: datetime | None


def statistics(organization: Organization, asked: Asked, *, moment: datetime) -> list[Result]:
    """Only coupons and periods with uses or live holds have rows."""
    found = execute(
        sql.SQL(COUNT),
        organization_id=organization.pk,
        coupon_id=asked.coupon_id,
        batch_id=asked.batch_id,
        beginning=asked.beginning,
        ending=asked.ending,
        period=asked.period,
        timezone=str(zone_of(organization)),
        together=asked.together,
        moment=moment,
    )
    return [Result(*row) for row in found]
