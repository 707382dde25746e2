"""Rows of single years as they are kept: with history, and the season touched when something changed."""

from __future__ import annotations

from uuid import UUID

import pytest

from bookingoffice.audit.models import AuditEntry
from bookingoffice.database.scope import tenant_scope
from bookingoffice.errors import Malformed, RuleViolation
from seasons.models import Season, SeasonYear
from seasons.multiranges import stretches_of
from seasons.year_writes import copy_year, set_year, set_years
from tests.builders import NOON, TESTER, make_organization
from tests.seasons.builders import SUMMER, expression, stretch
from tests.seasons.doors import keep

pytestmark = pytest.mark.django_db
ACT = {"actor": TESTER, "moment": NOON}
LATE_SUMMER = [stretch("2027-07-03", "2027-09-11")]


@pytest.fixture
def organization():
    organization = make_organization()
    with tenant_scope(organization.pk):
        yield organization


@pytest.fixture
def season_id(organization):
    [season_id] = keep(organization, {"value": expression(SUMMER), "updated_at": NOON.isoformat()})
    return season_id


def rows():
    return {row.year: list(stretches_of(row.dates)) for row in SeasonYear.objects.all()}


def touched(season_id) -> bool:
    return bool(Season.objects.get(pk=season_id).updated_at != NOON)


def deeds() -> list[str]:
    entries = AuditEntry.objects.filter(table_name="season_years").order_by("created_at", "id")
    return list(entries.values_list("action", flat=True))


def test_a_row_is_made_changed_and_taken_away_with_its_history(organization, season_id):
    set_year(organization, season_id, 2027, LATE_SUMMER, **ACT)
    assert (rows(), touched(season_id)) == ({2027: LATE_SUMMER}, True)

    set_year(organization, season_id, 2027, [], **ACT)
    assert rows() == {2027: []}

    set_year(organization, season_id, 2027, None, **ACT)
    assert rows() == {}
    assert sorted(deeds()) == ["changed", "created", "deleted"]


def test_the_same_dates_again_change_nothing(organization, season_id):
    split = [stretch("2027-07-03", "2027-08-01"), stretch("2027-08-02", "2027-09-11")]
    set_year(organization, season_id, 2027, LATE_SUMMER, **ACT)
    Season.objects.of(organization.pk).update(updated_at=NOON)

    set_year(organization, season_id, 2027, split, **ACT)
    set_year(organization, season_id, 2028, None, **ACT)

    assert (deeds(), touched(season_id)) == (["created"], False)


def test_years_set_as_a_whole_take_the_others_away(organization, season_id):
    set_years(organization, {season_id: {2027: LATE_SUMMER, 2028: []}}, **ACT)
    set_years(organization, {season_id: {2027: LATE_SUMMER, 2029: []}}, **ACT)

    assert rows() == {2027: LATE_SUMMER, 2029: []}
    assert sorted(deeds()) == ["created", "created", "created", "deleted"]


def test_a_file_that_brings_its_own_moment_of_change_keeps_it(organization, season_id):
    set_years(organization, {season_id: {2027: LATE_SUMMER}}, **ACT, untouched=[season_id])

    assert not touched(season_id)


@pytest.mark.parametrize(
    ("year", "dates", "code"),
    [
        (1899, [], "year_out_of_range"),
        (2200, [], "year_out_of_range"),
        (2027, [stretch("2026-12-28", "2027-01-05")], "range_outside_year"),
        (2027, [stretch("2027-12-20", "2029-01-01")], "range_outside_year"),
        (2027, [stretch("2027-05-02", "2027-05-01")], "range_reversed"),
    ],
)
def test_faulty_dates_are_not_kept(organization, season_id, year, dates, code):
    with pytest.raises(Malformed) as refusal:
        set_year(organization, season_id, year, dates, **ACT)

    assert [fault.code for fault in refusal.value.faults] == [code]
    assert (rows(), deeds(), touched(season_id)) == ({}, [], False)


def test_a_season_of_others_is_not_found(season_id):
    elsewhere = make_organization("Elsewhere")
    with tenant_scope(elsewhere.pk):
        for wanted in (season_id, UUID(int=1)):
            with pytest.raises(RuleViolation) as refusal:
                set_year(elsewhere, wanted, 2027, [], **ACT)
            assert refusal.value.code == "season_not_found"


def test_a_copy_never_drifts_and_never_overwrites_unasked(organization, season_id):
    ask = {"mode": "same_weekdays", **ACT}
    set_year(organization, season_id, 2027, [stretch("2027-07-03", "2027-07-10")], **ACT)
    copies = {
        year: copy_year(organization, season_id, from_year=2027, to_year=year, **ask) for year in range(2028, 2060)
    }

    assert copies[2028] == [stretch("2028-07-01", "2028-07-08")]
    for year, dates in copies.items():
        assert dates is not None
        [(first, last)] = dates
        assert (first.weekday(), (last - first).days) == (5, 7)
        assert abs((first - first.replace(year=year, month=7, day=3)).days) <= 3

    set_year(organization, season_id, 2028, [], **ACT)
    assert copy_year(organization, season_id, from_year=2027, to_year=2028, **ask) is None
    assert rows()[2028] == []
    assert copy_year(organization, season_id, from_year=2027, to_year=2028, replace=True, **ask) == copies[2028]
    assert rows()[2028] == copies[2028]


def test_a_year_without_a_row_cannot_be_copied(organization, season_id):
    with pytest.raises(RuleViolation) as refusal:
        copy_year(organization, season_id, from_year=2027, to_year=2028, mode="same_dates", **ACT)

    assert refusal.value.code == "no_year_row"


def test_29_february_alone_vanishes_from_a_common_year(organization, season_id):
    leap_day = [stretch("2028-02-29", "2028-02-29")]
    set_year(organization, season_id, 2028, leap_day, **ACT)

    assert copy_year(organization, season_id, from_year=2028, to_year=2029, mode="same_dates", **ACT) == []
    assert rows()[2029] == []
