"""What is read for a question, and how long the largest takes."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookingoffice.database.jsontext import json_text
from bookingoffice.database.scope import tenant_scope
from bookingoffice.errors import RuleViolation
from seasons import answers
from seasons.expressions import expression_of
from seasons.questions import kept_season, kept_seasons, report_of, year_page
from seasons.reports import overlaps
from seasons.ring import Interval, SlotSet, month_day
from seasons.stays import seasons_on
from seasons.writes import delete_seasons
from seasons.year_writes import set_year
from tests.builders import NOON, TESTER, make_organization
from tests.seasons.builders import SUMMER, WINTER, expression, stretch
from tests.seasons.doors import keep

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization():
    organization = make_organization()
    with tenant_scope(organization.pk):
        yield organization


def some_weeks(chance: Random) -> SlotSet:
    start = chance.randint(1, 366)
    return SlotSet.of([Interval(month_day(start), month_day((start + chance.randint(3, 45)) % 366 + 1))])


def test_all_seasons_are_read_in_two_statements(organization):
    ids = keep(organization, *({"value": expression(SUMMER)} for _ in range(30)))
    for season_id in ids:
        set_year(organization, season_id, 2027, [], actor=TESTER, moment=NOON)

    with CaptureQueriesContext(connection) as captured:
        seasons = kept_seasons(organization.pk)

    assert len(captured) == 2
    assert [season.id for season in seasons] == sorted(ids)
    assert all(season.dates.rows == {2027: ()} for season in seasons)


def test_a_season_of_others_is_not_found(organization):
    [season_id] = keep(organization, {})
    elsewhere = make_organization("Elsewhere")

    with tenant_scope(elsewhere.pk), pytest.raises(RuleViolation) as refusal:
        kept_season(elsewhere.pk, season_id)
    assert refusal.value.code == "season_not_found"


def test_the_page_of_a_year_paints_each_day_as_the_rules_do(organization):
    chance = Random(7)
    ids = keep(organization, *({"value": expression_of(some_weeks(chance))} for _ in range(12)))
    set_year(organization, ids[0], 2028, [stretch("2028-02-20", "2028-03-20")], actor=TESTER, moment=NOON)
    seasons = kept_seasons(organization.pk)

    page = year_page(seasons, 2028)

    assert len(page.primary) == 366
    for day, primary in page.primary.items():
        found = seasons_on(seasons, day)
        assert primary == (found[0].id if found else None)
        assert {season_id for season_id, runs in page.stretches.items() if any(a <= day <= b for a, b in runs)} == {
            season.id for season in found
        }


def test_a_season_that_is_deleted_while_it_is_asked_for_is_left_out(organization):
    gone, stays = keep(organization, {"value": expression(SUMMER)}, {"value": expression(SUMMER)})
    seasons = kept_seasons(organization.pk)
    delete_seasons(organization, [gone], actor=TESTER, moment=NOON)

    assert [season["id"] for season in answers.shown(organization.pk, seasons, None)] == [str(stays)]
    assert [season["id"] for season in answers.columns_of(organization.pk, [gone, stays])] == [str(stays)]


def test_overlaps_are_written_as_they_are_found(organization):
    keep(organization, {"value": expression(WINTER)}, {"value": expression(SUMMER, ((20, 12), (6, 1)))})
    report = report_of(kept_seasons(organization.pk))
    [found] = overlaps(report.seasons)

    assert json_text(answers.report_told(report, None)["overlaps"]) == json_text(
        [
            {
                "a": found.a,
                "b": found.b,
                "intervals": [interval.as_json() for interval in found.slots.intervals()],
                "first": found.first,
            }
        ]
    )


def test_five_hundred_seasons_are_reported_whole(organization):
    chance = Random(1)
    keep(organization, *({"value": expression_of(some_weeks(chance))} for _ in range(500)))

    assert len(json_text(answers.report(organization.pk, 2027, None))) > 1_000_000


def test_a_long_stay_among_many_seasons_is_answered_whole(organization):
    chance = Random(2)
    keep(organization, *({"value": expression_of(some_weeks(chance))} for _ in range(200)))
    days = [date(2027, 1, 1) + timedelta(days=passed) for passed in range(1000)]

    assert len(answers.for_stay(organization.pk, days)["nights"]) == 1000
