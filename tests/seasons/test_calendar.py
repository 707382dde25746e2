from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seasons.calendar import SeasonDates, Stretch
from seasons.expressions import slots_of
from seasons.ring import slot_of
from tests.seasons.builders import SUMMER, WHOLE_YEAR, WINTER, dated_seasons, dates, expressions, run, stretch

MARCH_TO_FEBRUARY = ((1, 3), (28, 2))

windows = st.tuples(st.dates(date(2022, 1, 1), date(2034, 12, 31)), st.integers(0, 900)).map(
    lambda drawn: Stretch(drawn[0], drawn[0] + timedelta(days=drawn[1]))
)


def every_day(window: Stretch) -> list[date]:
    return [window.first + timedelta(days=passed) for passed in range(window.nights)]


def day_by_day(season: SeasonDates, window: Stretch) -> list[date]:
    return [day for day in every_day(window) if day in season]


@given(expressions, st.dates(date(1890, 1, 1), date(2210, 12, 31)))
def test_without_rows_a_day_is_in_when_its_slot_is(value, day):
    slots = slots_of(value)

    assert (day in SeasonDates(slots)) == (slot_of(day) in slots)


@given(dated_seasons(), windows)
def test_clipped_runs_are_exactly_the_days_of_the_season(season, window):
    runs = season.clipped(*window)

    assert [day for run in runs for day in every_day(run)] == day_by_day(season, window)
    assert all(before.last + timedelta(days=1) < after.first for before, after in pairwise(runs))


@given(dated_seasons(), windows)
def test_whole_runs_are_the_clipped_ones_with_their_true_ends(season, window):
    whole, clipped = season.whole(*window), season.clipped(*window)

    assert len(whole) == len(clipped)
    for (first, last), cut in zip(whole, clipped, strict=True):
        assert (max(first or date.min, window.first), min(last or date.max, window.last)) == cut
        assert first is None or (first in season and first - timedelta(days=1) not in season)
        assert last is None or (last in season and last + timedelta(days=1) not in season)


@given(dated_seasons())
def test_only_a_season_of_every_day_never_ends(season):
    runs = season.whole(date(2020, 1, 1), date(2040, 12, 31))

    assert any(None in found for found in runs) == season.slots.full


def test_a_run_over_new_year_is_one_piece_and_a_leap_day_splits_two_intervals():
    assert dates(WINTER).clipped(date(2026, 10, 1), date(2027, 3, 31)) == [stretch("2026-11-01", "2027-02-28")]
    february_and_march = dates(((1, 2), (28, 2)), ((1, 3), (31, 3)))

    assert february_and_march.clipped(date(2027, 1, 1), date(2027, 12, 31)) == [stretch("2027-02-01", "2027-03-31")]
    assert len(february_and_march.clipped(date(2028, 1, 1), date(2028, 12, 31))) == 2


def test_all_but_the_leap_day_runs_from_leap_day_to_leap_day():
    season = dates(MARCH_TO_FEBRUARY)

    assert season.whole(date(2099, 6, 17), date(2100, 5, 9)) == [run("2096-03-01", "2104-02-28")]
    assert season.whole(date(2096, 3, 1), date(2096, 3, 1)) == [run("2096-03-01", "2104-02-28")]
    assert season.whole(date(2104, 2, 28), date(2104, 2, 28)) == [run("2096-03-01", "2104-02-28")]


def test_a_whole_year_never_ends_unless_a_row_takes_a_year_away():
    assert dates(WHOLE_YEAR).whole(date(2026, 1, 1), date(2026, 12, 31)) == [(None, None)]
    closed = dates(WHOLE_YEAR, rows={2026: []})

    assert closed.whole(date(2025, 6, 1), date(2027, 6, 1)) == [(None, date(2025, 12, 31)), (date(2027, 1, 1), None)]
    assert [run.nights for run in closed.whole(date(2027, 1, 1), date(2027, 1, 1))] == [None]


def test_a_row_far_beyond_the_window_still_ends_a_run():
    closed = dates(WHOLE_YEAR, rows={2040: []})

    assert closed.whole(date(2026, 1, 1), date(2026, 1, 1)) == [(None, date(2039, 12, 31))]


def test_a_row_bridges_leap_days_and_the_run_is_still_found_whole():
    season = dates(MARCH_TO_FEBRUARY, rows={2028: [("2028-01-01", "2029-02-28")]})

    assert season.whole(date(2026, 1, 1), date(2026, 1, 1)) == [run("2024-03-01", "2032-02-28")]


@pytest.mark.parametrize(
    ("day", "within"),
    [
        ("2026-01-15", True),
        ("2026-11-01", False),
        ("2026-11-14", False),
        ("2026-11-15", True),
        ("2027-03-10", True),
        ("2027-03-11", False),
        ("2027-10-31", False),
        ("2027-11-01", True),
        ("2028-02-29", True),
    ],
)
def test_a_row_replaces_the_occurrence_of_its_year_and_no_other(day, within):
    season = dates(WINTER, rows={2026: [("2026-11-15", "2027-03-10")]})

    assert (date.fromisoformat(day) in season) == within


def test_an_occurrence_begins_in_its_year_and_a_wrap_ends_in_the_next():
    assert dates(WINTER, SUMMER).occurrence(2027) == [
        stretch("2027-06-01", "2027-08-31"),
        stretch("2027-11-01", "2028-02-29"),
    ]
    assert dates(WHOLE_YEAR).occurrence(2027) == [stretch("2027-01-01", "2027-12-31")]
    assert dates(((29, 2), (29, 2))).occurrence(2027) == []
    assert dates(((29, 2), (10, 3))).occurrence(2027) == [stretch("2027-03-01", "2027-03-10")]


def test_rows_alone_make_a_season():
    fair = dates(rows={2027: [("2027-05-03", "2027-05-09")], 2028: []})

    assert fair.clipped(date(2026, 1, 1), date(2029, 12, 31)) == [stretch("2027-05-03", "2027-05-09")]
    assert fair.whole(date(2027, 5, 4), date(2027, 5, 4)) == [run("2027-05-03", "2027-05-09")]
