"""What the seasons of an organization leave open, claim twice, or say in an odd way. Notes, never refusals.

Gaps and overlaps are of the ring and ignore rows of single years; only `year_gaps` honours them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import Literal, NamedTuple
from uuid import UUID

from seasons.calendar import ONE_DAY, SeasonDates, Stretch, joined
from seasons.ring import LEAP_SLOT, RING_END, RING_START, Interval, SlotSet
from seasons.stays import RankedSeason, ranked

Lint = Literal["ends_on_28_feb", "intervals_overlap", "intervals_touch"]


class Gap(NamedTuple):
    interval: Interval
    leap_only: bool
    """Only 29 February is open."""


class Overlap(NamedTuple):
    """Days that two seasons claim; `a` < `b`, and `first` is the one that wins there."""

    a: UUID
    b: UUID
    slots: SlotSet
    first: UUID


Pair = tuple[int, int, int, int]
"""An overlap by places in a list: of the one season and the other, then the bits of the days, then the place of the winner."""


def gaps(rings: Iterable[SlotSet]) -> list[Gap]:
    """The days in no season, in normal form; with no season at all one gap, the whole year."""
    return [
        Gap(interval, interval.spans == ((LEAP_SLOT, LEAP_SLOT + 1),))
        for interval in union(rings).complement().intervals()
    ]


def overlaps(seasons: Sequence[RankedSeason]) -> list[Overlap]:
    """Every pair once, sorted by id."""
    by_id = sorted(seasons, key=lambda season: str(season.id))
    ids = [season.id for season in by_id]
    return [
        Overlap(ids[a], ids[b], SlotSet.of_bits(bits), ids[first]) for a, b, bits, first in overlapping_pairs(by_id)
    ]


def overlapping_pairs(seasons: Sequence[RankedSeason]) -> list[Pair]:
    """Every pair once, in the order of the list. Five hundred seasons have 125,000 pairs, so only numbers are compared."""
    rank = {season.id: place for place, season in enumerate(ranked(seasons))}
    order = [rank[season.id] for season in seasons]
    bits = [season.dates.slots.bits for season in seasons]
    return [
        (a, b, shared, a if order[a] < order[b] else b)
        for a, a_bits in enumerate(bits)
        for b, b_bits in enumerate(bits[a + 1 :], a + 1)
        if (shared := a_bits & b_bits)
    ]


def year_gaps(seasons: Iterable[RankedSeason], year: int) -> list[Stretch]:
    """The days of the calendar year in no season, rows of single years honoured."""
    start, end = date(year, 1, 1), date(year, 12, 31)
    covered = joined(run for dates in _merged(seasons) for run in dates.clipped(start, end))
    edges = [start - ONE_DAY, *(day for run in covered for day in run), end + ONE_DAY]
    open_sides = zip(edges[::2], edges[1::2], strict=True)
    return [Stretch(last + ONE_DAY, first - ONE_DAY) for last, first in open_sides if last + ONE_DAY < first]


def _merged(seasons: Iterable[RankedSeason]) -> Iterator[SeasonDates]:
    """The seasons without rows as one: only a row asks to whom a day of January belongs."""
    recurring: list[SlotSet] = []
    for season in seasons:
        if season.dates.rows:
            yield season.dates
        else:
            recurring.append(season.dates.slots)
    yield SeasonDates(union(recurring))


def union(rings: Iterable[SlotSet]) -> SlotSet:
    return SlotSet.of_bits(reduce(or_, (ring.bits for ring in rings), 0))


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
    """For each interval that begins on the ring's next day after another: whether they share no day.

    366 intervals make tens of thousands of such pairs, so only numbers are compared.
    """
    days = {interval: SlotSet.of([interval]).bits for interval in intervals}
    by_start: dict[int, list[int]] = {}
    for interval, bits in days.items():
        by_start.setdefault(interval.first.slot, []).append(bits)
    for before, bits in days.items():
        for after in by_start.get(_next_slot(before.last.slot), ()):
            yield not bits & after


def _next_slot(slot: int) -> int:
    return RING_START if slot + 1 == RING_END else slot + 1
