"""The years in which other dates replace a season's recurring ones. A real change leaves its history and touches the season."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bookingoffice.accounts.models import Organization
from bookingoffice.audit.actors import Actor
from bookingoffice.audit.writing import witnessed
from bookingoffice.database.rows import insert_rows, update_rows
from bookingoffice.errors import Malformed, RuleViolation
from bookingoffice.records import uuid7
from seasons.calendar import Stretch, joined
from seasons.models import Season, SeasonYear
from seasons.multiranges import multirange_text, stretches_of
from seasons.questions import season_not_found
from seasons.year_rows import Mode, copy_stretches, year_row_faults


class Place(NamedTuple):
    season_id: UUID
    year: int


class KeptYear(NamedTuple):
    id: UUID
    dates: list[Stretch]


Changes = Mapping[Place, Sequence[Stretch] | None]
"""The dates of a row; None takes the row away."""


@transaction.atomic
def set_years(
    organization: Organization,
    wanted: Mapping[UUID, Mapping[int, Sequence[Stretch]]],
    *,
    actor: Actor,
    moment: datetime,
    untouched: Collection[UUID] = (),
) -> None:
    """Each season named by its id has exactly these years afterwards; others stay as they are.

    The seasons of `untouched` keep their `updated_at`: a file that brings the years may bring that too.
    """
    if not wanted:
        return
    kept = _kept(organization.pk, wanted)
    changes: dict[Place, Sequence[Stretch] | None] = dict.fromkeys(kept)
    changes |= {Place(season, year): dates for season, years in wanted.items() for year, dates in years.items()}
    _write(organization.pk, kept, changes, actor=actor, moment=moment, untouched=untouched)


@transaction.atomic
def set_year(
    organization: Organization,
    season_id: UUID,
    year: int,
    dates: Sequence[Stretch] | None,
    *,
    actor: Actor,
    moment: datetime,
) -> None:
    """No dates: it does not take place that year. None: the recurring dates count again.

    Raises Malformed with every fault of the dates; refuses `season_not_found`.
    """
    if faults := year_row_faults(year, dates or ()):
        raise Malformed(faults)
    kept = _kept(organization.pk, [season_id])
    _write(organization.pk, kept, {Place(season_id, year): dates}, actor=actor, moment=moment)


@transaction.atomic
def copy_year(
    organization: Organization,
    season_id: UUID,
    *,
    from_year: int,
    to_year: int,
    mode: Mode,
    replace: bool = False,
    actor: Actor,
    moment: datetime,
) -> list[Stretch] | None:
    """The dates written; None where the year has a row already and may not be replaced. Refuses `no_year_row`."""
    kept = _kept(organization.pk, [season_id])
    source = kept.get(Place(season_id, from_year))
    if source is None:
        raise RuleViolation(
            "no_year_row",
            _("The season has no dates of its own for %(from_year)s.") % {"from_year": from_year},
            field="from_year",
        )
    if Place(season_id, to_year) in kept and not replace:
        return None
    dates = copy_stretches(source.dates, from_year=from_year, to_year=to_year, mode=mode)
    set_year(organization, season_id, to_year, dates, actor=actor, moment=moment)
    return dates


def _kept(organization_id: UUID, season_ids: Collection[UUID]) -> dict[Place, KeptYear]:
    """The rows as they stand, and their seasons locked: two writers of one year come one after the other."""
    ids = list(season_ids)
    seasons = Season.objects.of(organization_id).filter(id__in=ids).order_by("id")
    there = set(seasons.select_for_update(no_key=True).values_list("id", flat=True))
    for season_id in ids:
        if season_id not in there:
            raise season_not_found(season_id)
    rows = SeasonYear.objects.of(organization_id).filter(season_id__in=ids)
    found = rows.values_list("season_id", "year", "id", "dates")
    return {Place(season, year): KeptYear(row, list(stretches_of(dates))) for season, year, row, dates in found}


def _write(
    organization_id: UUID,
    kept: Mapping[Place, KeptYear],
    changes: Changes,
    *,
    actor: Actor,
    moment: datetime,
    untouched: Collection[UUID] = (),
) -> None:
    wanted = {place: None if dates is None else joined(dates) for place, dates in changes.items()}
    changed = {place: dates for place, dates in wanted.items() if dates != _dates(kept, place)}
    rows = [_row(kept, place, dates) for place, dates in changed.items() if dates is not None]
    gone = [kept[place].id for place, dates in changed.items() if dates is None]
    known = {row.id for row in kept.values()}
    if not changed:
        return
    ids = [*gone, *(row["id"] for row in rows)]
    with witnessed(SeasonYear, organization_id, ids, actor=actor, moment=moment):
        SeasonYear.objects.of(organization_id).filter(id__in=gone)._raw_delete("default")
        update_rows(SeasonYear, organization_id, [row for row in rows if row["id"] in known])
        insert_rows(SeasonYear, organization_id, [row for row in rows if row["id"] not in known])
    touched = {place.season_id for place in changed} - set(untouched)
    update_rows(Season, organization_id, [{"id": season_id} for season_id in touched])


def _dates(kept: Mapping[Place, KeptYear], place: Place) -> list[Stretch] | None:
    return kept[place].dates if place in kept else None


def _row(kept: Mapping[Place, KeptYear], place: Place, dates: Sequence[Stretch]) -> dict[str, Any]:
    row_id = kept[place].id if place in kept else uuid7()
    return {"id": row_id, "season_id": place.season_id, "year": place.year, "dates": multirange_text(dates)}
