"""From the ring to civil dates: which days of which years a season has, rows for single years included.

A row of year Y replaces all occurrences of Y. A recurring day belongs to its own year, except the January side of a
stretch over New Year, which belongs to the year before. The database twin is `season_dates`.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import Final, NamedTuple

from seasons.ring import LEAP_SLOT, RING_START, SlotSet, slot_of

ONE_DAY: Final = timedelta(days=1)
LONGEST_RUN_YEARS: Final = 8
"""“All but 29 February” runs from leap day to leap day, over 1900 and 2100 eight years."""


class Stretch(NamedTuple):
    """Consecutive days, both ends included."""

    first: date
    last: date

    @property
    def nights(self) -> int:
        return (self.last - self.first).days + 1


class Run(NamedTuple):
    """A longest stretch of days in a season; None is a side that never ends."""

    first: date | None
    last: date | None

    @property
    def nights(self) -> int | None:
        return (self.last - self.first).days + 1 if self.first and self.last else None


YearRows = Mapping[int, tuple[Stretch, ...]]


@dataclass(frozen=True)
class SeasonDates:
    """The days of one season: the recurring ones, and the rows of single years instead of theirs."""

    slots: SlotSet
    rows: YearRows = field(default_factory=dict)

    def __contains__(self, day: date) -> bool:
        if any(first <= day <= last for row in self.rows.values() for first, last in row):
            return True
        return slot_of(day) in self.slots and self._owner(day) not in self.rows

    def _owner(self, day: date) -> int:
        january_side = self.slots.wraps and slot_of(day) < self.slots.spans[0][1]
        return day.year - 1 if january_side else day.year

    def occurrence(self, year: int) -> list[Stretch]:
        """What recurs in the year, in order of date; a day that does not exist that year is left out."""
        pieces = [_piece(self._year_of(start, year), start, end) for start, end in self.slots.spans]
        return joined(piece for piece in pieces if piece)

    def _year_of(self, start: int, year: int) -> int:
        return year + 1 if self.slots.wraps and start == RING_START else year

    def clipped(self, first: date, last: date) -> list[Stretch]:
        """The runs in the window, both ends included, cut to it."""
        cut = (Stretch(max(run.first, first), min(run.last, last)) for run in self._runs(first, last))
        return [run for run in cut if run.first <= run.last]

    def days(self, first: date, last: date) -> Iterator[date]:
        """The days of the season in the window, in order."""
        for run in self.clipped(first, last):
            for passed in range(run.nights):
                yield run.first + timedelta(days=passed)

    def whole(self, first: date, last: date) -> list[Run]:
        """The runs that meet the window, uncut, however far they reach."""
        horizon = self._horizon(first, last)
        meeting = (run for run in self._runs(*horizon) if run.first <= last and first <= run.last)
        return [self._unbounded(run, horizon) for run in meeting]

    def _runs(self, first: date, last: date) -> list[Stretch]:
        recurring = (self.occurrence(year) for year in _years(first, last) if year not in self.rows)
        return joined(run for runs in (*recurring, *self.rows.values()) for run in runs)

    def _horizon(self, first: date, last: date) -> Stretch:
        """So far that a run reaching it never ends: beyond every row, a run of a ring with a gap has found its end."""
        years = [first.year, last.year, *self.rows]
        beyond = LONGEST_RUN_YEARS + 1
        return Stretch(_new_year(min(years) - beyond), _new_year(max(years) + beyond + 1) - ONE_DAY)

    def _unbounded(self, run: Stretch, horizon: Stretch) -> Run:
        if not self.slots.full:
            return Run(*run)
        return Run(
            None if run.first <= horizon.first else run.first,
            None if run.last >= horizon.last else run.last,
        )


def date_of(year: int, slot: int) -> date:
    """The first date of the year at or after the slot; in a common year that of slot 60 is 1 March."""
    missing = 1 if slot > LEAP_SLOT and not isleap(year) else 0
    return _new_year(year) + timedelta(days=slot - 1 - missing)


def _piece(year: int, start: int, end: int) -> Stretch | None:
    if not MINYEAR <= year < MAXYEAR:
        return None
    first, last = date_of(year, start), date_of(year, end) - ONE_DAY
    return Stretch(first, last) if first <= last else None


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Sorted, and one where they overlap or touch."""
    runs: list[Stretch] = []
    for stretch in sorted(stretches):
        if runs and stretch.first <= runs[-1].last + ONE_DAY:
            runs[-1] = Stretch(runs[-1].first, max(runs[-1].last, stretch.last))
        else:
            runs.append(stretch)
    return runs


def _years(first: date, last: date) -> Iterator[int]:
    """The years whose occurrences can reach the window: the year before brings its January side."""
    yield from range(max(first.year - 1, MINYEAR), min(last.year, MAXYEAR) + 1)


def _new_year(year: int) -> date:
    return date(min(max(year, MINYEAR), MAXYEAR), 1, 1)
