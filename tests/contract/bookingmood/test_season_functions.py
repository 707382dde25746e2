"""Questions about seasons over HTTP: whole answers, every refusal, and whose seasons they see."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookingoffice.accounts.authentication import forget_keys
from bookingoffice.accounts.models import Scope
from bookingoffice.audit.models import AuditEntry
from bookingoffice.database.scope import tenant_scope
from seasons.models import Season, SeasonYear
from seasons.multiranges import stretches_of
from seasons.year_writes import set_year
from tests.builders import NOON, TESTER, make_key, make_organization, make_season
from tests.contract.bookingmood.conftest import Api
from tests.seasons.builders import SUMMER, WHOLE_YEAR, WINTER, expression, stretch
from tests.seasons.doors import keep

CHRISTMAS = ((20, 12), (6, 1))
NOBODY = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def winter(organization):
    [season_id] = keep(
        organization, {"name": {"default": "Winter", "nl-NL": "Winterseizoen"}, "value": expression(WINTER)}
    )
    return season_id


@pytest.fixture
def christmas(organization, winter):
    [season_id] = keep(organization, {"name": {"default": "Christmas"}, "value": expression(CHRISTMAS)})
    return season_id


def refusal(answer):
    assert answer.json().keys() == {"code", "details", "hint", "message"}, answer.content
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    return answer.status_code, answer.json()["code"]


def test_a_day_has_its_seasons_the_primary_one_first_with_the_columns_of_the_table(api, winter, christmas):
    answer = api("GET", "/rpc/seasons_on?day=2027-12-24&lang=nl")
    rows = {row["id"]: row for row in api("GET", "/seasons").json()}

    assert answer.status_code == 200
    assert answer.json() == [
        {**rows[str(christmas)], "label": "Christmas"},
        {**rows[str(winter)], "label": "Winterseizoen"},
    ]
    assert list(answer.json()[0]) == ["id", "created_at", "updated_at", "organization_id", "name", "value", "label"]
    assert api("POST", "/rpc/seasons_on", {"day": "2027-12-24", "lang": "nl"}).json() == answer.json()
    assert api("GET", "/rpc/seasons_on?day=2027-09-09").json() == []


def test_both_addresses_and_head_answer(api, winter):
    other = Api(api.token, "/bookingmood/v1")

    assert other("GET", "/rpc/seasons_on?day=2027-12-24").json()[0]["id"] == str(winter)
    head = api("HEAD", "/rpc/seasons_on?day=2027-12-24")
    assert (head.status_code, head.content) == (200, b"")


def test_dates_of_a_season_cut_and_whole(api, winter):
    window = f"/rpc/season_dates?season_id={winter}&from=2028-01-10&to=2028-11-05"

    assert api("GET", window).json() == [
        {"start": "2028-01-10", "end": "2028-02-29", "nights": 51},
        {"start": "2028-11-01", "end": "2028-11-05", "nights": 5},
    ]
    assert api("GET", window + "&clip=false").json() == [
        {"start": "2027-11-01", "end": "2028-02-29", "nights": 121},
        {"start": "2028-11-01", "end": "2029-02-28", "nights": 120},
    ]
    assert api("GET", window + "&clip=true").json() == api("GET", window).json()


def test_a_run_without_end_has_no_number_of_nights(api, organization):
    [always] = keep(organization, {"value": expression(WHOLE_YEAR)})
    arguments = {"season_id": str(always), "from": "2027-01-01", "to": "2027-01-02", "clip": False}

    assert api("POST", "/rpc/season_dates", arguments).json() == [{"start": None, "end": None, "nights": None}]
    assert api("POST", "/rpc/season_dates", arguments | {"clip": None}).json()[0]["nights"] == 2


def test_a_stay_night_by_night(api, winter, christmas):
    answer = api("GET", "/rpc/seasons_for_stay?check_in=2027-12-19&check_out=2027-12-21").json()
    uncovered = api(
        "POST", "/rpc/seasons_for_stay", {"check_in": "2028-02-29", "check_out": "2028-03-01", "unit": "day"}
    )

    assert answer == {
        "nights": [
            {"date": "2027-12-19", "primary": str(winter), "season_ids": [str(winter)]},
            {"date": "2027-12-20", "primary": str(christmas), "season_ids": [str(christmas), str(winter)]},
        ],
        "summary": [{"season_id": str(winter), "nights": 1}, {"season_id": str(christmas), "nights": 1}],
    }
    assert uncovered.json()["nights"][1] == {"date": "2028-03-01", "primary": None, "season_ids": []}
    assert uncovered.json()["summary"] == [{"season_id": str(winter), "nights": 1}, {"season_id": None, "nights": 1}]


def test_the_report(api, organization, winter, christmas):
    [undecided, never] = keep(organization, {"value": None}, {"value": expression()})
    with tenant_scope(organization.pk):
        set_year(organization, never, 2028, [stretch("2028-03-01", "2028-10-30")], actor=TESTER, moment=NOON)

    report = api("GET", "/rpc/season_report?year=2028&lang=nl").json()

    day = {"leap_only": False, "min": {"month": 2, "day": 1}, "max": {"month": 9, "day": 31}}
    assert list(report) == ["seasons", "gaps", "overlaps", "without_dates", "lint", "year_gaps"]
    assert report["seasons"][0] == {
        "season_id": str(winter),
        "label": "Winterseizoen",
        "normal_form": [{"min": {"month": 10, "day": 1}, "max": {"month": 1, "day": 29}}],
        "days": {"common": 120, "leap": 121},
    }
    assert [season["season_id"] for season in report["seasons"]] == sorted(
        map(str, (winter, christmas, undecided, never))
    )
    assert report["gaps"] == [day]
    assert report["overlaps"] == [
        {
            "a": str(winter),
            "b": str(christmas),
            "intervals": [{"min": {"month": 11, "day": 20}, "max": {"month": 0, "day": 6}}],
            "first": str(christmas),
        }
    ]
    assert report["without_dates"] == [
        {"season_id": str(undecided), "meaning": "undecided", "years": []},
        {"season_id": str(never), "meaning": "never", "years": [2028]},
    ]
    assert report["lint"] == []
    assert report["year_gaps"] == [{"start": "2028-10-31", "end": "2028-10-31", "nights": 1}]
    assert "year_gaps" not in api("GET", "/rpc/season_report").json()


def test_the_report_of_nothing_is_one_gap(api):
    assert api("POST", "/rpc/season_report", {}).json() == {
        "seasons": [],
        "gaps": [{"min": {"month": 0, "day": 1}, "max": {"month": 11, "day": 31}, "leap_only": False}],
        "overlaps": [],
        "without_dates": [],
        "lint": [],
    }


def test_29_february_alone_is_told_apart_and_the_season_before_it_noted(api, organization):
    [until, after] = keep(
        organization, {"value": expression(((1, 11), (28, 2)))}, {"value": expression(((1, 3), (31, 10)))}
    )
    report = api("GET", "/rpc/season_report?year=2027").json()

    leap_day = {"month": 1, "day": 29}
    assert report["gaps"] == [{"min": leap_day, "max": leap_day, "leap_only": True}]
    assert report["year_gaps"] == []
    assert report["lint"] == [{"season_id": str(until), "code": "ends_on_28_feb"}]
    assert str(after) not in str(report["lint"])


def test_a_copy_has_all_days_and_years_and_comes_first_among_equals(api, organization, winter):
    dates = [stretch("2027-11-15", "2028-03-10")]
    with tenant_scope(organization.pk):
        set_year(organization, winter, 2027, dates, actor=TESTER, moment=NOON)

    answer = api("POST", "/rpc/season_copy", {"season_id": str(winter), "lang": "nl-NL"})

    assert answer.status_code == 200
    copied = answer.json()
    assert copied["name"] == {"default": "Winter (copy)", "nl-NL": "Winterseizoen"}
    assert (copied["label"], copied["value"]) == ("Winterseizoen", expression(WINTER))
    assert [row["id"] for row in api("GET", "/rpc/seasons_on?day=2027-12-01").json()] == [copied["id"], str(winter)]
    with tenant_scope(organization.pk):
        kept = SeasonYear.objects.get(season_id=copied["id"])
        assert (kept.year, list(stretches_of(kept.dates))) == (2027, dates)
        entry = AuditEntry.objects.get(table_name="seasons", row_id=copied["id"])
        assert (entry.action, entry.actor_kind) == ("created", "key")


def test_a_copy_of_a_season_from_the_future_is_newer_still(api, organization):
    late = datetime(2199, 1, 1, tzinfo=UTC)
    [source] = keep(organization, {"value": expression(SUMMER), "created_at": late})

    copied = api("POST", "/rpc/season_copy", {"season_id": str(source)}).json()

    assert [row["id"] for row in api("GET", "/rpc/seasons_on?day=2027-07-01").json()] == [copied["id"], str(source)]


def test_a_season_made_at_the_last_moment_is_copied(api, organization):
    [source] = keep(organization, {"created_at": datetime.max.replace(tzinfo=UTC)})

    assert api("POST", "/rpc/season_copy", {"season_id": str(source)}).status_code == 200


@pytest.mark.parametrize(
    ("name", "kept"),
    [("Deep winter", {"default": "Deep winter"}), ({"default": "A", "de": "B"}, {"default": "A", "de": "B"})],
)
def test_a_copy_may_be_named(api, winter, name, kept):
    assert api("POST", "/rpc/season_copy", {"season_id": str(winter), "name": name}).json()["name"] == kept


@pytest.mark.parametrize("name", [5, [], {"nl": "x"}, {"default": 5}, {"default": "x", "no tag!": "y"}])
def test_a_copy_with_a_faulty_name_is_not_made(api, organization, winter, name):
    answer = api("POST", "/rpc/season_copy", {"season_id": str(winter), "name": name})

    assert refusal(answer) == (400, "23514")
    assert answer.json()["details"][0]["field"] == "name"
    with tenant_scope(organization.pk):
        assert Season.objects.count() == 1


DAY, STAY = "/rpc/seasons_on?day=", "/rpc/seasons_for_stay?check_in=2027-01-01&"
REFUSALS = [
    ("/rpc/seasons_on", 400, "missing_parameter"),
    ("/rpc/seasons_on?date=2027-01-01", 400, "unknown_parameter"),
    (DAY + "2027-01-01&select=id", 400, "unknown_parameter"),
    (DAY + "2027-01-01&id=eq.1", 400, "unknown_parameter"),
    (DAY, 400, "bad_date"),
    (DAY + "tomorrow", 400, "bad_date"),
    (DAY + "2027-02-29", 400, "bad_date"),
    (DAY + "2027-2-1", 400, "bad_date"),
    (DAY + "20270201", 400, "bad_date"),
    (DAY + "2027-W05-1", 400, "bad_date"),
    (DAY + "2027-02-01T00:00:00Z", 400, "bad_date"),
    (DAY + "%202027-02-01", 400, "bad_date"),
    (DAY + "%D9%A2%D9%A0%D9%A2%D9%A7-02-01", 400, "bad_date"),
    (DAY + "2027-02-01%00", 400, "bad_date"),
    (DAY + "0000-01-01", 400, "bad_date"),
    (DAY + "1899-12-31", 400, "date_out_of_range"),
    (DAY + "2200-01-01", 400, "date_out_of_range"),
    (DAY + f"2027-01-01&organization_id={NOBODY}", 403, "organization_forbidden"),
    (DAY + "2027-01-01&organization_id=mine", 403, "organization_forbidden"),
    ("/rpc/season_dates?season_id={id}&from=2027-01-01", 400, "missing_parameter"),
    ("/rpc/season_dates?season_id={id}&from=2027-01-02&to=2027-01-01", 400, "window_reversed"),
    ("/rpc/season_dates?season_id={id}&from=2027-01-01&to=2037-01-08", 400, "window_too_long"),
    ("/rpc/season_dates?season_id={id}&from=2027-01-01&to=2027-01-01&clip=perhaps", 400, "22P02"),
    (f"/rpc/season_dates?season_id={NOBODY}&from=2027-01-01&to=2027-01-01", 404, "season_not_found"),
    ("/rpc/season_dates?season_id=winter&from=2027-01-01&to=2027-01-01", 404, "season_not_found"),
    (STAY + "check_out=2027-01-01", 400, "empty_stay"),
    (STAY + "check_out=2026-12-31", 400, "empty_stay"),
    (STAY + "check_out=2026-12-31&unit=day", 400, "empty_stay"),
    (STAY + "check_out=2029-09-28", 400, "too_many_nights"),
    (STAY + "check_out=2029-09-27&unit=day", 400, "too_many_nights"),
    (STAY + "check_out=2027-01-02&unit=week", 400, "bad_unit"),
    (STAY + "check_out=2027-01-02&unit=", 400, "bad_unit"),
    ("/rpc/season_report?year=1899", 400, "date_out_of_range"),
    ("/rpc/season_report?year=2200", 400, "date_out_of_range"),
    ("/rpc/season_report?year=soon", 400, "bad_date"),
    ("/rpc/season_report?year=", 400, "bad_date"),
    ("/rpc/season_report?year=2027.5", 400, "bad_date"),
    ("/rpc/season_report?month=5", 400, "unknown_parameter"),
]


@pytest.mark.parametrize(("path", "status", "code"), REFUSALS)
def test_refusals_of_a_query(api, winter, path, status, code):
    assert refusal(api("GET", path.format(id=winter))) == (status, code)


@pytest.mark.parametrize(
    ("function", "body", "status", "code"),
    [
        ("seasons_on", {"day": None}, 400, "missing_parameter"),
        ("seasons_on", {"day": 20270101}, 400, "bad_date"),
        ("seasons_on", {"day": ["2027-01-01"]}, 400, "bad_date"),
        ("seasons_on", {"day": "2027-01-01", "lang": 5}, 400, "22P02"),
        ("seasons_on", {"day": "2027-01-01", "organization_id": 5}, 403, "organization_forbidden"),
        ("seasons_for_stay", {"check_in": "2027-01-01", "check_out": "2027-01-02", "unit": ["day"]}, 400, "bad_unit"),
        ("seasons_for_stay", {"check_in": "2027-01-01", "check_out": "2027-01-02", "unit": {}}, 400, "bad_unit"),
        ("season_report", {"year": True}, 400, "bad_date"),
        ("season_report", {"year": 2027.5}, 400, "bad_date"),
        ("season_report", {"year": 10**40}, 400, "date_out_of_range"),
        ("season_report", {"year": "9" * 5000}, 400, "bad_date"),
        ("season_copy", {}, 400, "missing_parameter"),
        ("season_copy", {"season_id": NOBODY}, 404, "season_not_found"),
        ("season_copy", {"season_id": 7}, 404, "season_not_found"),
        ("season_copy", {"season_id": NOBODY, "label": "x"}, 400, "unknown_parameter"),
        ("season_copy", [{"season_id": NOBODY}], 400, "PGRST102"),
    ],
)
def test_refusals_of_a_body(api, function, body, status, code):
    assert refusal(api("POST", f"/rpc/{function}", body)) == (status, code)


@pytest.mark.parametrize("function", ["seasons_on", "season_dates", "seasons_for_stay", "season_report", "season_copy"])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b'"day"',
        b'{"day": "\\ud800", "season_id": "\\ud800", "lang": "\\ud800"}',
        b'{"\\ud800": 1}',
        b'{"day": "\xff"}',
        b'{"day": NaN}',
        b'{"season_id": ' + b"[" * 5000 + b"]" * 5000 + b"}",
        b'{"season_id": "' + b"x" * 1_000_000 + b'", "from": "2027-01-01", "to": "2027-01-01"}',
        b'{"' + b"x" * 1_000_000 + b'": 1}',
    ],
    ids=range(11),
)
def test_hostile_bodies_are_refused_shortly(api, function, body):
    answer = api("POST", f"/rpc/{function}", body)

    assert answer.status_code in ((400, 404) if function != "season_report" else (200, 400))
    assert len(answer.content) < 1000


def test_a_name_with_a_null_character_is_refused_as_everywhere(api, winter):
    made = api("POST", "/seasons", {"name": {"default": "nul\x00"}})
    copied = api("POST", "/rpc/season_copy", {"season_id": str(winter), "name": "nul\x00"})

    assert refusal(copied) == refusal(made)


def test_the_longest_that_is_answered(api, winter):
    window = f"/rpc/season_dates?season_id={winter}&from=1900-01-01&to=1910-01-08"

    assert api("GET", window).status_code == 200
    assert len(api("GET", STAY + "check_out=2029-09-27").json()["nights"]) == 1000
    assert len(api("GET", STAY + "check_out=2029-09-26&unit=day").json()["nights"]) == 1000
    assert api("GET", "/rpc/seasons_on?day=2199-12-31").json()[0]["id"] == str(winter)


def test_one_sees_only_the_seasons_of_the_key(api, organization):
    others = make_season(make_organization("Elsewhere"), value=expression(SUMMER))
    window = f"/rpc/season_dates?season_id={others.pk}&from=2027-07-01&to=2027-07-02"

    assert api("GET", f"/rpc/seasons_on?day=2027-07-01&organization_id={organization.pk}").json() == []
    assert api("GET", "/rpc/season_report").json()["seasons"] == []
    assert refusal(api("GET", window)) == (404, "season_not_found")
    assert refusal(api("POST", "/rpc/season_copy", {"season_id": str(others.pk)})) == (404, "season_not_found")


def test_what_a_key_may_do(organization, winter):
    reader = Api(make_key(organization, [Scope.READ]))
    writer = Api(make_key(organization, [Scope.WRITE]))
    copy = {"season_id": str(winter)}

    assert refusal(reader("POST", "/rpc/season_copy", copy)) == (403, "42501")
    assert writer("POST", "/rpc/season_copy", copy).status_code == 200
    assert refusal(writer("POST", "/rpc/seasons_on", {"day": "2027-01-01"})) == (403, "42501")
    assert refusal(Api(None)("GET", "/rpc/seasons_on?day=2027-01-01"))[0] == 401
    assert refusal(reader("GET", f"/rpc/season_copy?season_id={winter}")) == (405, "PGRST101")


@pytest.mark.parametrize(
    "path",
    [
        "/rpc/seasons_on?day=2027-07-01",
        "/rpc/seasons_for_stay?check_in=2027-06-30&check_out=2027-07-20",
        "/rpc/season_report?year=2027",
    ],
)
def test_a_question_costs_the_same_at_any_size(api, organization, path):
    def statements() -> int:
        forget_keys()
        with CaptureQueriesContext(connection) as captured:
            assert api("GET", path).status_code == 200
        return len(captured)

    keep(organization, {"value": expression(SUMMER)})
    statements()
    few = statements()
    many = keep(organization, *({"value": expression(SUMMER)} for _ in range(40)))
    with tenant_scope(organization.pk):
        for season_id in many:
            set_year(organization, season_id, 2027, [stretch("2027-07-01", "2027-07-09")], actor=TESTER, moment=NOON)

    assert statements() == few


def test_the_description_names_the_functions(api):
    paths = api("GET", "/").json()["paths"]

    assert {"get", "post"} == set(paths["/rpc/season_report"])
    assert {"post"} == set(paths["/rpc/season_copy"])
