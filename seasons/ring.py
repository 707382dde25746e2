"""The ring of 366 slots: the day of the year in a leap year, so 29 February is slot 60 in every year.

A set of days is kept as merged half-open spans in [1, 367); a wrap over New Year is two spans, so nothing here or in
the database's twin of it has wrap logic.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import accumulate
from typing import Final, NamedTuple

MONTH_LENGTHS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
DAYS_BEFORE: Final = tuple(accumulate(MONTH_LENGTHS[:-1], initial=0))
RING_START: Final = 1
RING_END: Final = 367
LEAP_SLOT: Final = 60

Span = tuple[int, int]
"""First slot and the slot after the last."""


class MonthDay(NamedTuple):
    """`month` counts from 0, `day` from 1."""

    month: int
    day: int

    @property
    def slot(self) -> int:
        return DAYS_BEFORE[self.month] + self.day


class Interval(NamedTuple):
    """Both ends included; `first` after `last` runs over New Year."""

    first: MonthDay
    last: MonthDay

    @property
    def spans(self) -> tuple[Span, ...]:
        if self.first.slot <= self.last.slot:
            return ((self.first.slot, self.last.slot + 1),)
        return ((RING_START, self.last.slot + 1), (self.first.slot, RING_END))

    @property
    def wraps(self) -> bool:
        return self.first.slot > self.last.slot

    def as_json(self) -> dict[str, dict[str, int]]:
        return {"min": self.first._asdict(), "max": self.last._asdict()}


_MONTH_DAYS: Final = tuple(MonthDay(month, day + 1) for month in range(12) for day in range(MONTH_LENGTHS[month]))


def month_day(slot: int) -> MonthDay:
    return _MONTH_DAYS[slot - RING_START]


def slot_of(day: date) -> int:
    return DAYS_BEFORE[day.month - 1] + day.day


@dataclass(frozen=True)
class SlotSet:
    """A set of month-days. Two seasons are equal when their sets are, however they were typed."""

    spans: tuple[Span, ...] = ()

    @classmethod
    def of(cls, intervals: Iterable[Interval]) -> SlotSet:
        return cls.merged(span for interval in intervals for span in interval.spans)

    @classmethod
    def merged(cls, spans: Iterable[Span]) -> SlotSet:
        """What overlaps or touches becomes one span; empty spans vanish."""
        kept: list[Span] = []
        for start, end in sorted(span for span in spans if span[0] < span[1]):
            if kept and start <= kept[-1][1]:
                kept[-1] = (kept[-1][0], max(kept[-1][1], end))
            else:
                kept.append((start, end))
        return cls(tuple(kept))

    @classmethod
    def of_bits(cls, bits: int) -> SlotSet:
        """The set whose `bits` these are."""
        spans, passed = [], 0
        while bits:
            skipped = (bits & -bits).bit_length() - 1
            bits >>= skipped
            length = (~bits & (bits + 1)).bit_length() - 1
            bits >>= length
            spans.append((passed + skipped, passed + skipped + length))
            passed += skipped + length
        return cls(tuple(spans))

    @cached_property
    def bits(self) -> int:
        """One bit a slot: hundreds of seasons are compared pair by pair, and whole numbers do it fastest."""
        return sum((1 << end) - (1 << start) for start, end in self.spans)

    def __contains__(self, slot: int) -> bool:
        return slot in self._members

    @cached_property
    def _members(self) -> frozenset[int]:
        return frozenset(slot for start, end in self.spans for slot in range(start, end))

    def __and__(self, other: SlotSet) -> SlotSet:
        return SlotSet.merged((max(a, c), min(b, d)) for a, b in self.spans for c, d in other.spans)

    def complement(self) -> SlotSet:
        starts = [RING_START, *(end for _, end in self.spans)]
        ends = [*(start for start, _ in self.spans), RING_END]
        return SlotSet.merged(zip(starts, ends, strict=True))

    @property
    def full(self) -> bool:
        return self.spans == ((RING_START, RING_END),)

    @property
    def wraps(self) -> bool:
        """Some stretch runs over New Year; the full ring has no New Year side."""
        return not self.full and bool(self.spans) and self.spans[0][0] == RING_START and self.spans[-1][1] == RING_END

    @property
    def leap_days(self) -> int:
        """Days in a leap year: the width by which seasons are ranked."""
        return sum(end - start for start, end in self.spans)

    @property
    def common_days(self) -> int:
        return self.leap_days - (LEAP_SLOT in self)

    def intervals(self) -> tuple[Interval, ...]:
        """The normal form: sorted, merged, and the stretch over New Year as one interval at the end."""
        spans = list(self.spans)
        if self.wraps:
            (_, end), *between, (start, _) = spans
            spans = [*between, (start, end)]
        return tuple(Interval(month_day(start), month_day(end - 1)) for start, end in spans)
