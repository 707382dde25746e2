"""Faults that other booking software is known for, each asked for through the door that programs use."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise, permutations
from uuid import UUID

import pytest
import time_machine

from bookingoffice.database.scope import tenant_scope
from seasons.feed_addresses import ensure_feed
from seasons.year_writes import copy_year, set_year
from tests.builders import NOON, TESTER, make_key, make_organization
from tests.contract.bookingmood.conftest import Api
from tests.seasons.builders import SUMMER, WHOLE_YEAR, WINTER, events_read, expression, stretch
from tests.seasons.doors import Programs, keep

pytestmark = pytest.mark.django_db
ACT = {"actor": TESTER, "moment": NOON}


@pytest.fixture
def organization():
    return make_organization(timezone="Europe/Amsterdam")


@pytest.fixture
def door(organization):
    return Programs(organization)


def runs(door, season_id, first, last, *, clip=True):
    return [(run["start"], run["end"]) for run in door.dates(season_id, first, last, clip=clip)]


def test_the_end_of_february_never_slides(door, organization):
    [winter] = keep(organization, {"value": expression(WINTER)})
    ends = [
        end for decade in range(1900, 2190, 10)
        for _, end in runs(door, winter, f"{decade}-06-01", f"{decade + 10}-05-31", clip=False)
    ]  # fmt: skip

    assert len(ends) == 290
    for end in map(date.fromisoformat, ends):
        assert (end + timedelta(days=1)).strftime("%m-%d") == "03-01"


def test_next_year_and_the_year_after_have_their_season_too(door, organization):
    [summer] = keep(organization, {"value": expression(SUMMER)})

    with time_machine.travel("2026-05-15T12:00:00Z", tick=False):
        for year in range(2026, 2126):
            answer = door.stay(f"{year}-06-30", f"{year}-07-02", "night")
            assert answer["summary"] == [{"season_id": str(summer), "nights": 2}]


def test_one_day_is_one_day_and_not_the_whole_year(door, organization):
    [day] = keep(organization, {"value": expression(((1, 9), (1, 9)))})

    assert runs(door, day, "2027-01-01", "2028-12-31") == [("2027-09-01", "2027-09-01"), ("2028-09-01", "2028-09-01")]


def test_a_season_over_new_year_does_not_vanish_on_1_january(door, organization):
    [season] = keep(organization, {"value": expression(((1, 12), (31, 1)))})

    assert door.on("2028-01-01")[0]["id"] == str(season)
    assert runs(door, season, "2027-12-25", "2028-12-05") == [
        ("2027-12-25", "2028-01-31"),
        ("2028-12-01", "2028-12-05"),
    ]


def test_a_winter_in_one_piece_and_in_two_halves_are_the_same_days(door, organization):
    whole, halves = keep(
        organization,
        {"value": expression(WINTER)},
        {"value": expression(((1, 11), (31, 12)), ((1, 1), (29, 2)))},
    )

    assert runs(door, whole, "2027-01-01", "2029-12-31") == runs(door, halves, "2027-01-01", "2029-12-31")
    forms = [season["normal_form"] for season in door.report()["seasons"]]
    assert forms[0] == forms[1]


@pytest.mark.parametrize(("check_in", "check_out"), [("2027-03-27", "2027-03-29"), ("2027-10-30", "2027-11-01")])
def test_no_night_is_lost_or_doubled_when_the_clocks_change(door, organization, settings, check_in, check_out):
    settings.TIME_ZONE = "Europe/Amsterdam"
    keep(organization, {"value": expression(WHOLE_YEAR)})

    nights = [night["date"] for night in door.stay(check_in, check_out, "night")["nights"]]

    first = date.fromisoformat(check_in)
    assert nights == [str(first), str(first + timedelta(days=1))]


def test_the_order_in_which_seasons_were_kept_does_not_decide(organization):
    rows = [
        {"id": UUID(int=9), "value": expression(((10, 7), (12, 7)))},
        {"id": UUID(int=5), "value": expression(SUMMER), "created_at": "2026-01-01T00:00:01Z"},
        {"id": UUID(int=2), "value": expression(SUMMER), "created_at": "2026-01-01T01:00:00+01:00"},
        {"id": UUID(int=7), "value": expression(SUMMER), "created_at": "2026-01-01T00:00:00Z"},
    ]

    for shuffled in permutations(rows):
        organization = make_organization()
        keep(organization, *shuffled)
        assert [UUID(row["id"]).int for row in Programs(organization).on("2027-07-11")] == [9, 5, 2, 7]


def test_the_season_of_arrival_is_not_that_of_the_whole_stay(door, organization):
    early, late = keep(
        organization, {"value": expression(((1, 6), (14, 7)))}, {"value": expression(((15, 7), (31, 8)))}
    )

    assert door.stay("2027-07-13", "2027-07-18", "night")["summary"] == [
        {"season_id": str(early), "nights": 2},
        {"season_id": str(late), "nights": 3},
    ]


def test_seasons_that_follow_each_other_leave_no_day_between_them(client, door, organization):
    keep(organization, {"value": expression(((1, 3), (31, 8)))}, {"value": expression(((1, 9), (29, 2)))})
    with tenant_scope(organization.pk):
        secret = ensure_feed(organization, **ACT)

    assert (door.report()["gaps"], door.report()["overlaps"]) == ([], [])
    events = events_read(client.get(f"/ical/seasons/{secret}.ics").content)
    ordered = sorted((event["DTSTART"].dt, event["DTEND"].dt) for event in events)
    assert all(end == start for (_, end), (start, _) in pairwise(ordered))


def test_a_day_that_is_none_cannot_be_kept(organization):
    answer = Api(make_key(organization))(
        "POST", "/seasons", {"name": {"default": "x"}, "value": expression(((1, 9), (31, 9)))}
    )

    assert answer.status_code == 400
    assert [(fault["code"], fault["path"]) for fault in answer.json()["details"]] == [
        ("day_out_of_range", "intervals[0].max.day")
    ]


@time_machine.travel("2027-06-15T12:00:00Z", tick=False)
def test_the_feed_repeats_nothing_and_has_every_leap_day(client, organization):
    keep(organization, {"value": expression(WINTER)}, {"value": expression(((29, 2), (29, 2)))})
    with tenant_scope(organization.pk):
        secret = ensure_feed(organization, **ACT)

    body = client.get(f"/ical/seasons/{secret}.ics").content
    spans = {(str(event["DTSTART"].dt), str(event["DTEND"].dt)) for event in events_read(body)}

    assert b"RRULE" not in body
    assert b"RDATE" not in body
    assert ("2027-11-01", "2028-03-01") in spans
    assert [span for span in spans if span[0].endswith("02-29")] == [("2028-02-29", "2028-03-01")]


def test_a_second_copy_to_next_year_puts_no_old_dates_beside_the_corrected_ones(door, organization):
    [season] = keep(organization, {"value": expression()})
    ask = {"from_year": 2027, "to_year": 2028, "mode": "same_dates", **ACT}
    with tenant_scope(organization.pk):
        set_year(organization, season, 2027, [stretch("2027-05-01", "2027-05-09")], **ACT)
        copy_year(organization, season, **ask)
        set_year(organization, season, 2027, [stretch("2027-05-08", "2027-05-16")], **ACT)
        assert copy_year(organization, season, **ask) is None
        copy_year(organization, season, replace=True, **ask)

    assert runs(door, season, "2027-01-01", "2028-12-31") == [
        ("2027-05-08", "2027-05-16"),
        ("2028-05-08", "2028-05-16"),
    ]
