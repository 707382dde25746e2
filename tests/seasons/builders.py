"""Short ways to write seasons: months count from 1 here, as people say them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from icalendar import Calendar

from seasons.calendar import Run, SeasonDates, Stretch
from seasons.expressions import slots_of
from seasons.ring import Interval, month_day
from seasons.stays import RankedSeason

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)

Day = tuple[int, int]


def expression(*spans: tuple[Day, Day]) -> dict[str, Any]:
    """Spans of (day, month) to (day, month), both included."""
    sides = [[{"month": month - 1, "day": day} for day, month in span] for span in spans]
    return {"type": "recurring-date-range", "intervals": [{"min": first, "max": last} for first, last in sides]}


def dates(*spans: tuple[Day, Day], rows: dict[int, list[tuple[str, str]]] | None = None) -> SeasonDates:
    kept = {year: tuple(stretch(*ends) for ends in row) for year, row in (rows or {}).items()}
    return SeasonDates(slots_of(expression(*spans)), kept)


def stretch(first: str, last: str) -> Stretch:
    return Stretch(date.fromisoformat(first), date.fromisoformat(last))


def run(first: str, last: str) -> Run:
    return Run(*stretch(first, last))


def events_read(body: bytes) -> list[Any]:
    """The events of a feed, by a reader that is not ours."""
    return list(Calendar.from_ical(body).walk("VEVENT"))


def season(number: int, *spans: tuple[Day, Day], created_at: datetime = NEW_YEAR, **rows: Any) -> RankedSeason:
    return RankedSeason(UUID(int=number), dates(*spans, **rows), created_at)


WINTER = ((1, 11), (29, 2))
SUMMER = ((1, 6), (31, 8))
WHOLE_YEAR = ((1, 1), (31, 12))

slots = st.one_of(st.integers(1, 366), st.sampled_from([1, 2, 58, 59, 60, 61, 62, 365, 366]))
intervals = st.builds(lambda first, last: Interval(month_day(first), month_day(last)), slots, slots)
whole_years = st.just([Interval(month_day(1), month_day(366))])
expressions = st.one_of(st.lists(intervals, max_size=2), st.lists(intervals, max_size=6), whole_years).map(
    lambda chosen: {"type": "recurring-date-range", "intervals": [interval.as_json() for interval in chosen]}
)
"""Random seasons, thick around New Year and the end of February."""


@st.composite
def dated_seasons(draw: st.DrawFn) -> SeasonDates:
    """Random seasons, some with rows for single years around 2028."""
    rows = st.dictionaries(
        st.integers(2025, 2031), st.lists(st.tuples(st.integers(-3, 364), st.integers(0, 500)), max_size=2)
    )
    kept = {
        year: tuple(_row_stretch(year, start, nights) for start, nights in spans) for year, spans in draw(rows).items()
    }
    return SeasonDates(slots_of(draw(expressions)), kept)


def _row_stretch(year: int, start: int, nights: int) -> Stretch:
    first = date(year, 1, 1) + timedelta(days=start)
    return Stretch(first, min(first + timedelta(days=nights), date(year + 1, 12, 31)))
