"""The years in which other dates replace a season's recurring ones, set as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from bookingoffice.accounts.models import Organization
from bookingoffice.audit.actors import Actor
from bookingoffice.audit.writing import witnessed
from bookingoffice.database.rows import insert_rows, update_rows
from bookingoffice.records import uuid7
from seasons.calendar import Stretch, joined
from seasons.models import SeasonYear


@transaction.atomic
def set_years(
    organization: Organization,
    wanted: Mapping[UUID, Mapping[int, Sequence[Stretch]]],
    *,
    actor: Actor,
    moment: datetime,
) -> None:
    """Each season named by its id has exactly these years afterwards; others stay as they are."""
    if not wanted:
        return
    kept = SeasonYear.objects.of(organization.pk).filter(season_id__in=list(wanted))
    present = {(season, year): year_id for season, year, year_id in kept.values_list("season_id", "year", "id")}
    rows = [
        {"id": present.get((season, year)) or uuid7(), "season_id": season, "year": year, "dates": _multirange(dates)}
        for season, years in wanted.items()
        for year, dates in years.items()
    ]
    ids: set[Any] = {row["id"] for row in rows}
    gone = [year_id for year_id in present.values() if year_id not in ids]
    with witnessed(SeasonYear, organization.pk, [*ids, *gone], actor=actor, moment=moment):
        kept.filter(id__in=gone)._raw_delete("default")
        known = set(present.values())
        update_rows(SeasonYear, organization.pk, [row for row in rows if row["id"] in known])
        insert_rows(SeasonYear, organization.pk, [row for row in rows if row["id"] not in known])


def _multirange(stretches: Sequence[Stretch]) -> str:
    """As PostgreSQL reads it, without the day after the last."""
    ranges = (f"[{dates.first},{dates.last + timedelta(days=1)})" for dates in joined(stretches))
    return "{" + ",".join(ranges) + "}"
