"""Answers about seasons as JSON has them, alike for programs and for the command line. Dates are text, ends included."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from psycopg import sql

from bookingoffice.database.jsontext import Written, json_text
from bookingoffice.database.rows import execute
from seasons.calendar import Run, Stretch
from seasons.questions import KeptSeason, Report, kept_season, kept_seasons, report_of, runs_of
from seasons.ring import MonthDay, SlotSet
from seasons.stays import Night, nights_by_season, nights_of, seasons_on

Answer = Mapping[str, Any]

SHOWN = """
SELECT id, json_build_object('id', id, 'created_at', created_at, 'updated_at', updated_at,
    'organization_id', organization_id, 'name', name, 'value', value)
FROM seasons WHERE organization_id = %(organization_id)s AND id = ANY(%(ids)s::uuid[])
"""


def on_day(organization_id: UUID, day: date, lang: str | None) -> list[Answer]:
    """The seasons of the day, the primary one first."""
    return shown(organization_id, seasons_on(kept_seasons(organization_id), day), lang)


def dates_of(organization_id: UUID, season_id: UUID, window: Stretch, *, clip: bool) -> list[Answer]:
    """The runs of one season; a side that never ends is null. Refuses `season_not_found`."""
    return runs_told(runs_of(kept_season(organization_id, season_id), window, clip=clip))


def for_stay(organization_id: UUID, days: Sequence[date]) -> Answer:
    """Night by night, and each night once under its primary season."""
    return stay_told(nights_of(kept_seasons(organization_id), days))


def stay_told(nights: Sequence[Night]) -> Answer:
    return {
        "nights": [{"date": night.date, "primary": night.primary, "season_ids": night.season_ids} for night in nights],
        "summary": [{"season_id": season_id, "nights": count} for season_id, count in nights_by_season(nights).items()],
    }


def report(organization_id: UUID, year: int | None, lang: str | None) -> Answer:
    return report_told(report_of(kept_seasons(organization_id), year), lang)


def report_told(found: Report, lang: str | None) -> Answer:
    days = DaysTold()
    told = {
        "seasons": [_season(season, lang, days) for season in found.seasons],
        "gaps": [{**gap.interval.as_json(), "leap_only": gap.leap_only} for gap in found.gaps],
        "overlaps": _overlaps(found, days),
        "without_dates": [
            {"season_id": season.id, "meaning": season.without_dates, "years": sorted(season.dates.rows)}
            for season in found.without_dates
        ],
        "lint": [{"season_id": season_id, "code": code} for season_id, code in found.lint],
    }
    if found.year_gaps is not None:
        told["year_gaps"] = runs_told(Run(*gap) for gap in found.year_gaps)
    return told


def shown(organization_id: UUID, seasons: Iterable[KeptSeason], lang: str | None) -> list[Answer]:
    """The columns of the table, spelled by PostgreSQL as everywhere, and the name in the language."""
    listed = {season.id: season for season in seasons}
    columns = columns_of(organization_id, list(listed))
    return [{**row, "label": listed[UUID(row["id"])].label(lang)} for row in columns]


def columns_of(organization_id: UUID, season_ids: Sequence[UUID]) -> list[Answer]:
    """Rows of the table in the order of the ids. One that was deleted since its id was read is left out."""
    found = dict(execute(sql.SQL(SHOWN), organization_id=organization_id, ids=list(season_ids)))
    return [found[season_id] for season_id in season_ids if season_id in found]


def runs_told(runs: Iterable[Run]) -> list[Answer]:
    return [{"start": run.first, "end": run.last, "nights": run.nights} for run in runs]


class DaysTold(dict[int, str]):
    """Normal forms as JSON by their bits, each written once: many pairs of seasons share the same days."""

    def __missing__(self, bits: int) -> str:
        intervals = SlotSet.of_bits(bits).intervals()
        text = ",".join([f'{{"min":{_day(first)},"max":{_day(last)}}}' for first, last in intervals])
        return self.setdefault(bits, f"[{text}]")


def _season(season: KeptSeason, lang: str | None, days: DaysTold) -> Answer:
    slots = season.dates.slots
    return {
        "season_id": season.id,
        "label": season.label(lang),
        "normal_form": Written(days[slots.bits]),
        "days": {"common": slots.common_days, "leap": slots.leap_days},
    }


def _overlaps(found: Report, days: DaysTold) -> Written:
    """Written at once: five hundred seasons may overlap a hundred thousand times."""
    ids = [str(season.id) for season in found.seasons]
    pieces = [
        f'{{"a":"{ids[a]}","b":"{ids[b]}","intervals":{days[bits]},"first":"{ids[first]}"}}'
        for a, b, bits, first in found.pairs
    ]
    return Written(f"[{','.join(pieces)}]")


@cache
def _day(day: MonthDay) -> str:
    return json_text(day._asdict())
