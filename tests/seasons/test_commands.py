"""`manage.py seasons`: what operators read, and with which code it ends."""

from __future__ import annotations

import csv
import json
from io import StringIO

import pytest
from django.core.management import CommandError

from bookingoffice.audit.models import AuditEntry
from bookingoffice.database.scope import tenant_scope
from seasons.management.subcommands.base import Finding
from seasons.models import Season, SeasonYear
from seasons.multiranges import stretches_of
from seasons.year_writes import set_year
from tests.builders import NOON, TESTER, make_key, make_organization
from tests.contract.bookingmood.conftest import Api
from tests.seasons.builders import SUMMER, WINTER, expression, stretch
from tests.seasons.doors import keep, run

pytestmark = pytest.mark.django_db
CHRISTMAS = ((20, 12), (6, 1))


@pytest.fixture
def organization():
    return make_organization()


@pytest.fixture
def winter(organization):
    name = {"default": "Winter", "nl": "Winterseizoen"}
    return keep(organization, {"name": name, "value": expression(WINTER)})[0]


@pytest.fixture
def christmas(organization, winter):
    return keep(organization, {"name": {"default": "Christmas"}, "value": expression(CHRISTMAS)})[0]


def refused(organization, *words) -> str:
    with pytest.raises(CommandError) as refusal:
        run(organization, *words)
    assert refusal.value.returncode == 2
    return str(refusal.value)


def rows_of(organization, season_id):
    with tenant_scope(organization.pk):
        rows = SeasonYear.objects.of(organization.pk).filter(season_id=season_id).order_by("year")
        return {row.year: [(str(first), str(last)) for first, last in stretches_of(row.dates)] for row in rows}


def test_a_day(organization, winter, christmas):
    assert (
        run(organization, "on", "2027-12-24", "--lang", "nl-NL") == f"Christmas\t{christmas}\nWinterseizoen\t{winter}\n"
    )
    assert run(organization, "on", "2027-09-09") == "2027-09-09: no season\n"


@pytest.mark.parametrize("named", ["{id}", "Winter", "winterseizoen"])
def test_a_season_is_named_by_its_id_or_by_a_name(organization, winter, named):
    words = ("dates", named.format(id=winter), "--from", "2028-01-01", "--to", "2028-12-31")

    assert run(organization, *words) == ("2028-01-01 to 2028-02-29  60 nights\n2028-11-01 to 2028-12-31  61 nights\n")
    assert run(organization, *words, "--whole").splitlines()[0] == "2027-11-01 to 2028-02-29  121 nights"


def test_a_season_that_never_ends_says_so(organization):
    keep(organization, {"name": {"default": "Always"}, "value": expression(((1, 1), (31, 12)))})

    assert run(organization, "dates", "Always", "--from", "2028-01-01", "--to", "2028-01-01", "--whole") == (
        "… to …  without end\n"
    )


def test_a_name_that_two_seasons_have_is_not_guessed(organization, winter):
    keep(organization, {"name": {"default": "winter"}})

    assert "2 seasons have this name" in refused(
        organization, "dates", "Winter", "--from", "2027-01-01", "--to", "2027-01-02"
    )


def test_a_stay(organization, winter, christmas):
    assert run(organization, "stay", "2027-12-19", "2027-12-21") == (
        "2027-12-19  Winter\n2027-12-20  Christmas, Winter\n\nWinter: 1 night\nChristmas: 1 night\n"
    )
    assert run(organization, "stay", "2028-02-29", "2028-03-01", "--unit", "day").splitlines() == [
        "2028-02-29  Winter",
        "2028-03-01  no season",
        "",
        "Winter: 1 night",
        "no season: 1 night",
    ]


