"""The worked examples of what seasons mean, each replayed through the rules."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bookingoffice.errors import RuleViolation
from bookingoffice.localized import choose_text
from seasons.calendar import SeasonDates, Stretch
from seasons.expressions import slots_of, value_faults
from seasons.feeds import FeedSeason, calendar_bytes
from seasons.reports import gaps, overlaps
from seasons.stays import RankedSeason, days_of_stay, nights_of
from seasons.year_rows import copy_stretches
from tests.seasons.builders import events_read

CASES = json.loads((Path(__file__).parent / "season_cases.json").read_text())
DAY = date.fromisoformat


def validate(given: dict[str, Any]) -> dict[str, Any]:
    errors = [[fault.code, fault.path] for fault in value_faults(given["value"])]
    return {"ok": not errors, "errors": errors}


def contains(given: dict[str, Any]) -> bool:
    return DAY(given["date"]) in SeasonDates(slots_of(given["value"]))


def expand(given: dict[str, Any]) -> list[list[str | None]]:
    dates = SeasonDates(slots_of(given["value"]))
    expanded = dates.clipped if given["clip"] else dates.whole
    runs = expanded(DAY(given["from"]), DAY(given["to"]))
    return [[end.isoformat() if end else None for end in run] for run in runs]


def normalise(given: dict[str, Any]) -> list[dict[str, Any]]:
    return [interval.as_json() for interval in slots_of(given["value"]).intervals()]


def days(given: dict[str, Any]) -> dict[str, int]:
    slots = slots_of(given["value"])
    return {"common": slots.common_days, "leap": slots.leap_days}


def seasons_of(given: dict[str, Any]) -> list[Any]:
    return [
        RankedSeason(row["id"], SeasonDates(slots_of(row["value"])), datetime.fromisoformat(row["created_at"]))
        for row in given["seasons"]
    ]


def stay(given: dict[str, Any]) -> list[Any] | str:
    try:
        stayed = days_of_stay(DAY(given["check_in"]), DAY(given["check_out"]), given["unit"])
    except RuleViolation as violation:
        return f"error:{violation.code}"
    return [[night.date.isoformat(), list(night.season_ids)] for night in nights_of(seasons_of(given), stayed)]


def report(given: dict[str, Any]) -> dict[str, Any]:
    seasons = seasons_of(given)
    return {
        "gaps": [
            {**gap.interval.as_json(), "leap_only": gap.leap_only}
            for gap in gaps(season.dates.slots for season in seasons)
        ],
        "overlaps": [
            {"a": found.a, "b": found.b, "intervals": [interval.as_json() for interval in found.slots.intervals()]}
            for found in overlaps(seasons)
        ],
    }


def copy_year(given: dict[str, Any]) -> list[list[str]]:
    source = [Stretch(DAY(first), DAY(last)) for first, last in given["ranges"]]
    copies = copy_stretches(source, from_year=given["from_year"], to_year=given["to_year"], mode=given["mode"])
    return [[first.isoformat(), last.isoformat()] for first, last in copies]


def ical(given: dict[str, Any]) -> list[list[str]]:
    """Through the bytes of the feed and a reader that is not ours."""
    dates = SeasonDates(slots_of(given["value"]))
    season: Any = FeedSeason(given["season_id"], "Season", dates, datetime(2026, 1, 1, tzinfo=UTC))
    window = Stretch(DAY(given["from"]), DAY(given["to"]))
    feed = calendar_bytes([season], name="Seasons", host="example.org", window=window)
    return [
        [event["UID"].removesuffix("@example.org"), f"{event['DTSTART'].dt:%Y%m%d}", f"{event['DTEND'].dt:%Y%m%d}"]
        for event in events_read(feed)
    ]


def name(given: dict[str, Any]) -> str:
    return choose_text(given["name"], given["lang"])


ANSWERS: dict[str, Callable[[dict[str, Any]], Any]] = {
    answer.__name__: answer
    for answer in (validate, contains, expand, normalise, days, stay, report, copy_year, ical, name)
}


def test_the_file_is_whole():
    assert CASES["format"] == 1
    assert len(CASES["cases"]) == CASES["count"]


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["id"])
def test_the_rules_answer_as_written(case):
    answer = ANSWERS[case["op"]](case["input"])

    if case["op"] == "validate":
        assert sorted(answer["errors"]) == sorted(case["expect"]["errors"])
        assert answer["ok"] == case["expect"]["ok"]
    else:
        assert answer == case["expect"]
