"""Dates and reasons as people say them: "29 Apr to 1 May 2028", "because it has fewer days"."""

from __future__ import annotations

from calendar import isleap
from datetime import date

from seasons.calendar import Stretch
from seasons.stays import RankedSeason
from seasons.words import MONTHS


def day_in_words(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"


def stretch_in_words(stretch: Stretch) -> str:
    first, last = stretch
    if first == last:
        return day_in_words(first)
    short = day_in_words(first) if first.year != last.year else f"{first.day} {MONTHS[first.month - 1][:3]}"
    return f"{short} to {day_in_words(last)}"


def stretches_in_words(stretches: tuple[Stretch, ...] | list[Stretch]) -> str:
    return "; ".join(map(stretch_in_words, stretches)) or "does not take place"


def nights_counted(count: int) -> str:
    return "1 night" if count == 1 else f"{count} nights"


def why_first(winner: RankedSeason, loser: RankedSeason) -> str:
    """Why the one comes before the other, by the rule that decided."""
    fewer, more = winner.dates.slots.leap_days, loser.dates.slots.leap_days
    if fewer != more:
        return f"it has fewer days ({fewer} against {more})"
    if winner.created_at != loser.created_at:
        return "both have as many days and it is the newer one"
    return "both have as many days and are as old, so their ids decide"


def next_leap_year(year: int) -> int:
    """The year itself where it is one."""
    return next(candidate for candidate in range(year, year + 9) if isleap(candidate))
