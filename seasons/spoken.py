"""Dates and reasons as people say them: "29 Apr to 1 May 2028", "because it has fewer days"."""

from __future__ import annotations

from calendar import isleap
from datetime import date

from bookingoffice.speech import gettext as _
from seasons.calendar import Stretch
from seasons.stays import RankedSeason
from seasons.words import DAY, FROM_TO, month_in_short


def day_in_words(day: date) -> str:
    return f"{_short(day)} {day.year}"


def _short(day: date) -> str:
    return _(DAY) % {"day": day.day, "month": month_in_short(day.month - 1)}


def stretch_in_words(stretch: Stretch) -> str:
    first, last = stretch
    if first == last:
        return day_in_words(first)
    short = day_in_words(first) if first.year != last.year else _short(first)
    return _(FROM_TO) % {"first": short, "last": day_in_words(last)}


def stretches_in_words(stretches: tuple[Stretch, ...] | list[Stretch]) -> str:
    return "; ".join(map(stretch_in_words, stretches)) or _("does not take place")


def why_first(winner: RankedSeason, loser: RankedSeason) -> str:
    """Why the one comes before the other, by the rule that decided."""
    fewer, more = winner.dates.slots.leap_days, loser.dates.slots.leap_days
    if fewer != more:
        return _("it has fewer days (%(fewer)s against %(more)s)") % {"fewer": fewer, "more": more}
    if winner.created_at != loser.created_at:
        return _("both have as many days and it is the newer one")
    return _("both have as many days and are as old, so their ids decide")


def next_leap_year(year: int) -> int:
    """The year itself where it is one."""
    return next(candidate for candidate in range(year, year + 9) if isleap(candidate))
