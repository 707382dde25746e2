from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seasons.calendar import SeasonDates, Stretch
from seasons.feeds import FeedSeason, calendar_bytes, events, feed_etag, feed_window
from tests.seasons.builders import SUMMER, WHOLE_YEAR, WINTER, dated_seasons, dates, events_read

ID = UUID(int=7)
WINDOW = feed_window(date(2027, 6, 15))
CHANGED = datetime(2027, 4, 9, 10, 15, 30, 250000, tzinfo=timezone(timedelta(hours=2)))


def feed(
    season: SeasonDates, *, summary: str = "High season", name: str = "Seasons", window: Stretch = WINDOW
) -> bytes:
    return calendar_bytes([FeedSeason(ID, summary, season, CHANGED)], name=name, host="example.org", window=window)


def spans(season: SeasonDates, window: Stretch = WINDOW) -> list[tuple[str, str]]:
    return [(found.start.isoformat(), found.end.isoformat()) for found in events(ID, season, window)]


def test_the_window_is_last_year_to_two_years_ahead():
    assert (date(2026, 1, 1), date(2029, 12, 31)) == WINDOW


def test_the_bytes_are_these():
    assert feed(dates(SUMMER), window=Stretch(date(2027, 1, 1), date(2027, 12, 31))).decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//bookingoffice//seasons//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Seasons",
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
        "BEGIN:VEVENT",
        "UID:00000000-0000-0000-0000-000000000007-20270601@example.org",
        "DTSTAMP:20270409T081530Z",
        "LAST-MODIFIED:20270409T081530Z",
        "DTSTART;VALUE=DATE:20270601",
        "DTEND;VALUE=DATE:20270901",
        "SUMMARY:High season",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_runs_are_not_cut_at_the_edge_and_leap_years_have_their_day():
    assert spans(dates(WINTER)) == [
        ("2025-11-01", "2026-03-01"),
        ("2026-11-01", "2027-03-01"),
        ("2027-11-01", "2028-03-01"),
        ("2028-11-01", "2029-03-01"),
        ("2029-11-01", "2030-03-01"),
    ]


def test_a_whole_year_is_one_event_a_calendar_year():
    assert spans(dates(WHOLE_YEAR)) == [(f"{year}-01-01", f"{year + 1}-01-01") for year in range(2026, 2030)]
    assert spans(dates(WHOLE_YEAR, rows={2028: [("2028-03-01", "2028-03-31")]})) == [
        ("2026-01-01", "2027-01-01"),
        ("2027-01-01", "2028-01-01"),
        ("2028-03-01", "2028-04-01"),
        ("2029-01-01", "2030-01-01"),
    ]


@pytest.mark.parametrize("closed", [1950, 2150])
def test_a_whole_year_that_ends_on_one_side_alone_is_told_within_the_window(closed):
    assert spans(dates(WHOLE_YEAR, rows={closed: []})) == spans(dates(WHOLE_YEAR))


def test_a_season_without_dates_has_no_events():
    assert b"VEVENT" not in feed(dates())


def test_rows_of_single_years_are_told():
    assert ("2027-07-01", "2027-07-03") in spans(dates(SUMMER, rows={2027: [("2027-07-01", "2027-07-02")]}))


@given(dated_seasons())
def test_another_reader_finds_the_same_days(season):
    read = events_read(feed(season))
    days = {
        event["DTSTART"].dt + timedelta(days=passed)
        for event in read
        for passed in range((event["DTEND"].dt - event["DTSTART"].dt).days)
    }
    window = {WINDOW.first + timedelta(days=passed) for passed in range(WINDOW.nights)}

    assert days & window == {day for day in window if day in season}
    assert len({event["UID"] for event in read}) == len(read)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=200), st.sampled_from(["", "\n", "\r\n", "\r"]))
def test_any_text_survives_escaping_and_folding(text, line_break):
    body = feed(dates(SUMMER), summary=text + line_break + ";,\\n")

    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert events_read(body)[0]["SUMMARY"] == text + ("\n" if line_break else "") + ";,\\n"


def test_the_name_of_the_calendar_is_escaped_as_a_summary_is():
    lines = feed(dates(SUMMER), summary="a;b,c\\d\ne", name="a;b,c\\d\ne").decode().split("\r\n")

    assert {"X-WR-CALNAME:a\\;b\\,c\\\\d\\ne", "SUMMARY:a\\;b\\,c\\\\d\\ne"} <= set(lines)


def test_folding_splits_no_character():
    body = feed(dates(SUMMER), summary="☀" * 60)

    assert all(len(line) <= 75 and line.decode() is not None for line in body.split(b"\r\n"))
    assert ("☀" * 60) in body.decode().replace("\r\n ", "")


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f"])
def test_control_characters_are_left_out(character):
    assert character.encode() not in feed(dates(SUMMER), summary=f"High{character}season")


def test_an_unchanged_feed_is_the_same_bytes():
    assert feed(dates(WINTER)) == feed(dates(WINTER))
    assert feed_etag(feed(dates(WINTER))) == feed_etag(feed(dates(WINTER)))
    assert feed_etag(feed(dates(WINTER))) != feed_etag(feed(dates(SUMMER)))
    assert feed_etag(b"").startswith('"')
    assert CHANGED.astimezone(UTC).hour == 8
