"""Seasons in files: names, days and single years come back as they went out, and bad rows are told by line and column."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from bookingoffice.audit.models import AuditEntry
from bookingoffice.database.scope import tenant_scope
from bookingoffice.records import uuid7
from seasons.calendar import Stretch
from seasons.models import Season, SeasonYear
from seasons.year_writes import set_years
from tests.builders import NOON, TESTER, make_organization, make_season
from tests.datafiles import Desk
from tests.seasons.builders import SUMMER, WINTER, expression

pytestmark = pytest.mark.django_db
NEVER = expression()
JUNE = Stretch(date(2027, 6, 1), date(2027, 6, 20))
JULY = Stretch(date(2027, 7, 1), date(2027, 7, 5))


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk("seasons", make_organization(), tmp_path)


def kept(desk: Desk) -> list[dict[str, Any]]:
    with tenant_scope(desk.organization.pk):
        years = SeasonYear.objects.order_by("season_id", "year").values_list("season_id", "year", "dates")
        return [*Season.objects.order_by("id").values("id", "name", "value", "created_at", "updated_at"), *years]


def some_seasons(desk: Desk) -> None:
    summer = make_season(desk.organization, "Summer, “high”\nor not", expression(SUMMER))
    make_season(desk.organization, "Winter", expression(WINTER, ((1, 4), (2, 4))))
    make_season(desk.organization, "Undecided", None)
    make_season(desk.organization, "", NEVER)
    with tenant_scope(desk.organization.pk):
        years = {summer.pk: {2027: [JUNE, JULY], 2028: []}}
        set_years(desk.organization, years, actor=TESTER, moment=NOON)


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_a_file_put_back_changes_nothing(desk, ending):
    some_seasons(desk)
    before = kept(desk)
    first = desk.take_out(f"first.{ending}")

    assert desk.put_in(first, f"rows.{ending}") == "0 seasons made, 0 changed, 4 as they were."

    assert desk.take_out(f"second.{ending}") == first
    assert kept(desk) == before
    with tenant_scope(desk.organization.pk):
        assert set(AuditEntry.objects.values_list("action", flat=True)) == {"created"}


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_a_file_fills_an_empty_organization_with_the_same_seasons(desk, ending):
    some_seasons(desk)
    first = desk.take_out(f"first.{ending}")
    elsewhere = desk.of(make_organization("Elsewhere"))

    assert elsewhere.put_in(first, f"rows.{ending}") == "4 seasons made, 0 changed."

    assert elsewhere.take_out(f"second.{ending}") == first
    assert kept(elsewhere) == kept(desk)


def test_a_row_without_an_id_makes_a_season(desk):
    row = {"name": {"default": "Kite weeks", "nl-NL": "Vliegerweken"}, "value": expression(SUMMER)}

    assert desk.put_in(json.dumps([row]), "rows.json") == "1 season made, 0 changed."

    with tenant_scope(desk.organization.pk):
        season = Season.objects.get()
    assert (season.name, season.value) == (row["name"], row["value"])


def test_years_become_what_the_file_says_and_stay_where_it_says_nothing(desk):
    season = make_season(desk.organization, "Summer", expression(SUMMER))
    with tenant_scope(desk.organization.pk):
        set_years(desk.organization, {season.pk: {2027: [JUNE], 2028: []}}, actor=TESTER, moment=NOON)

    desk.put_in(json.dumps([{"id": str(season.pk), "value": None}]), "rows.json")
    with tenant_scope(desk.organization.pk):
        assert list(SeasonYear.objects.order_by("year").values_list("year", flat=True)) == [2027, 2028]

    desk.put_in(json.dumps([{"id": str(season.pk), "years": {"2029": [["2029-07-01", "2029-07-02"]]}}]), "rows.json")
    [exported] = json.loads(desk.take_out("out.json"))
    assert exported["years"] == {"2029": [["2029-07-01", "2029-07-02"]]}
    assert exported["value"] is None


def interval(month: object = 5, day: object = 1) -> dict[str, Any]:
    side = {"month": month, "day": day}
    return {"type": "recurring-date-range", "intervals": [{"min": side, "max": {"month": 5, "day": 2}}]}


@pytest.mark.parametrize(
    ("row", "lines"),
    [
        ({"value": interval(month=12)}, ["value.intervals[0].min.month: The month goes from 0 to 11. [month_out_of_range]"]),
        (
            {"value": interval(month=8, day=31)},
            ["value.intervals[0].min.day: The day goes from 1 to 30. [day_out_of_range]"],
        ),
        ({"value": interval(day=1.5)}, ["value.intervals[0].min.day: The day is a whole number. [day_not_integer]"]),
        ({"value": {"type": "weekly", "intervals": []}}, ["value.type: This type of season is not known. [unknown_type]"]),
        ({"value": "summer"}, ["value: A season's dates are an object, or null while they are not decided. [not_object]"]),
        ({"name": {"nl": "Zomer"}}, ["name.default: A name needs a text under the key “default”. [missing_default]"]),
        ({"name": {"default": "a\0b"}}, ["name: “{\"default\":\"a\\u0000b\"}” is not JSON that can be kept. [not_json]"]),
        ({"name": None}, ["name: This cannot be null; leave it out to keep the default. [null_not_allowed]"]),
        ({"years": [2027]}, ["years: Years are an object, each year with its list of ranges. [years_not_object]"]),
        ({"years": {"27": []}}, ["years.27: A year has four digits. [year_out_of_range]"]),
        ({"years": {"1812": []}}, ["years.1812: The year goes from 1900 to 2199. [year_out_of_range]"]),
        (
            {"years": {"2027": [["2027-02-30", "2027-03-01"]]}},
            ["years.2027: A year has a list of ranges, each [first day, last day] as 2027-04-30. [ranges_not_readable]"],
        ),
        (
            {"years": {"2027": [["2027-07-02", "2027-07-01"], ["2026-07-01", "2026-07-02"]]}},
            [
                "years.2027[0]: The first day stands before the last. [range_reversed]",
                "years.2027[1]: A range of 2027 begins in 2027 and ends by 31 December 2028. [range_outside_year]",
            ],
        ),
    ],
)  # fmt: skip
def test_every_bad_season_is_told_and_nothing_written(desk, row, lines):
    good = {"name": {"default": "Good"}}
    content = f"[\n{json.dumps(good)},\n{json.dumps(good | row)}]"

    assert desk.refused(content, "rows.json") == [f"3: {line}" for line in lines]

    assert kept(desk) == []


def test_a_season_that_is_new_needs_a_name(desk):
    assert desk.refused(f"id,value\n{uuid7()},\n") == ["2: name: A new season needs a name. [required]"]


def test_faults_of_many_rows_are_told_at_once(desk):
    value = json.dumps(interval(month=12)).replace('"', '""')
    content = f'name,value\n{{oops,\n"{{""default"": ""A""}}","{value}"\n"{{}}",\n'

    assert desk.refused(content) == [
        "2: name: “{oops” is not JSON that can be kept. [not_json]",
        "3: value.intervals[0].min.month: The month goes from 0 to 11. [month_out_of_range]",
        "4: name.default: A name needs a text under the key “default”. [missing_default]",
    ]

    assert kept(desk) == []
