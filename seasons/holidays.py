"""Public and school holidays by the optional library `holidays`, which nothing else here imports."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import Any

from bookingoffice.errors import RuleViolation
from seasons.calendar import Stretch, joined


@dataclass(frozen=True)
class Proposal:
    """Stretches of holidays, whole over New Year; `known` are the years of which the library has any."""

    stretches: Sequence[Stretch]
    known: Collection[int]

    def of_year(self, year: int) -> list[Stretch]:
        """A stretch belongs to the year it begins in."""
        return [stretch for stretch in self.stretches if stretch.first.year == year]

    def notes_of_year(self, year: int) -> list[str]:
        """What may be missing from the year's dates."""
        return list(self._notes(year))

    def _notes(self, year: int) -> Iterator[str]:
        for first, last in self.stretches:
            if first.year == year - 1 and last.year == year:
                yield f"{first} to {last} belongs to {year - 1}."
            if first == date(year, 1, 1) and year - 1 not in self.known:
                yield f"{year - 1} is not known: the first holidays may have begun in it."
            if last == date(year, 12, 31) and year + 1 not in self.known:
                yield f"{year + 1} is not known: the last holidays may go on into it."


def proposal(country: str, subdiv: str | None, category: str, years: Sequence[int]) -> Proposal:
    """Loads the neighbouring years too, since a holiday over New Year comes in two halves.

    Refuses `holidays_missing` without the library, `holidays_unknown` for what it does not have.
    """
    loaded = range(years[0] - 1, years[-1] + 2)
    days = _days(country.upper(), subdiv, category.lower(), loaded)
    found = Proposal(joined(Stretch(day, day) for day in days), {day.year for day in days})
    if not any(found.of_year(year) for year in years):
        raise RuleViolation(
            "holidays_unknown",
            f"No {category} holidays of {country} are known for these years.",
            hint="School holidays are known for few countries; the German ones need the state: --subdiv NI.",
        )
    return found


def _days(country: str, subdiv: str | None, category: str, years: Iterable[int]) -> list[date]:
    library = _library()
    try:
        return sorted(library.country_holidays(country, subdiv=subdiv, years=years, categories=(category,)))
    except (NotImplementedError, ValueError) as refusal:
        raise RuleViolation("holidays_unknown", f"{refusal}.".replace("..", ".")) from refusal
    except TypeError as refusal:  # the library has other things by such names: SCHOOL is a category
        raise RuleViolation("holidays_unknown", f"Country {country} not available.") from refusal


def _library() -> Any:
    try:
        return import_module("holidays")
    except ImportError:
        raise RuleViolation(
            "holidays_missing",
            "Holidays need the optional extra bookingoffice[holidays].",
            hint="pip install -r requirements/holidays.txt",
        ) from None
