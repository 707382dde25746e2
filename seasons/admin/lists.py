"""The list of seasons: what each row tells is computed for all of them at once, never row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookingoffice.accounts.admin.columns import column
from bookingoffice.accounts.admin.paging import HouseChangeList
from bookingoffice.errors import RuleViolation
from seasons.admin.reading import all_seasons, label_of, language_of, today
from seasons.asked import day_asked
from seasons.calendar import SeasonDates
from seasons.questions import KeptSeason
from seasons.reports import overlapping_pairs
from seasons.words import NEVER, UNDECIDED, days_in_words, nights_in_words

FARTHEST: Final = timedelta(days=8 * 366)
"""A season of 29 February alone may be eight years away."""
ANSWERS: Final[Mapping[str, str | Promise]] = {
    "": gettext_lazy("All"),
    "set": gettext_lazy("With dates"),
    "undecided": gettext_lazy("No dates yet"),
    "never": gettext_lazy("Never"),
    "new_year": gettext_lazy("Over New Year"),
    "overlapping": gettext_lazy("Overlapping"),
}


@dataclass(frozen=True)
class Told:
    """What the list says of one season."""

    label: str
    reading: str
    nights: str
    now: str
    overlaps: int


def overlaps_counted(seasons: Sequence[KeptSeason]) -> Counter[UUID]:
    """With how many others each season shares a day of every year."""
    pairs = overlapping_pairs(seasons)
    return Counter(seasons[place].id for a, b, _, _ in pairs for place in (a, b))


def now_in_words(dates: SeasonDates, day: date) -> str:
    """Whether the season is on, and the days until that changes."""
    if day in dates:
        [run] = dates.whole(day, day)
        return (
            _("In season; ends in %(days)s") % {"days": _days((run.last - day).days + 1)}
            if run.last
            else _("In season, always")
        )
    ahead = dates.clipped(day, day + FARTHEST)
    return _("Begins in %(days)s") % {"days": _days((ahead[0].first - day).days)} if ahead else "—"


def _dates_in_words(season: KeptSeason) -> str:
    if season.without_dates:
        return _(UNDECIDED) if season.without_dates == "undecided" else _(NEVER)
    return days_in_words(season.dates.slots)


def _days(count: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}


class SeasonList(HouseChangeList):
    """Draws its filters above the list itself, so that they need no script; the sidebar of filters is not wanted."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.has_filters = False
        seasons, lang = all_seasons(request), language_of(request)
        counted, known = overlaps_counted(seasons), {season.id: season for season in seasons}
        # One that was made after all were read comes with the next look at the list
        self.result_list: Any = [row for row in self.result_list if row.pk in known]
        for row in self.result_list:
            season = known[row.pk]
            row.told = Told(
                label_of(season, lang),
                _dates_in_words(season),
                nights_in_words(season.dates.slots) if season.dates.slots.spans else "—",
                now_in_words(season.dates, today()),
                counted[season.id],
            )


class DatesFilter(admin.SimpleListFilter):
    title = gettext_lazy("dates")
    parameter_name = "dates"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(key, str(words)) for key, words in ANSWERS.items() if key]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        seasons = all_seasons(request)
        counted = overlaps_counted(seasons) if self.value() == "overlapping" else Counter()
        tests: Mapping[str, Callable[[KeptSeason], bool]] = {
            "set": lambda season: not season.without_dates,
            "undecided": lambda season: season.without_dates == "undecided",
            "never": lambda season: season.without_dates == "never",
            "new_year": lambda season: season.dates.slots.wraps,
            "overlapping": lambda season: counted[season.id] > 0,
        }
        test = tests.get(self.value() or "")
        return queryset.filter(pk__in=[season.id for season in seasons if test(season)]) if test else queryset


class OnDateFilter(admin.SimpleListFilter):
    """In season on a date such as 2027-04-30, dates of single years included."""

    title = "date"
    parameter_name = "on"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("", "")]  # without an answer to offer, the filter would not be asked at all

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if not self.value():
            return queryset
        try:
            day = day_asked(self.value(), "on")
        except RuleViolation as refusal:
            messages.error(request, refusal.sentence)
            return queryset
        return queryset.filter(pk__in=[season.id for season in all_seasons(request) if day in season.dates])


class ListOfSeasons:
    """The columns."""

    list_display = ("title", "dates", "nights", "now", "overlaps", "last_change")
    list_filter = (DatesFilter, OnDateFilter)
    list_before_template = "seasons/list_before.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return SeasonList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        context = {
            "answers": [(key, words, request.GET.get("dates", "") == key) for key, words in ANSWERS.items()],
            "on": request.GET.get("on", ""),
            "no_seasons": not all_seasons(request),
        }
        page: Any = super()
        return page.changelist_view(request, {**context, **(extra_context or {})})

    @column(gettext_lazy("Season"))
    def title(self, season: Any) -> str:
        return str(season.told.label)

    @column(gettext_lazy("Dates"))
    def dates(self, season: Any) -> str:
        return str(season.told.reading)

    @column(gettext_lazy("Nights a year"))
    def nights(self, season: Any) -> str:
        return str(season.told.nights)

    @column(gettext_lazy("Now"))
    def now(self, season: Any) -> str:
        return str(season.told.now)

    @column(gettext_lazy("Overlaps"))
    def overlaps(self, season: Any) -> str:
        return str(season.told.overlaps or "—")

    @column(gettext_lazy("Last change"), ordering="updated_at")
    def last_change(self, season: Any) -> Any:
        return season.updated_at
