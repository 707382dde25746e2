"""A season in a sentence staff can check at a glance.

"1 November to end of February, over New Year: 120 nights, 121 in leap years."
"""

from __future__ import annotations

from typing import Final

from seasons.ring import LEAP_SLOT, Interval, MonthDay, SlotSet

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
UNDECIDED: Final = "Dates not decided yet."
NEVER: Final = "Never: no dates."


def sentence(slots: SlotSet | None) -> str:
    """The days in normal form and how many nights they are; None is a season whose dates are not decided."""
    if slots is None:
        return UNDECIDED
    if not slots.spans:
        return NEVER
    return f"{days_in_words(slots)}: {nights_in_words(slots)}."


def days_in_words(slots: SlotSet) -> str:
    """Every stretch of the normal form; one over New Year says so."""
    if slots.full:
        return "The whole year"
    return _listed([interval_in_words(interval) for interval in slots.intervals()])


def interval_in_words(interval: Interval) -> str:
    if interval.first == interval.last:
        return _first_day(interval.first)
    over_new_year = ", over New Year" if interval.wraps else ""
    return f"{_first_day(interval.first)} to {_last_day(interval.last)}{over_new_year}"


def nights_in_words(slots: SlotSet) -> str:
    common, leap = slots.common_days, slots.leap_days
    if common == 0:
        return f"{_nights(leap)} in leap years only"
    return _nights(common) if common == leap else f"{_nights(common)}, {leap} in leap years"


def _nights(count: int) -> str:
    return "1 night" if count == 1 else f"{count} nights"


def _first_day(day: MonthDay) -> str:
    return f"{day.day} {MONTHS[day.month]}"


def _last_day(day: MonthDay) -> str:
    return "end of February" if day.slot == LEAP_SLOT else _first_day(day)


def _listed(parts: list[str]) -> str:
    *most, last = parts
    return f"{'; '.join(most)}; and {last}" if most else last
