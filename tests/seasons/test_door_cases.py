"""The worked examples of what seasons mean, replayed through every door: programs, commands and the feed."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.core.management import call_command

from bookingoffice.database.scope import tenant_scope
from seasons.asked import LONGEST_WINDOW
from seasons.calendar import Stretch
from seasons.models import SeasonYear
from seasons.multiranges import stretches_of
from seasons.year_writes import set_year
from tests.builders import NOON, TESTER, make_key, make_organization
from tests.contract.bookingmood.conftest import Api
from tests.seasons.builders import events_read, stretch
from tests.seasons.doors import Commands, Programs, Refused, keep, run
from tests.seasons.test_cases import CASES

pytestmark = pytest.mark.django_db


def cases(op: str) -> Any:
    chosen = [case for case in CASES["cases"] if case["op"] == op]
    found = [pytest.param(case["input"], case["expect"], id=case["id"]) for case in chosen]
    return pytest.mark.parametrize(("given", "expect"), found)


@pytest.fixture(params=[Programs, Commands])
def door(request, organization):
    return request.param(organization)


@pytest.fixture
def organization():
    return make_organization()


def within(*days: str) -> bool:
    """Whether a door takes these days; the rules know no such bound."""
    return all("1900" <= day[:4] <= "2199" for day in days)


@cases("contains")
def test_days(door, organization, given, expect):
    keep(organization, {"value": given["value"]})

    if not within(given["date"]):
        with pytest.raises(Refused, match="date_out_of_range"):
            door.on(given["date"])
    else:
        assert (len(door.on(given["date"])) == 1) is expect


@cases("expand")
def test_runs(door, organization, given, expect):
    [season_id] = keep(organization, {"value": given["value"]})
    first, last = given["from"], given["to"]

    if not within(first, last):
        with pytest.raises(Refused, match="date_out_of_range"):
            door.dates(season_id, first, last, clip=given["clip"])
    elif Stretch(date.fromisoformat(first), date.fromisoformat(last)).nights > LONGEST_WINDOW:
        with pytest.raises(Refused, match="window_too_long"):
            door.dates(season_id, first, last, clip=given["clip"])
    else:
        runs = door.dates(season_id, first, last, clip=given["clip"])
        assert [[run["start"], run["end"]] for run in runs] == expect
        assert all((run["nights"] is None) == (None in (run["start"], run["end"])) for run in runs)


@cases("normalise")
def test_normal_forms(door, organization, given, expect):
    keep(organization, {"value": given["value"]})

    assert door.report()["seasons"][0]["normal_form"] == expect


@cases("days")
def test_counted_days(door, organization, given, expect):
    keep(organization, {"value": given["value"]})

    assert door.report()["seasons"][0]["days"] == expect


def kept_under_names(organization, given) -> dict[str, str]:
    """Ids in the order of the example's own, so that ties and pairs come out alike."""
    rows = sorted(given["seasons"], key=lambda row: row["id"])
    ids = {row["id"]: UUID(int=place) for place, row in enumerate(rows, 1)}
    keep(
        organization,
        *({"id": ids[row["id"]], "value": row["value"], "created_at": row["created_at"]} for row in rows),
    )
    return {str(season_id): name for name, season_id in ids.items()}


@cases("stay")
def test_stays(door, organization, given, expect):
    names = kept_under_names(organization, given)

    if isinstance(expect, str):
        with pytest.raises(Refused, match=expect.removeprefix("error:")):
            door.stay(given["check_in"], given["check_out"], given["unit"])
        return
    answer = door.stay(given["check_in"], given["check_out"], given["unit"])
    assert [[night["date"], [names[found] for found in night["season_ids"]]] for night in answer["nights"]] == expect
    assert [night["primary"] for night in answer["nights"]] == [
        next(iter(night["season_ids"]), None) for night in answer["nights"]
    ]
    assert sum(counted["nights"] for counted in answer["summary"]) == len(expect)


@cases("report")
def test_reports(door, organization, given, expect):
    names = kept_under_names(organization, given)
    report = door.report()
    overlaps = [{**found, "a": names[found["a"]], "b": names[found["b"]]} for found in report["overlaps"]]

    assert report["gaps"] == expect["gaps"]
    assert [{key: found[key] for key in ("a", "b", "intervals")} for found in overlaps] == expect["overlaps"]
    assert all(names[found["first"]] in (found["a"], found["b"]) for found in overlaps)


@cases("name")
def test_names(door, organization, given, expect):
    keep(organization, {"name": given["name"], "value": {"type": "recurring-date-range", "intervals": EVERY_DAY}})

    assert door.on("2027-06-15", given["lang"])[0]["label"] == expect


EVERY_DAY = [{"min": {"month": 0, "day": 1}, "max": {"month": 11, "day": 31}}]


@cases("copy_year")
def test_copies_of_a_year(organization, given, expect):
    [season_id] = keep(organization, {})
    source = [stretch(*ends) for ends in given["ranges"]]
    with tenant_scope(organization.pk):
        set_year(organization, season_id, given["from_year"], source, actor=TESTER, moment=NOON)

    years = ["--from-year", given["from_year"], "--to-year", given["to_year"]]
    told = json.loads(run(organization, "copy", season_id, *years, "--mode", given["mode"], "--json"))

    assert [[found["start"], found["end"]] for found in told["dates"]] == expect
    with tenant_scope(organization.pk):
        kept = SeasonYear.objects.get(year=given["to_year"])
        assert [[day.isoformat() for day in dates] for dates in stretches_of(kept.dates)] == expect


@cases("ical")
def test_feeds(client, organization, given, expect):
    keep(organization, {"value": given["value"]})
    with time_machine.travel(f"{given['from'][:4]}-06-15", tick=False):
        found = client.get(run(organization, "feed").strip())
        out = StringIO()
        call_command(
            "seasons", "export", "--format", "ics", "--organization", str(organization.pk), "--host", "testserver",
            stdout=out,
        )  # fmt: skip
    asked = Stretch(date.fromisoformat(given["from"]), date.fromisoformat(given["to"]))

    assert found.content == out.getvalue().encode()
    assert [
        ["S1-" + event["UID"].split("@")[0][-8:], f"{event['DTSTART'].dt:%Y%m%d}", f"{event['DTEND'].dt:%Y%m%d}"]
        for event in events_read(found.content)
        if event["DTSTART"].dt <= asked.last and event["DTEND"].dt > asked.first
    ] == expect


@cases("validate")
def test_values(organization, given, expect):
    answer = Api(make_key(organization))("POST", "/seasons", {"name": {"default": "x"}, "value": given["value"]})

    assert answer.status_code == (201 if expect["ok"] else 400)
    if not expect["ok"]:
        found = [[fault["code"], fault["path"]] for fault in answer.json()["details"]]
        assert sorted(found) == sorted(expect["errors"])
