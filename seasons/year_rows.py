"""Dates of a season for one year: what a row may say, and how it is copied to another year."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Final, Literal

from bookingoffice.errors import Fault
from bookingoffice.speech import gettext as _
from seasons.calendar import Stretch, joined

Mode = Literal["same_dates", "same_weekdays"]

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
_EARLY_START: Final = timedelta(days=3)  # copies by weekday may land on 29 December

OpenStretch = tuple[date | None, date | None]


def year_row_faults(year: int, stretches: Sequence[OpenStretch], *, field: str = "dates", row: int = 0) -> list[Fault]:
    """Every fault of a row for the year; the path is the place of the range. No ranges: it does not take place."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return [
            Fault(
                "year",
                "year_out_of_range",
                _("The year goes from %(first)s to %(last)s.") % {"first": FIRST_YEAR, "last": LAST_YEAR},
                "",
                row,
            )
        ]
    flawed = ((_stretch_flaw(year, first, last), f"{field}[{place}]") for place, (first, last) in enumerate(stretches))
    return [Fault(field, flaw[0], flaw[1], path, row) for flaw, path in flawed if flaw]


def _stretch_flaw(year: int, first: date | None, last: date | None) -> tuple[str, str] | None:
    if first is None or last is None:
        return "range_without_end", _("A range has a first and a last day.")
    if first > last:
        return "range_reversed", _("The first day stands before the last.")
    early, late = date(year, 1, 1) - _EARLY_START, date(year, 12, 31) + _EARLY_START
    if not early <= first <= late or last > date(year + 1, 12, 31):
        return "range_outside_year", _("A range of %(year)s begins in %(year)s and ends by 31 December %(year_2)s.") % {
            "year": year,
            "year_2": year + 1,
        }
    return None


def copy_stretches(stretches: Iterable[Stretch], *, from_year: int, to_year: int, mode: Mode) -> list[Stretch]:
    """Each range moved on its own, from the source row, so that nothing drifts."""
    move = _same_dates if mode == "same_dates" else _same_weekdays
    return joined(copy for stretch in stretches for copy in move(stretch, to_year - from_year))


def _same_dates(stretch: Stretch, years: int) -> Iterator[Stretch]:
    """Both ends keep month and day; 29 February alone vanishes in a common year."""
    first = _moved(stretch.first, years, missing=(3, 1))
    last = _moved(stretch.last, years, missing=(2, 28))
    if first <= last:
        yield Stretch(first, last)


def _same_weekdays(stretch: Stretch, years: int) -> Iterator[Stretch]:
    """The start keeps its weekday, at most three days from its date; the number of nights stays."""
    target = _moved(stretch.first, years, missing=(3, 1))
    ahead = (stretch.first.weekday() - target.weekday()) % 7
    first = target + timedelta(days=ahead if ahead <= 3 else ahead - 7)
    yield Stretch(first, first + (stretch.last - stretch.first))


def _moved(day: date, years: int, *, missing: tuple[int, int]) -> date:
    year = day.year + years
    if (day.month, day.day) == (2, 29) and not isleap(year):
        return date(year, *missing)
    return day.replace(year=year)
