"""Holidays as dates of single years: by a library of the test's own, and by the real one."""

from __future__ import annotations

import json
import re
import sys
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.core.management import CommandError

from bookingoffice.database.scope import tenant_scope
from bookingoffice.database.server.folder import PROJECT
from bookingoffice.errors import RuleViolation
from seasons import holidays
from seasons.holidays import proposal
from seasons.models import SeasonYear
from seasons.multiranges import stretches_of
from seasons.year_writes import set_year
from tests.builders import NOON, TESTER, make_organization
from tests.seasons.builders import expression, stretch
from tests.seasons.doors import keep, run

BREAK = ("--country", "de", "--subdiv", "NI", "--category", "school")


class Library:
    """Christmas breaks over New Year and a week in July, for the years it knows."""

    def __init__(self, *known: int) -> None:
        self.known = known
        self.asked: list[object] = []

    def country_holidays(self, country, *, subdiv, years, categories):
        self.asked.append((country, subdiv, list(years), categories))
        return [day for year in years if year in self.known for day in self.days(year)]

    def days(self, year):
        spans = [((1, 1), 6), ((7, 10), 7), ((12, 23), 9)]
        return [date(year, *first) + timedelta(days=passed) for first, nights in spans for passed in range(nights)]


@pytest.fixture
def library(monkeypatch):
    known = Library(*range(2026, 2030))
    monkeypatch.setattr(holidays, "_library", lambda: known)
    return known


@pytest.fixture
def season(db):
    organization = make_organization()
    return SimpleNamespace(
        organization=organization,
        id=keep(organization, {"name": {"default": "Break"}, "value": expression()})[0],
    )


def kept(season):
    with tenant_scope(season.organization.pk):
        rows = SeasonYear.objects.of(season.organization.pk).order_by("year")
        return {row.year: [(str(first), str(last)) for first, last in stretches_of(row.dates)] for row in rows}


def test_the_neighbours_are_loaded_and_the_halves_of_a_break_joined(library):
    found = proposal("de", "NI", "School", [2027, 2028])

    assert library.asked == [("DE", "NI", [2026, 2027, 2028, 2029], ("school",))]
    assert found.of_year(2027) == [stretch("2027-07-10", "2027-07-16"), stretch("2027-12-23", "2028-01-06")]
    assert found.notes_of_year(2027) == ["2026-12-23 to 2027-01-06 belongs to 2026."]


def test_what_the_library_does_not_know_is_said(library):
    library.known = (2027,)

    assert proposal("DE", None, "public", [2027]).notes_of_year(2027) == [
        "2026 is not known: the first holidays may have begun in it.",
        "2028 is not known: the last holidays may go on into it.",
    ]


def test_nothing_is_written_unless_told_so(season, library):
    told = run(season.organization, "holidays", "Break", *BREAK, "--years", "2027")

    assert told.splitlines() == [
        "2027: proposed; --apply writes them.",
        "  2027-07-10 to 2027-07-16  7 nights",
        "  2027-12-23 to 2028-01-06  15 nights",
        "  2026-12-23 to 2027-01-06 belongs to 2026.",
    ]
    assert kept(season) == {}


def test_years_that_have_dates_are_kept_unless_they_are_to_be_replaced(season, library):
    with tenant_scope(season.organization.pk):
        set_year(season.organization, season.id, 2028, [], actor=TESTER, moment=NOON)
    words = ("holidays", "Break", *BREAK, "--years", "2027-2028", "--apply")

    fates = [told["fate"] for told in json.loads(run(season.organization, *words, "--json"))]

    assert fates == ["written", "kept"]
    assert kept(season) == {2027: [("2027-07-10", "2027-07-16"), ("2027-12-23", "2028-01-06")], 2028: []}
    run(season.organization, *words, "--replace")
    assert kept(season)[2028] == [("2028-07-10", "2028-07-16"), ("2028-12-23", "2029-01-06")]


def test_a_year_of_which_nothing_is_known_is_left_alone(season, library):
    library.known = (2027,)

    told = run(season.organization, "holidays", "Break", *BREAK, "--years", "2027-2028", "--apply", "--replace")

    assert "2028: nothing is known of this year." in told
    assert list(kept(season)) == [2027]


def test_without_the_library_the_extra_is_named(season, monkeypatch):
    monkeypatch.setitem(sys.modules, "holidays", None)

    with pytest.raises(CommandError, match=r"bookingoffice\[holidays\]") as refusal:
        run(season.organization, "holidays", "Break", *BREAK, "--years", "2027")
    assert refusal.value.returncode == 2


def test_nothing_else_imports_the_library():
    importing = re.compile(r"(?m)^\s*(import|from) holidays\b|import_module\(.holidays")
    sources = [path for app in ("bookingoffice", "coupons", "seasons") for path in (PROJECT / app).rglob("*.py")]

    assert [path.name for path in sources if importing.search(path.read_text())] == ["holidays.py"]


@pytest.mark.parametrize(
    ("country", "subdiv", "category"),
    [
        ("XX", None, "public"),
        ("school", None, "public"),
        ("DE", "QQ", "public"),
        ("DE", None, "nope"),
        ("DE", None, "school"),
        ("NL", None, "school"),
    ],
)
def test_the_real_library_does_not_know_everything(country, subdiv, category):
    pytest.importorskip("holidays", reason="the optional extra is not installed")

    with pytest.raises(RuleViolation) as refusal:
        proposal(country, subdiv, category, [2027])
    assert refusal.value.code == "holidays_unknown"


def test_the_real_library_has_a_christmas_break_in_one_piece():
    pytest.importorskip("holidays", reason="the optional extra is not installed")

    found = proposal("DE", "NI", "school", [2026, 2027])

    assert stretch("2027-12-23", "2028-01-08") in found.of_year(2027)
    assert proposal("nl", None, "public", [2027]).of_year(2027)[0] == stretch("2027-01-01", "2027-01-01")
