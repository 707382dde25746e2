"""Which nights lie in which seasons, for whoever binds something to seasons."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from psycopg import sql

from bookingoffice.database.rows import execute

NIGHTS = """
SELECT seasons.id, array_agg(nights.night)
FROM seasons
LEFT JOIN LATERAL (
    SELECT array_agg(season_years.year::integer) AS years, range_agg(season_years.dates) AS dates FROM season_years
    WHERE season_years.organization_id = %(organization_id)s AND season_years.season_id = seasons.id
) AS kept ON true
CROSS JOIN LATERAL (
    SELECT public.season_dates(seasons.slots, kept.years, kept.dates, %(first)s::date, %(last)s::date) AS dates OFFSET 0
) AS taking_place
JOIN unnest(%(nights)s::date[]) AS nights(night) ON taking_place.dates @> nights.night
WHERE seasons.organization_id = %(organization_id)s AND seasons.id = ANY(%(season_ids)s::uuid[])
GROUP BY seasons.id
"""


def seasons_of_nights(
    organization_id: UUID, season_ids: Collection[UUID], nights: Collection[date]
) -> dict[UUID, frozenset[date]]:
    """For each of the seasons those of the nights that lie in it, rows of single years included; one statement."""
    if not season_ids or not nights:
        return {}
    found = execute(
        sql.SQL(NIGHTS),
        organization_id=organization_id,
        season_ids=list(season_ids),
        nights=list(nights),
        first=min(nights),
        last=max(nights),
    )
    return {season_id: frozenset(days) for season_id, days in found}