def test_a_check_ends_with_1_on_a_gap_and_says_it_in_words(organization, winter, christmas, capsys):
    with pytest.raises(Finding) as finding:
        run(organization, "check")

    assert finding.value.returncode == 1
    assert run(organization, "check", "--allow-gaps", "--year", "2028").splitlines() == [
        "In no season: 1 March to 31 October (245 nights)",
        "In no season: 2028-03-01 to 2028-10-31",
        "Winter and Christmas overlap on 20 December to 6 January, over New Year; Christmas comes first.",
    ]


def test_a_gap_on_29_february_alone_is_a_gap(organization):
    keep(organization, {"value": expression(((1, 3), (28, 2)))})

    with pytest.raises(Finding):
        run(organization, "check")
    assert run(organization, "check", "--allow-gaps").splitlines() == [
        "In no season: 29 February (in leap years)",
        "Season ends on 28 February and leaves 29 February out; was the end of February meant?",
    ]


def test_a_year_that_a_row_opens_is_a_gap_where_the_ring_has_none(organization):
    [always] = keep(organization, {"value": expression(((1, 1), (31, 12)))})
    with tenant_scope(organization.pk):
        set_year(organization, always, 2027, [stretch("2027-01-02", "2027-12-31")], actor=TESTER, moment=NOON)

    assert run(organization, "check") == run(organization, "check", "--year", "2028") == "Every day is in a season.\n"
    with pytest.raises(Finding):
        run(organization, "check", "--year", "2027")


def test_seasons_without_dates_are_told_apart(organization):
    keep(organization, {"name": {"default": "Later"}}, {"name": {"default": "Off"}, "value": expression()})

    told = run(organization, "check", "--allow-gaps")

    assert "Later has no dates of every year: not decided yet." in told
    assert "Off has no dates of every year: deliberately none." in told


