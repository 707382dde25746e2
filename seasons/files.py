"""Seasons as files: name and value as JSON, and the years in which other dates replace the recurring ones."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from bookingoffice.accounts.models import Organization
from bookingoffice.audit.actors import Actor
from bookingoffice.datafiles.columns import Column, columns_of
from bookingoffice.datafiles.sheets import Sheet
from bookingoffice.errors import Fault, Malformed
from bookingoffice.localized import name_faults
from seasons.expressions import value_faults
from seasons.file_years import read_years, years_faults
from seasons.models import Season
from seasons.writes import put_seasons
from seasons.year_writes import set_years

YEARS: Final = """
(SELECT jsonb_object_agg(years.year, coalesce(
    (SELECT jsonb_agg(jsonb_build_array(lower(span), upper(span) - 1) ORDER BY lower(span)) FROM unnest(years.dates) AS span),
    jsonb_build_array()))
FROM season_years AS years WHERE years.organization_id = {organization_id} AND years.season_id = seasons.id)
"""


class SeasonSheet(Sheet):
    """`years` is `{"2027": [["2027-06-04", "2027-08-29"]], "2028": []}`: first and last days; an empty list cancels the year."""

    noun = "season"
    plural = "seasons"
    model = Season
    columns = (
        *columns_of(Season, ("id", "name", "value")),
        Column("years", "jsonb"),
        *columns_of(Season, ("created_at", "updated_at")),
    )
    expressions = {"years": YEARS}

    def put(
        self,
        organization: Organization,
        rows: Sequence[dict[str, Any]],
        *,
        known: Collection[UUID],
        actor: Actor,
        moment: datetime,
    ) -> None:
        faults = [fault for place, row in enumerate(rows) for fault in _faults(row, row["id"] not in known, place)]
        if faults:
            raise Malformed(faults)
        ready = [{name: value for name, value in row.items() if name != "years"} for row in rows]
        put_seasons(organization, ready, actor=actor, moment=moment)
        years = {row["id"]: read_years(row["years"]) for row in rows if "years" in row}
        dated = [row["id"] for row in rows if row.get("updated_at")]
        set_years(organization, years, actor=actor, moment=moment, untouched=dated)


def _faults(row: dict[str, Any], is_new: bool, place: int) -> list[Fault]:
    faults = value_faults(row.get("value"), row=place) + years_faults(row.get("years"), row=place)
    faults += name_faults(row["name"], row=place) if "name" in row else []
    if is_new and "name" not in row:
        faults.append(Fault("name", "required", _("A new season needs a name."), "", place))
    return faults
