from __future__ import annotations

import time
from datetime import date, timedelta
from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seasons.expressions import intervals_of
from seasons.reports import gaps, lint, overlaps, year_gaps
from seasons.ring import Interval, month_day
from seasons.stays import RankedSeason
from tests.seasons.builders import NEW_YEAR, SUMMER, WHOLE_YEAR, WINTER, dated_seasons, expression, season, stretch

TO_28_FEBRUARY = ((1, 11), (28, 2))
SPRING = ((1, 3), (31, 5))

organizations = st.lists(dated_seasons(), max_size=4).map(
    lambda drawn: [RankedSeason(UUID(int=number), dates, NEW_YEAR) for number, dates in enumerate(drawn)]
)


@given(organizations)
def test_gaps_and_overlaps_are_the_days_of_none_and_of_both(seasons):
    rings = [found.dates.slots for found in seasons]
    open_slots = {slot for gap in gaps(rings) for start, end in gap.interval.spans for slot in range(start, end)}
    shared = {(found.a.int, found.b.int): found for found in overlaps(seasons)}

    assert open_slots == {slot for slot in range(1, 367) if not any(slot in ring for ring in rings)}
    assert list(shared) == sorted(shared)
    for a, b in combinations(range(len(seasons)), 2):
        common = {slot for slot in range(1, 367) if slot in rings[a] and slot in rings[b]}
        found = shared.get((a, b))
        assert common == {slot for slot in range(1, 367) if found and slot in found.slots}


def test_the_winner_of_an_overlap_is_the_narrower_season():
    [found] = overlaps([season(3, WHOLE_YEAR), season(4, SUMMER), season(5)])

    assert (found.a.int, found.b.int, found.first.int) == (3, 4, 4)


def test_only_29_february_left_open_is_told_apart():
    ring = [season(1, TO_28_FEBRUARY).dates.slots, season(2, SPRING).dates.slots]

    assert [(gap.interval.first, gap.leap_only) for gap in gaps(ring)] == [((1, 29), True), ((5, 1), False)]


def test_without_seasons_the_whole_year_is_one_gap():
    [gap] = gaps([])

    assert gap.interval == ((0, 1), (11, 31))
    assert year_gaps([], 2027) == [stretch("2027-01-01", "2027-12-31")]


@given(organizations, st.integers(2024, 2032))
def test_gaps_of_a_year_are_its_days_in_no_season(seasons, year):
    found = {
        first + timedelta(days=passed)
        for first, last in year_gaps(seasons, year)
        for passed in range((last - first).days + 1)
    }
    new_year = date(year, 1, 1)
    whole_year = {new_year + timedelta(days=passed) for passed in range((date(year + 1, 1, 1) - new_year).days)}

    assert found == {day for day in whole_year if not any(day in known.dates for known in seasons)}


def test_a_gap_on_29_february_is_a_gap_of_leap_years_only():
    tiled = [season(1, TO_28_FEBRUARY), season(2, SPRING), season(3, ((1, 6), (31, 10)))]

    assert year_gaps(tiled, 2027) == []
    assert year_gaps(tiled, 2028) == [stretch("2028-02-29", "2028-02-29")]


@pytest.mark.parametrize(
    ("spans", "codes"),
    [
        ([SUMMER], []),
        ([WINTER], []),
        ([TO_28_FEBRUARY], ["ends_on_28_feb"]),
        ([TO_28_FEBRUARY, ((29, 2), (10, 3))], ["intervals_touch"]),
        ([TO_28_FEBRUARY, SPRING], ["ends_on_28_feb"]),
        ([SUMMER, SUMMER], ["intervals_overlap"]),
        ([SUMMER, ((1, 7), (2, 7))], ["intervals_overlap"]),
        ([((1, 5), (31, 12)), ((1, 6), (2, 6)), ((1, 10), (2, 10))], ["intervals_overlap"]),
        ([SUMMER, ((1, 9), (2, 9))], ["intervals_touch"]),
        ([((1, 9), (2, 9)), SUMMER], ["intervals_touch"]),
        ([((1, 12), (31, 12)), ((1, 1), (6, 1))], ["intervals_touch"]),
        ([SUMMER, ((2, 9), (3, 9))], []),
        ([WINTER, ((1, 1), (2, 1))], ["intervals_overlap"]),
        ([((29, 2), (28, 2))], []),
        ([((1, 3), (28, 2)), ((29, 2), (29, 2))], ["intervals_touch"]),
        ([], []),
    ],
)
def test_odd_intervals_are_noted(spans, codes):
    assert lint(intervals_of(expression(*spans))) == codes


def test_as_many_intervals_as_there_may_be_are_compared_at_once():
    before = [Interval(month_day(1 + place % 100), month_day(200)) for place in range(183)]
    after = [Interval(month_day(201), month_day(100 + place % 100)) for place in range(183)]
    began = time.process_time()

    assert lint([*before, *after]) == ["intervals_overlap"]
    assert time.process_time() - began < 0.2
