"""An organization's seasons with their days, read in two statements however many there are, and asked by the pure rules.

Runs in the organization's scope. Nothing is remembered between requests.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID

from django.utils.translation import gettext as _

from bookingoffice.errors import RuleViolation
from bookingoffice.localized import choose_text
from seasons.calendar import ONE_DAY, Run, SeasonDates, Stretch, YearRows
from seasons.expressions import intervals_of
from seasons.models import Season, SeasonYear
from seasons.multiranges import slots_of_column, stretches_of
from seasons.reports import Gap, Lint, Pair, gaps, lint, overlapping_pairs, year_gaps
from seasons.stays import RankedSeason, nights_of, ranked

LONGEST_ECHO: Final = 64  # characters of what was asked that a refusal repeats
Meaning = Literal["undecided", "never"]


@dataclass(frozen=True)
class KeptSeason(RankedSeason):
    """A season as it is kept."""

    updated_at: datetime
    name: Mapping[str, str]
    value: Mapping[str, Any] | None

    def label(self, lang: str | None) -> str:
        """Its name in the language, or the nearest to it."""
        return choose_text(self.name, lang)

    @property
    def without_dates(self) -> Meaning | None:
        """Why no day recurs, where none does."""
        if self.dates.slots.spans:
            return None
        return "undecided" if self.value is None else "never"


@dataclass(frozen=True)
class Report:
    """What seasons, sorted by id, leave open or claim twice. All but `year_gaps` is of the ring, without rows of single years."""

    seasons: Sequence[KeptSeason]
    gaps: Sequence[Gap]
    pairs: Sequence[Pair]
    """The overlaps, by place in `seasons`."""
    lint: Sequence[tuple[UUID, Lint]]
    year_gaps: Sequence[Stretch] | None

    @property
    def without_dates(self) -> list[KeptSeason]:
        return [season for season in self.seasons if season.without_dates]


@dataclass(frozen=True)
class SeasonYearPage:
    """One calendar year: the seasons in order of rank with their stretches of it, and day by day which one comes first."""

    year: int
    stretches: Mapping[UUID, Sequence[Stretch]]
    primary: Mapping[date, UUID | None]
    seasons: Sequence[KeptSeason]


def kept_seasons(organization_id: UUID, season_ids: Collection[UUID] | None = None) -> list[KeptSeason]:
    """All of them, or those of these ids, by id."""
    seasons, years = Season.objects.of(organization_id), SeasonYear.objects.of(organization_id)
    if season_ids is not None:
        seasons, years = seasons.filter(id__in=season_ids), years.filter(season_id__in=season_ids)
    rows: defaultdict[UUID, dict[int, tuple[Stretch, ...]]] = defaultdict(dict)
    for season_id, year, dates in years.values_list("season_id", "year", "dates"):
        rows[season_id][year] = stretches_of(dates)
    columns = ("id", "slots", "created_at", "updated_at", "name", "value")
    found = seasons.order_by("id").values_list(*columns)
    return [_kept(season_id, slots, rows.get(season_id, {}), *rest) for season_id, slots, *rest in found]


def kept_season(organization_id: UUID, season_id: UUID) -> KeptSeason:
    """Refuses `season_not_found`, for seasons of others too."""
    found = kept_seasons(organization_id, [season_id])
    if not found:
        raise season_not_found(season_id)
    return found[0]


def season_not_found(named: object) -> RuleViolation:
    return RuleViolation(
        "season_not_found", _("There is no season %(named)s.") % {"named": str(named)[:LONGEST_ECHO]}, field="season_id"
    )


def runs_of(season: RankedSeason, window: Stretch, *, clip: bool) -> Sequence[Run]:
    """The runs in the window, cut to it or whole."""
    return [Run(*run) for run in season.dates.clipped(*window)] if clip else season.dates.whole(*window)


def report_of(seasons: Sequence[KeptSeason], year: int | None = None) -> Report:
    return Report(
        seasons,
        gaps(season.dates.slots for season in seasons),
        overlapping_pairs(seasons),
        [(season.id, code) for season in seasons for code in lint(intervals_of(season.value))],
        None if year is None else year_gaps(seasons, year),
    )


def year_page(seasons: Sequence[KeptSeason], year: int) -> SeasonYearPage:
    """For pictures of a year; rows of single years are honoured."""
    window = Stretch(date(year, 1, 1), date(year, 12, 31))
    days = [window.first + ONE_DAY * passed for passed in range(window.nights)]
    primary = {night.date: night.primary for night in nights_of(seasons, days)}
    stretches = {season.id: season.dates.clipped(*window) for season in seasons}
    return SeasonYearPage(year, stretches, primary, ranked(seasons))


def _kept(
    season_id: UUID,
    slots: Any,
    rows: YearRows,
    created_at: datetime,
    updated_at: datetime,
    name: Mapping[str, str],
    value: Mapping[str, Any] | None,
) -> KeptSeason:
    return KeptSeason(season_id, SeasonDates(slots_of_column(slots), rows), created_at, updated_at, name, value)
