"""What the seasons of an organization leave open, claim twice, or say in an odd way. Notes, never refusals.

Gaps and overlaps are of the ring and ignore rows of single years; only `year_gaps` honours them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from itertools import combinations, pairwise
from operator import or_
from typing import Literal, NamedTuple
from uuid import UUID

from seasons.calendar import ONE_DAY, Stretch, joined
from seasons.ring import LEAP_SLOT, RING_END, RING_START, Interval, SlotSet
from seasons.stays import RankedSeason, ranked

Lint = Literal["ends_on_28_feb", "intervals_overlap", "intervals_touch"]


class Gap(NamedTuple):
    interval: Interval
    leap_only: bool
    """Only 29 February is open."""


@dataclass(frozen=True)
class Overlap:
    """Days that two seasons claim; `a` < `b`, and `first` is the one that wins there."""

    a: UUID
    b: UUID
    slots: SlotSet
    first: UUID


def gaps(rings: Iterable[SlotSet]) -> list[Gap]:
    """The days in no season, in normal form; with no season at all one gap, the whole year."""
    covered = reduce(or_, rings, SlotSet())
    return [
        Gap(interval, interval.spans == ((LEAP_SLOT, LEAP_SLOT + 1),)) for interval in covered.complement().intervals()
    ]


def overlaps(seasons: Sequence[RankedSeason]) -> list[Overlap]:
    """Every pair once, sorted by id."""
    by_id = sorted(seasons, key=lambda season: str(season.id))
    shared = ((a, b, a.dates.slots & b.dates.slots) for a, b in combinations(by_id, 2))
    return [Overlap(a.id, b.id, slots, ranked([a, b])[0].id) for a, b, slots in shared if slots.spans]


def year_gaps(seasons: Iterable[RankedSeason], year: int) -> list[Stretch]:
    """The days of the calendar year in no season, rows of single years honoured."""
    start, end = date(year, 1, 1), date(year, 12, 31)
    covered = joined(run for season in seasons for run in season.dates.clipped(start, end))
    edges = [start - ONE_DAY, *(day for run in covered for day in run), end + ONE_DAY]
    open_sides = zip(edges[::2], edges[1::2], strict=True)
    return [Stretch(last + ONE_DAY, first - ONE_DAY) for last, first in open_sides if last + ONE_DAY < first]


def lint(intervals: Sequence[Interval]) -> list[Lint]:
    """What is odd about the intervals as they were typed; each code once."""
    return list(_lint(intervals))


def _lint(intervals: Sequence[Interval]) -> Iterator[Lint]:
    if any(interval.last.slot == LEAP_SLOT - 1 for interval in SlotSet.of(intervals).intervals()):
        yield "ends_on_28_feb"
    spans = sorted(span for interval in intervals for span in interval.spans)
    if any(later < end for (_, end), (later, _) in pairwise(spans)):
        yield "intervals_overlap"
    if any(_neighbours(intervals)):
        yield "intervals_touch"


def _neighbours(intervals: Sequence[Interval]) -> Iterator[bool]:
    """For each interval that begins on the ring's next day after another: whether they share no day."""
    by_start: dict[int, list[Interval]] = {}
    for interval in intervals:
        by_start.setdefault(interval.first.slot, []).append(interval)
    for before in intervals:
        for after in by_start.get(_next_slot(before.last.slot), ()):
            yield not (SlotSet.of([before]) & SlotSet.of([after])).spans


def _next_slot(slot: int) -> int:
    return RING_START if slot + 1 == RING_END else slot + 1
