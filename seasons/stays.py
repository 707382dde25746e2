"""Which seasons apply on a day and through a stay, and which of them comes first.

A night carries the date of its evening. Days are civil dates where the stay is: no instants, no clocks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, TypeVar
from uuid import UUID

from bookingoffice.errors import RuleViolation
from bookingoffice.speech import gettext as _
from seasons.calendar import SeasonDates

Unit = Literal["night", "day"]


@dataclass(frozen=True)
class RankedSeason:
    """A season as the questions about dates see it: who it is, its days, and when it was made."""

    id: UUID
    dates: SeasonDates
    created_at: datetime


Ranked = TypeVar("Ranked", bound=RankedSeason)


@dataclass(frozen=True)
class Night:
    """One day of a stay with every season that has it, the primary one first."""

    date: date
    season_ids: tuple[UUID, ...]

    @property
    def primary(self) -> UUID | None:
        return self.season_ids[0] if self.season_ids else None


def ranked(seasons: Iterable[Ranked]) -> list[Ranked]:
    """Fewest ring days first, then the newest, then by id. Rows of single years do not change the rank."""
    by_id = sorted(seasons, key=lambda season: str(season.id))
    newest_first = sorted(by_id, key=lambda season: season.created_at, reverse=True)
    return sorted(newest_first, key=lambda season: season.dates.slots.leap_days)


def seasons_on(seasons: Iterable[Ranked], day: date) -> list[Ranked]:
    """The seasons of the day, the primary one first; a day in none is no error."""
    return ranked(season for season in seasons if day in season.dates)


def days_of_stay(check_in: date, check_out: date, unit: Unit = "night") -> list[date]:
    """The nights from check-in to the evening before check-out; with unit `day` both ends. Refuses `empty_stay`."""
    length = (check_out - check_in).days + (1 if unit == "day" else 0)
    if length < 1:
        raise RuleViolation(
            "empty_stay", _("A stay has at least one %(unit)s; check-out comes after check-in.") % {"unit": unit}
        )
    return [check_in + timedelta(days=passed) for passed in range(length)]


def nights_of(seasons: Iterable[RankedSeason], days: Sequence[date]) -> list[Night]:
    """Season by season through the stay, night by night, never by arrival alone."""
    found: dict[date, list[UUID]] = {day: [] for day in days}
    for season in ranked(seasons) if found else ():
        for day in season.dates.days(min(found), max(found)):
            if day in found:
                found[day].append(season.id)
    return [Night(day, tuple(found[day])) for day in days]


def nights_by_season(nights: Iterable[Night]) -> dict[UUID | None, int]:
    """Each night once under its primary season, in order of first appearance; None counts the uncovered ones."""
    return dict(Counter(night.primary for night in nights))


def days_outside(seasons: Sequence[SeasonDates], days: Iterable[date]) -> list[date]:
    """The days that lie in none of the seasons: a coupon bound to them asks that there is none."""
    return [day for day in days if not any(day in season for season in seasons)]
