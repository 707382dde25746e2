"""A change of a season's days in words: "31 Aug → 15 Sep"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from bookingoffice.speech import gettext as _
from seasons.expressions import intervals_of, slots_of
from seasons.ring import LEAP_SLOT, Interval, MonthDay
from seasons.words import DAY, NEVER, UNDECIDED, days_in_words, month_in_short

ARROW: Final = "→"


def change_in_words(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[str]:
    """Only the ends that moved where the rows are as many as before, else all days before and after."""
    old, new = intervals_of(before), intervals_of(after)
    if before is not None and after is not None and old and len(old) == len(new):
        return list(_moved(old, new))
    return [f"{state_in_words(before)} {ARROW} {state_in_words(after)}"]


def state_in_words(value: Mapping[str, Any] | None) -> str:
    if value is None:
        return _(UNDECIDED).rstrip(".")
    slots = slots_of(value)
    return days_in_words(slots) if slots.spans else _(NEVER).rstrip(".")


def _moved(old: Sequence[Interval], new: Sequence[Interval]) -> Iterator[str]:
    for before, after in zip(old, new, strict=True):
        if before.first != after.first:
            yield f"{_day(before.first)} {ARROW} {_day(after.first)}"
        if before.last != after.last:
            yield f"{_last_day(before.last)} {ARROW} {_last_day(after.last)}"


def _day(day: MonthDay) -> str:
    return _(DAY) % {"day": day.day, "month": month_in_short(day.month)}


def _last_day(day: MonthDay) -> str:
    return _("end of Feb") if day.slot == LEAP_SLOT else _day(day)