def test_a_year_is_drawn_in_twelve_lines_with_a_legend(organization, winter, christmas):
    drawn = run(organization, "calendar", "2028").splitlines()

    assert drawn[:3] == ["Jan " + "A" * 6 + "B" * 25, "Feb " + "B" * 29, "Mar " + "." * 31]
    assert drawn[11] == "Dec " + "B" * 19 + "A" * 12
    assert [len(line) - 4 for line in drawn[:12]] == [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    assert drawn[12:] == ["", "A Christmas: 18 nights", "B Winter: 103 nights"]
    told = json.loads(run(organization, "calendar", "2027", "--json"))
    assert told["months"][1] == "B" * 28
    assert [entry["season_id"] for entry in told["legend"]] == [str(christmas), str(winter)]


def test_four_hundred_seasons_still_have_letters_of_their_own(organization):
    days = [(day, month) for month in range(1, 13) for day in range(1, 29)]
    keep(organization, *({"value": expression((day, day))} for day in days))

    drawn = "".join(line[4:] for line in run(organization, "calendar", "2027").splitlines()[:12])

    assert len(set(drawn) - {"."}) == len(days) == 336


def test_a_copy_of_a_season_and_its_name(organization, winter):
    told = run(organization, "copy", "Winter")
    json_told = json.loads(run(organization, "copy", winter, "--name", "Cold", "--json"))

    with tenant_scope(organization.pk):
        names = {str(season.pk): season.name for season in Season.objects.exclude(pk=winter)}
        assert set(AuditEntry.objects.filter(actor_id="seasons").values_list("action", flat=True)) == {"created"}
    label, season_id = told.strip().split("\t")
    assert (label, names[season_id]) == ("Winter (copy)", {"default": "Winter (copy)", "nl": "Winterseizoen"})
    assert names[json_told["id"]] == {"default": "Cold"}


def test_a_copy_to_another_organization_takes_the_years_along(organization, winter):
    elsewhere = make_organization("Elsewhere")
    with tenant_scope(organization.pk):
        set_year(organization, winter, 2027, [stretch("2027-11-15", "2028-03-10")], actor=TESTER, moment=NOON)

    copied = run(organization, "copy", "Winter", "--to-organization", elsewhere.pk).strip().split("\t")[1]

    assert rows_of(elsewhere, copied) == {2027: [("2027-11-15", "2028-03-10")]}
    with tenant_scope(elsewhere.pk):
        assert Season.objects.get().name["default"] == "Winter (copy)"
    with tenant_scope(organization.pk):
        assert Season.objects.count() == 1


def test_a_copy_of_a_year_is_made_once_and_always_from_the_source(organization, winter):
    with tenant_scope(organization.pk):
        set_year(organization, winter, 2028, [stretch("2028-02-29", "2028-03-05")], actor=TESTER, moment=NOON)
    words = ("copy", "Winter", "--from-year", "2028", "--mode", "same_dates", "--to-year")

    assert run(organization, *words, "2029").splitlines() == ["Winter, 2029:", "2029-03-01 to 2029-03-05  5 nights"]
    assert run(organization, *words, "2029") == "Winter has dates for 2029 already; --replace replaces them.\n"
    run(organization, *words, "2032")
    run(organization, *words, "2029", "--replace")

    assert rows_of(organization, winter) == {
        2028: [("2028-02-29", "2028-03-05")],
        2029: [("2029-03-01", "2029-03-05")],
        2032: [("2032-02-29", "2032-03-05")],
    }
    assert "no dates of its own for 2031" in refused(organization, *words[:3], "2031", *words[4:], "2033")


@pytest.mark.parametrize(
    "words",
    [
        ("on", "2027-02-30"),
        ("on", "1899-12-31"),
        ("dates", "Nothing", "--from", "2027-01-01", "--to", "2027-01-02"),
        ("dates", "Winter", "--from", "2027-01-02", "--to", "2027-01-01"),
        ("stay", "2027-01-01", "2027-01-01"),
        ("stay", "2027-01-01", "2030-01-01"),
        ("check", "--year", "soon"),
        ("calendar", "99999"),
        ("copy", "Winter", "--from-year", "2027"),
        ("copy", "Winter", "--replace"),
        ("copy", "Winter", "--from-year", "2027", "--to-year", "2028", "--mode", "same_dates", "--name", "x"),
        ("copy", "Winter", "--name", "x", "--to-organization", "00000000-0000-7000-8000-000000000000"),
        ("holidays", "Winter", "--country", "DE", "--years", "2028-2027"),
        ("holidays", "Winter", "--country", "DE", "--years", "next"),
        ("holidays", "Winter", "--country", "DE", "--years", "2000-2199"),
    ],
)
def test_what_is_not_possible_ends_with_2(organization, winter, words):
    assert refused(organization, *words)
    with tenant_scope(organization.pk):
        assert (Season.objects.count(), SeasonYear.objects.count()) == (1, 0)


def test_export_as_json_is_what_programs_read(organization, winter, christmas):
    assert json.loads(run(organization, "export")) == Api(make_key(organization))("GET", "/seasons?order=id").json()


def test_export_as_a_table_has_a_line_for_each_interval_months_from_1(organization, winter):
    name = {"default": 'a "quoted", name'}
    [summer] = keep(organization, {"name": name, "value": expression(SUMMER, ((1, 7), (2, 7)))})
    keep(organization, {"value": None})

    assert list(csv.reader(StringIO(run(organization, "export", "--format", "csv", "--lang", "nl")))) == [
        ["id", "name", "from", "to"],
        [str(winter), "Winterseizoen", "11-01", "02-29"],
        [str(summer), name["default"], "06-01", "08-31"],
        [str(summer), name["default"], "07-01", "07-02"],
    ]


def test_the_address_of_the_feed_is_kept_until_it_is_renewed(organization, client):
    first = run(organization, "feed").strip()

    assert run(organization, "feed").strip() == first
    renewed = run(organization, "feed", "--renew").strip()
    assert (client.get(first).status_code, client.get(renewed).status_code) == (404, 200)
    assert json.loads(run(organization, "feed", "--json")) == {"path": renewed}
