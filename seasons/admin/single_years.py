"""Dates of a season for one year, and copies of them to another. The dates they replace stay in sight."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookingoffice.accounts.desk import actor_of, organization_of
from bookingoffice.errors import RuleViolation
from seasons.admin.reading import all_seasons, label_of, language_of, today
from seasons.asked import day_asked, year_asked
from seasons.calendar import Stretch
from seasons.models import Season
from seasons.questions import KeptSeason
from seasons.spoken import stretch_in_words, stretches_in_words
from seasons.year_rows import Mode, copy_stretches, year_row_faults
from seasons.year_writes import copy_year, set_year

SPARE: Final = 3
MODES: Final = {"same_dates": gettext_lazy("the dates"), "same_weekdays": gettext_lazy("the weekdays")}


@dataclass
class YearRow:
    """A row of two dates as it stands in the form."""

    first: str = ""
    last: str = ""
    faults: list[str] = field(default_factory=list)


def single_years_shown(request: HttpRequest, record: Season) -> dict[str, Any]:
    season = _season(request, record.pk)
    rows = [
        {"year": year, "dates": stretches_in_words(dates), "replaced": replaced_in_words(season, year)}
        for year, dates in sorted(season.dates.rows.items())
    ]
    following = today().year + 1
    return {"single_years": rows, "next_year": following, "copy_to": max([following, *season.dates.rows]) + 1}


def replaced_in_words(season: KeptSeason, year: int) -> str:
    found = season.dates.occurrence(year)
    return stretches_in_words(found) if found else _("no dates")


class SingleYears:
    """Stands before a ModelAdmin."""

    def single_years_view(self, request: HttpRequest, object_id: UUID) -> HttpResponse:
        """Goes on to the year that was typed."""
        try:
            year = year_asked(request.GET.get("year", ""))
        except RuleViolation as refusal:
            messages.error(request, refusal.sentence)
            return HttpResponseRedirect(_page(object_id))
        return HttpResponseRedirect(reverse("admin:seasons_season_single_year", args=[object_id, year]))

    def single_year_view(self, request: HttpRequest, object_id: UUID, year: int) -> HttpResponse:
        season = self._writable(request, object_id)
        _refuse_year(year)
        if request.method != "POST":
            return self._year_form(request, season, year, _rows_shown(season, year))
        rows = posted_rows(request.POST)
        dates = _wanted(request.POST, rows, year)
        if dates is not None or "_remove" in request.POST:
            return self._kept(request, season, year, None if "_remove" in request.POST else dates)
        return self._year_form(request, season, year, rows)

    def copy_year_view(self, request: HttpRequest, object_id: UUID) -> HttpResponse:
        """GET shows what would be written, POST writes it."""
        season, asked = self._writable(request, object_id), request.POST or request.GET
        try:
            from_year, to_year = year_asked(asked.get("from", "")), year_asked(asked.get("to", ""))
        except RuleViolation as refusal:
            messages.error(request, refusal.sentence)
            return HttpResponseRedirect(_page(object_id))
        mode = cast("Mode", asked.get("mode") if asked.get("mode") in MODES else "same_dates")
        if from_year not in season.dates.rows:
            messages.error(request, _("There are no dates for %(from_year)s to copy.") % {"from_year": from_year})
            return HttpResponseRedirect(_page(object_id))
        dates = copy_stretches(season.dates.rows[from_year], from_year=from_year, to_year=to_year, mode=mode)
        if flaws := _flaws(to_year, dates):
            messages.error(request, " ".join(flaws))
            return HttpResponseRedirect(_page(object_id))
        if request.method == "POST":
            return self._copied(request, season, from_year, to_year, mode)
        context = {
            "from_year": from_year,
            "to_year": to_year,
            "mode": mode,
            "source": stretches_in_words(season.dates.rows[from_year]),
            "dates": stretches_in_words(dates),
            "replaced": _current(season, to_year),
            "has_row": to_year in season.dates.rows,
        }
        title = _("Copy the dates of %(from_year)s to %(to_year)s") % {"from_year": from_year, "to_year": to_year}
        return self._shown(request, season, "seasons/copy_year.html", title, context)

    def _copied(
        self, request: HttpRequest, season: KeptSeason, from_year: int, to_year: int, mode: Mode
    ) -> HttpResponse:
        """Replaces only what was announced: a row that came since then is left and named."""
        act: Any = {"actor": actor_of(request), "moment": timezone.now()}
        years: Any = {"from_year": from_year, "to_year": to_year, "mode": mode, "replace": "replace" in request.POST}
        written = copy_year(organization_of(request), season.id, **years, **act)
        if written is None:
            messages.error(
                request,
                _("%(to_year)s has dates of its own already; they were left as they are.") % {"to_year": to_year},
            )
        else:
            messages.success(request, f"{to_year}: {stretches_in_words(written)}.")
        return HttpResponseRedirect(_page(season.id, to_year))

    def _kept(self, request: HttpRequest, season: KeptSeason, year: int, dates: list[Stretch] | None) -> HttpResponse:
        set_year(organization_of(request), season.id, year, dates, actor=actor_of(request), moment=timezone.now())
        words = _("the usual days count again") if dates is None else stretches_in_words(dates)
        messages.success(request, f"{year}: {words}.")
        return HttpResponseRedirect(_page(season.id, year))

    def _year_form(self, request: HttpRequest, season: KeptSeason, year: int, rows: list[YearRow]) -> HttpResponse:
        filled = [row for row in rows if row.first or row.last or row.faults]
        context = {
            "year": year,
            "rows": [*filled, *(YearRow() for _ in range(SPARE))],
            "replaced": replaced_in_words(season, year),
            "has_row": year in season.dates.rows,
        }
        title = _("%(season)s in %(year)s") % {"season": label_of(season, language_of(request)), "year": year}
        return self._shown(request, season, "seasons/single_year.html", title, context)

    def _writable(self, request: HttpRequest, object_id: UUID) -> KeptSeason:
        page: Any = self
        if not page.has_change_permission(request):
            raise PermissionDenied
        return _season(request, object_id)

    def _shown(
        self, request: HttpRequest, season: KeptSeason, template: str, title: str, context: dict[str, Any]
    ) -> HttpResponse:
        page: Any = self
        around = {**page.admin_site.each_context(request), "title": title, "opts": page.opts}
        return TemplateResponse(request, template, {**around, "season": season, "back": _page(season.id), **context})


def posted_rows(data: QueryDict) -> list[YearRow]:
    """At least one, which can say what is missing."""
    rows: list[YearRow] = []
    while f"from-{len(rows)}" in data or f"to-{len(rows)}" in data:
        rows.append(YearRow(data.get(f"from-{len(rows)}", "").strip(), data.get(f"to-{len(rows)}", "").strip()))
    return rows or [YearRow()]


def _wanted(data: QueryDict, rows: list[YearRow], year: int) -> list[Stretch] | None:
    """The dates of the rows; None where a row is faulty, which then says why."""
    if "_none" in data:
        return []
    given = [row for row in rows if row.first or row.last]
    stretches = [stretch for row in given if (stretch := _stretch(row))]
    if any(row.faults for row in given):
        return None
    for row, stretch in zip(given, stretches, strict=True):
        row.faults += [fault.message for fault in year_row_faults(year, [stretch])]
    if not given:
        rows[0].faults.append(_("Give a first and a last day, or say that it does not take place."))
    return None if any(row.faults for row in rows) else stretches


def _flaws(year: int, dates: list[Stretch]) -> list[str]:
    """Why copied dates cannot be those of the year: a copy by weekday may leave it."""
    return [
        f"{stretch_in_words(stretch)}: {fault.message}"
        for stretch in dates
        for fault in year_row_faults(year, [stretch])
    ]


def _refuse_year(year: int) -> None:
    try:
        year_asked(year)
    except RuleViolation as refusal:
        raise Http404(refusal.sentence) from refusal


def _stretch(row: YearRow) -> Stretch | None:
    try:
        return Stretch(day_asked(row.first, _("first day")), day_asked(row.last, _("last day")))
    except RuleViolation as refusal:
        row.faults.append(refusal.sentence)
        return None


def _rows_shown(season: KeptSeason, year: int) -> list[YearRow]:
    """What is kept for the year, else the usual days to begin from."""
    dates = season.dates.rows[year] if year in season.dates.rows else season.dates.occurrence(year)
    return [YearRow(str(first), str(last)) for first, last in dates]


def _current(season: KeptSeason, year: int) -> str:
    if year in season.dates.rows:
        return stretches_in_words(season.dates.rows[year])
    return replaced_in_words(season, year)


def _season(request: HttpRequest, season_id: UUID) -> KeptSeason:
    found = next((season for season in all_seasons(request) if season.id == season_id), None)
    if found is None:
        raise Http404(_("There is no such season."))
    return found


def _page(season_id: UUID, year: int | None = None) -> str:
    page = reverse("admin:seasons_season_change", args=[season_id])
    return f"{page}{f'?year={year}' if year else ''}#season-single-years"
