from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seasons.calendar import Stretch
from seasons.year_rows import copy_stretches, year_row_faults
from tests.seasons.builders import stretch


def faults(year, *spans):
    ends = [(_day(first), _day(last)) for first, last in spans]
    return [(fault.code, fault.path) for fault in year_row_faults(year, ends)]


def _day(text):
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("span", "code"),
    [
        (("2027-01-01", "2027-12-31"), None),
        (("2026-12-29", "2027-01-05"), None),
        (("2026-12-28", "2027-01-05"), "range_outside_year"),
        (("2028-01-03", "2028-12-31"), None),
        (("2028-01-04", "2028-01-05"), "range_outside_year"),
        (("2027-11-15", "2028-12-31"), None),
        (("2027-11-15", "2029-01-01"), "range_outside_year"),
        (("2027-11-15", None), "range_without_end"),
        ((None, "2027-11-15"), "range_without_end"),
        (("2027-11-15", "2027-11-14"), "range_reversed"),
    ],
)
def test_a_range_begins_in_its_year_and_ends_by_the_next(span, code):
    assert faults(2027, span) == ([(code, "dates[0]")] if code else [])


def test_every_faulty_range_is_named_by_its_place():
    assert faults(2027, ("2027-05-01", None), ("2027-05-01", "2027-05-02"), ("2020-05-01", "2020-05-02")) == [
        ("range_without_end", "dates[0]"),
        ("range_outside_year", "dates[2]"),
    ]
    assert faults(2027) == []


@pytest.mark.parametrize("year", [1899, 2200])
def test_years_have_limits(year):
    assert faults(year) == [("year_out_of_range", "")]


@pytest.mark.parametrize(
    ("source", "to_year", "copy"),
    [
        ([("2026-12-23", "2027-01-09")], 2027, [("2027-12-23", "2028-01-09")]),
        ([("2028-02-29", "2028-02-29")], 2029, []),
        ([("2028-02-20", "2028-02-29")], 2029, [("2029-02-20", "2029-02-28")]),
        ([("2028-02-29", "2028-03-05")], 2029, [("2029-03-01", "2029-03-05")]),
        ([("2028-02-29", "2028-02-29")], 2032, [("2032-02-29", "2032-02-29")]),
        ([("2027-02-20", "2027-03-05")], 2028, [("2028-02-20", "2028-03-05")]),
        (
            [("2028-02-29", "2028-03-05"), ("2028-06-01", "2028-06-02")],
            2030,
            [("2030-03-01", "2030-03-05"), ("2030-06-01", "2030-06-02")],
        ),
    ],
)
def test_same_dates_keep_month_and_day(source, to_year, copy):
    from_year = date.fromisoformat(source[0][0]).year
    stretches = [stretch(*span) for span in source]

    assert copy_stretches(stretches, from_year=from_year, to_year=to_year, mode="same_dates") == [
        stretch(*span) for span in copy
    ]


@given(st.dates(date(1950, 1, 1), date(2150, 12, 31)), st.integers(0, 400), st.integers(-40, 40))
def test_same_weekdays_keep_weekday_and_nights_within_three_days(first, nights, years):
    source = Stretch(first, first + timedelta(days=nights))
    [copy] = copy_stretches([source], from_year=first.year, to_year=first.year + years, mode="same_weekdays")
    year = first.year + years
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    same_date = date(year, 3, 1) if (first.month, first.day) == (2, 29) and not leap else first.replace(year=year)

    assert copy.first.weekday() == first.weekday()
    assert copy.nights == source.nights
    assert abs(copy.first - same_date) <= timedelta(days=3)


def test_a_copy_by_weekday_may_begin_in_the_year_before():
    [copy] = copy_stretches([stretch("2027-01-01", "2027-01-08")], from_year=2027, to_year=2030, mode="same_weekdays")

    assert copy == stretch("2030-01-04", "2030-01-11")
    [early] = copy_stretches([stretch("2027-01-01", "2027-01-08")], from_year=2027, to_year=2028, mode="same_weekdays")
    assert early == stretch("2027-12-31", "2028-01-07")
    assert year_row_faults(2028, [early]) == []
