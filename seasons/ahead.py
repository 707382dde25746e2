"""The nights to come that no season claims."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from seasons.calendar import ONE_DAY, Stretch
from seasons.reports import year_gaps
from seasons.stays import RankedSeason

DAYS_AHEAD: Final = 365


def gaps_ahead(seasons: Sequence[RankedSeason], today: date) -> list[Stretch]:
    """From today through a year, earliest first; a gap over New Year is one."""
    last = today + timedelta(days=DAYS_AHEAD)
    gaps: list[Stretch] = []
    for year in range(today.year, last.year + 1):
        for first, end in year_gaps(seasons, year):
            if gaps and gaps[-1][1] + ONE_DAY == first:
                gaps[-1] = Stretch(gaps[-1][0], end)
            else:
                gaps.append(Stretch(first, end))
    return [Stretch(max(first, today), min(end, last)) for first, end in gaps if end >= today and first <= last]
