"""A season as its form stands, saved or not: what the reading, the picture, the notes and the try-out box speak of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from bookingoffice.errors import RuleViolation
from bookingoffice.localized import choose_text
from seasons.admin.days import END, FEBRUARY, PARTS, DaysWidget, Rows, interval_of, rows_of
from seasons.admin.forms import DATES, UNDECIDED
from seasons.admin.reading import all_seasons, language_of, named, today
from seasons.asked import day_asked, stay_asked, year_asked
from seasons.calendar import SeasonDates
from seasons.checks import Note, Written, notes_on
from seasons.expressions import expression_of
from seasons.named import NamedSeason
from seasons.pictures import Picture, picture_of
from seasons.ring import SlotSet
from seasons.spoken import next_leap_year
from seasons.tries import Told, told_of_day, told_of_stay
from seasons.words import sentence

NEW: Final = UUID(int=0)
"""Stands for a season that has no id yet."""
YEARS_AHEAD: Final = 6


@dataclass(frozen=True)
class Draft:
    written: Written
    others: Sequence[NamedSeason]
    unfinished: Sequence[int]
    """Numbers of the rows that do not count yet, from 1."""
    open: bool
    """Days are wanted and none are there yet."""
    year: int
    today: date

    @property
    def season(self) -> NamedSeason:
        return self.written.season

    @property
    def seasons(self) -> list[NamedSeason]:
        return [self.season, *self.others]

    @property
    def reading(self) -> str:
        if self.open:
            return _("No days chosen yet.")
        return sentence(None if self.written.undecided else self.season.dates.slots)

    @property
    def notes(self) -> list[Note]:
        return notes_on(self.written, self.others, year=self.year, leap_year=next_leap_year(self.today.year))

    @property
    def picture(self) -> Picture:
        return picture_of(self.year, self.seasons, self.season.id)


def draft_of(request: HttpRequest, season_id: UUID | None, values: Mapping[str, Any]) -> Draft:
    """`values` are those of the form as they were typed: `name`, `decided` and the rows of `days`."""
    lang, kept = language_of(request), all_seasons(request)
    mine = next((season for season in kept if season.id == season_id), None)
    rows: Rows = [row for row in values["days"] if any(row.values())]
    intervals = [interval_of(row) for row in rows]
    ready = [interval for interval in intervals if interval] if values["decided"] == DATES else []
    season = NamedSeason(
        season_id or NEW,
        SeasonDates(SlotSet.of(ready), mine.dates.rows if mine else {}),
        mine.created_at if mine else timezone.now(),
        choose_text(values["name"], lang) or _("This season"),
    )
    written = Written(season, ready, undecided=values["decided"] == UNDECIDED)
    others = named((other for other in kept if other is not mine), lang)
    unfinished = [place for place, interval in enumerate(intervals, 1) if interval is None]
    still_open = values["decided"] == DATES and not ready
    return Draft(written, others, unfinished, still_open, year_of(request), today())


def posted_values(data: QueryDict) -> dict[str, Any]:
    rows = DaysWidget().value_from_datadict(data, {}, "days")
    return {"name": {"default": data.get("name", "").strip()}, "decided": data.get("decided", DATES), "days": rows}


def form_values(form: Any) -> dict[str, Any]:
    """Of a form as it is shown: as it was sent, or as it begins."""
    if form.is_bound:
        return posted_values(form.data)
    begun = {name: form.get_initial_for_field(form.fields[name], name) for name in ("name", "decided", "days")}
    days = begun["days"]
    return {**begun, "name": begun["name"] or {}, "days": days if isinstance(days, list) else rows_of(days)}


def year_of(request: HttpRequest) -> int:
    """The year of the picture, as chosen or this one."""
    try:
        return year_asked(_asked(request, "year"))
    except RuleViolation:
        return today().year


def years_offered(chosen: int) -> list[tuple[int, str]]:
    """From last year on; every leap year says so, and one is always among them."""
    first = today().year - 1
    years = sorted({*range(first, first + YEARS_AHEAD + 1), next_leap_year(first + 1), chosen})
    return [
        (year, _("%(year)s (leap year)") % {"year": year} if next_leap_year(year) == year else str(year))
        for year in years
    ]


def told(request: HttpRequest, seasons: Sequence[NamedSeason]) -> Told | None:
    """The answer to the try-out box; None while nothing is asked."""
    first, last = _asked(request, "try-from"), _asked(request, "try-to")
    if not (first or last):
        return None
    try:
        return (
            told_of_stay(seasons, stay_asked(first, last)) if last else told_of_day(seasons, day_asked(first, "date"))
        )
    except RuleViolation as refusal:
        return Told(refusal.sentence)


def fixed(data: QueryDict) -> QueryDict:
    """What was posted, its rows changed as the pressed fix says. Nothing is saved by that."""
    fix = data.get("_fix")
    rows: Rows = posted_values(data)["days"]
    if fix == "end_of_february":
        rows = [{**row, "to-day": END} if _ends_on_28(row) else row for row in rows]
    elif fix == "tidy":
        ready = [interval for row in rows if (interval := interval_of(row))]
        rest = [row for row in rows if any(row.values()) and not interval_of(row)]
        rows = [*rows_of(expression_of(SlotSet.of(ready))), *rest]
    else:
        return data
    return _with_rows(data, rows)


def _ends_on_28(row: Mapping[str, str]) -> bool:
    return (row["to-day"], row["to-month"]) == ("28", FEBRUARY)


def _with_rows(data: QueryDict, rows: Rows) -> QueryDict:
    changed = data.copy()
    for key in list(changed):
        if key.startswith("days-"):
            del changed[key]
    for place, row in enumerate(rows):
        for part in PARTS:
            changed[f"days-{place}-{part}"] = row[part]
    return changed


def _asked(request: HttpRequest, name: str) -> str:
    return request.POST.get(name) or request.GET.get(name) or ""
