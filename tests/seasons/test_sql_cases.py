"""The worked examples of what seasons mean, replayed through the database's functions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from seasons.expressions import slots_of
from tests.seasons.questions import ask, spans_of, stretches_of

pytestmark = pytest.mark.django_db

CASES = json.loads((Path(__file__).parent / "season_cases.json").read_text())["cases"]


def _cases(op: str) -> list[Any]:
    return [pytest.param(case["input"], case["expect"], id=case["id"]) for case in CASES if case["op"] == op]


@pytest.mark.parametrize(
    ("given", "expect"), [case for case in _cases("validate") if case.values[0]["value"] is not None]
)
def test_worked_examples_of_validity(given, expect):
    assert ask("select season_value_is_valid(%s::jsonb)", json.dumps(given["value"])) == [expect["ok"]]


@pytest.mark.parametrize(("given", "expect"), _cases("contains"))
def test_worked_examples_of_days(given, expect):
    statement = "select season_slots(%s::jsonb) @> season_slot(%s::date)"

    assert ask(statement, json.dumps(given["value"]), given["date"]) == [expect]


@pytest.mark.parametrize(("given", "expect"), [case for case in _cases("expand") if case.values[0]["clip"]])
def test_worked_examples_of_runs(given, expect):
    statement = "select season_dates(season_slots(%s::jsonb), null, null, %s::date, %s::date)"
    [answer] = ask(statement, json.dumps(given["value"]), given["from"], given["to"])

    assert [[first.isoformat(), last.isoformat()] for first, last in stretches_of(answer)] == expect


@pytest.mark.parametrize(("given", "expect"), _cases("days"))
def test_worked_examples_of_counted_days(given, expect):
    statement = "select season_ring_days(s), season_ring_days(s - '{[60,61)}') from season_slots(%s::jsonb) s"

    assert ask(statement, json.dumps(given["value"])) == [(expect["leap"], expect["common"])]


@pytest.mark.parametrize(("given", "expect"), _cases("report"))
def test_worked_examples_of_gaps_and_overlaps(given, expect):
    texts = [json.dumps(season["value"]) if season["value"] else None for season in given["seasons"]]
    [gaps] = ask(
        "select '{[1,367)}' - coalesce(range_agg(season_slots(t::jsonb)), '{}') from unnest(%s::text[]) t", texts
    )
    overlaps = ask(
        """select season_slots(a.t::jsonb) * season_slots(b.t::jsonb)
           from unnest(%s::text[]) with ordinality a(t, n) join unnest(%s::text[]) with ordinality b(t, n) on a.n < b.n
           where season_slots(a.t::jsonb) && season_slots(b.t::jsonb)""",
        *(texts, texts),
    )

    assert spans_of(gaps) == slots_of({"intervals": expect["gaps"]}).spans
    assert [spans_of(found) for found in overlaps] == [slots_of(found).spans for found in expect["overlaps"]]
