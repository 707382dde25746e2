"""Bad input: a documented 4xx in the dialect's own shape, nothing written, never a 500."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from bookingoffice.accounts.models import Scope
from tests.builders import (
    make_booking,
    make_coupon,
    make_key,
    make_organization,
    make_product,
    make_season,
    make_service,
    make_use,
)
from tests.contract.bookingmood.conftest import Api

PERCENT = {"type": "relative", "restrictions": [], "value": -15}
COUPON = {"code": "FRESH", "definition": PERCENT}
UNKNOWN = "00000000-0000-7000-8000-000000000000"

BODIES = [
    (b'{"code": ', "PGRST102"),
    (b"", "PGRST102"),
    (b"[1, 2]", "PGRST102"),
    (b'[{"code": "A"}, {"quota": 1}]', "PGRST102"),
    (b"\xff\xfe", "PGRST102"),
    ({**COUPON, "colour": "red"}, "PGRST204"),
    ({**COUPON, "quota": "many"}, "22P02"),
    ({**COUPON, "quota": 1.5}, "22P02"),
    ({**COUPON, "quota": 10**10}, "22003"),
    ({**COUPON, "quota": 10**30}, "22003"),
    ({**COUPON, "quota": -1}, "23514"),
    ({**COUPON, "scope": "galaxy"}, "22P02"),
    ({**COUPON, "stackable": "perhaps"}, "22P02"),
    ({**COUPON, "deleted_at": "someday"}, "22007"),
    ({**COUPON, "id": "not-a-uuid"}, "22P02"),
    ({**COUPON, "code": "nul\x00"}, "23514"),
    ({**COUPON, "description": "nul\x00"}, "22P05"),
    ({**COUPON, "code": "‮left"}, "23514"),
    ({**COUPON, "code": " - "}, "23514"),
    ({**COUPON, "code": "x" * 65}, "23514"),
    ({**COUPON, "code": None}, "23502"),
    ({**COUPON, "description": None}, "23502"),
    ({**COUPON, "definition": None}, "23502"),
    ({"code": "FRESH"}, "23502"),
    ({"definition": PERCENT}, "23502"),
    ({**COUPON, "definition": 7}, "23514"),
    ({**COUPON, "definition": {"type": "relative", "restrictions": [], "value": "x"}}, "23514"),
    ({**COUPON, "definition": {"type": "absolute", "restrictions": [], "value": [{"value": 12.345}]}}, "23514"),
    ({**COUPON, "definition": {"type": "absolute", "restrictions": [], "value": [{"value": 1e30}]}}, "23514"),
    ({**COUPON, "fts": "'a':1"}, "428C9"),
    ({**COUPON, "kind": "percent"}, "PGRST204"),
    ({**COUPON, "batch_id": UNKNOWN}, "PGRST204"),
    ([COUPON, {"code": "fre-sh", "definition": PERCENT}], "23505"),
]


@pytest.mark.parametrize(("body", "code"), BODIES, ids=[f"{code}-{place}" for place, (_, code) in enumerate(BODIES)])
def test_a_coupon_that_cannot_be_kept(api, body, code):
    answer = api("POST", "/coupons", body)

    assert answer.json()["code"] == code, answer.content
    assert answer.status_code == (409 if code == "23505" else 400)
    assert answer.json().keys() == {"code", "details", "hint", "message"}
    assert api("GET", "/coupons").json() == []


def test_every_fault_of_every_row_is_listed(api):
    rows = [
        COUPON,
        {"code": " ", "definition": {"type": "absolute", "restrictions": 1, "value": [{"value": -1}]}},
        {"code": "SECOND", "definition": {"type": "relative"}},
    ]

    refusal = api("POST", "/coupons", rows).json()

    assert refusal["code"] == "23514"
    assert [(fault["row"], fault["field"], fault["path"]) for fault in refusal["details"]] == [
        (1, "code", ""),
        (1, "definition", "restrictions"),
        (1, "definition", "value[0].value"),
        (2, "definition", "value"),
    ]
    assert all(list(fault) == ["row", "field", "code", "path", "message"] for fault in refusal["details"])
    assert refusal["message"] == refusal["details"][0]["message"]


@pytest.mark.parametrize("code", ["quiet week", "QUIET-WEEK", "ｑｕｉｅｔweek", "quiet​week"])
def test_a_code_that_is_taken_in_another_spelling(api, organization, code):
    make_coupon(organization, "Quiet Week")

    answer = api("POST", "/coupons", {**COUPON, "code": code})

    assert (answer.status_code, answer.json()["code"]) == (409, "23505")
    assert (
        answer.json()["message"] == 'duplicate key value violates unique constraint "coupons_organization_id_code_key"'
    )
    assert len(api("GET", "/coupons").json()) == 1


SEASONS = [
    ({"day": 1, "month": 12}, "month_out_of_range", "intervals[0].min.month"),
    ({"day": 31, "month": 8}, "day_out_of_range", "intervals[0].min.day"),
    ({"day": 30, "month": 1}, "day_out_of_range", "intervals[0].min.day"),
    ({"day": 5.0, "month": 1}, "day_not_integer", "intervals[0].min.day"),
    ({"day": True, "month": 1}, "day_not_integer", "intervals[0].min.day"),
    ({"day": 10**20, "month": 1}, "day_out_of_range", "intervals[0].min.day"),
]


@pytest.mark.parametrize(("side", "code", "path"), SEASONS)
def test_a_season_with_an_impossible_day(api, side, code, path):
    value = {"type": "recurring-date-range", "intervals": [{"min": side, "max": {"day": 1, "month": 1}}]}

    answer = api("POST", "/seasons", [{"name": {"default": "Odd"}, "value": value}])

    assert (answer.status_code, answer.json()["code"]) == (400, "23514")
    [fault] = answer.json()["details"]
    assert (fault["row"], fault["field"], fault["code"], fault["path"]) == (0, "value", code, path)
    assert api("GET", "/seasons").json() == []


@pytest.mark.parametrize("resolution", ["merge", "ignore"])
def test_the_rows_of_an_upsert_of_seasons_are_judged_together_by_their_places(api, resolution):
    [kept] = api("POST", "/seasons", {"name": {"default": "Odd"}}).json()
    rows = [
        {"id": str(uuid4()), "name": {"default": "Fine"}, "value": None},
        {"id": str(uuid4()), "name": {}, "value": None},
        {"id": kept["id"], "name": {"default": ""}, "value": 5},
    ]

    answer = api("POST", "/seasons", rows, Prefer=f"resolution={resolution}-duplicates")

    assert answer.status_code == 400
    assert [(fault["row"], fault["code"]) for fault in answer.json()["details"]] == [
        (1, "missing_default"),
        (2, "not_object"),
    ]
    assert api("GET", "/seasons").json() == [kept]


@pytest.mark.parametrize("by", ["id", "code"])
def test_the_rows_of_an_upsert_of_coupons_are_judged_together_by_their_places(api, by):
    definition = {"type": "relative", "restrictions": [], "value": -5}
    [kept] = api("POST", "/coupons", {"code": "KEPT", "definition": definition}).json()
    rows = [
        {"id": str(uuid4()), "code": "FINE", "definition": definition},
        {"id": str(uuid4()), "code": "", "definition": definition},
        {"id": kept["id"], "code": "KEPT", "definition": 7},
    ]

    answer = api("POST", f"/coupons?on_conflict={by}", rows, Prefer="resolution=merge-duplicates")

    assert answer.status_code == 400
    assert {(fault["row"], fault["field"]) for fault in answer.json()["details"]} == {(1, "code"), (2, "definition")}
    assert api("GET", "/coupons").json() == [kept]


def test_one_change_of_many_seasons_is_judged_once(api):
    api("POST", "/seasons", [{"name": {"default": "One"}}, {"name": {"default": "Two"}}])

    answer = api("PATCH", "/seasons?id=not.is.null", {"value": 5})

    assert [(fault["row"], fault["code"]) for fault in answer.json()["details"]] == [(0, "not_object")]


def test_a_season_s_name_and_value_are_judged_together(api):
    answer = api("POST", "/seasons", {"name": {"nl": 5}, "value": {}})

    assert [(fault["field"], fault["code"]) for fault in answer.json()["details"]] == [
        ("name", "missing_default"),
        ("name", "text_not_string"),
        ("value", "missing_type"),
        ("value", "missing_intervals"),
    ]


@pytest.mark.parametrize(
    ("table", "field", "others"),
    [
        ("products", "name", {}),
        ("products", "description", {"name": {"default": "x"}}),
        ("services", "label", {"type": "linen"}),
        ("organizations", "name", None),
    ],
)
def test_a_text_in_several_languages_is_judged_everywhere(api, organization, table, field, others):
    body: Any = {**(others or {}), field: {"nl_NL": "x", "nl-nl": 5}}
    own = f"/{table}?id=eq.{organization.pk}"
    answer = api("PATCH", own, body) if others is None else api("POST", f"/{table}", [body])

    assert (answer.status_code, answer.json()["code"]) == (400, "23514")
    assert {(fault["field"], fault["code"]) for fault in answer.json()["details"]} == {
        (field, "missing_default"),
        (field, "bad_tag"),
        (field, "text_not_string"),
        (field, "duplicate_tag"),
    }


QUERIES = [
    ("/coupons?colour=eq.red", 400, "42703"),
    ("/coupons?kind=eq.percent", 400, "42703"),
    ("/coupons?organisation_id=eq.1", 400, "42703"),
    ("/coupons?select=colour", 400, "42703"),
    ("/coupons?order=colour", 400, "42703"),
    ("/coupons?quota=gt.many", 400, "22P02"),
    ("/coupons?quota=99999999999", 400, "PGRST100"),
    ("/coupons?quota=eq.99999999999999999999", 400, "22003"),
    ("/coupons?id=eq.7", 400, "22P02"),
    ("/coupons?created_at=gt.someday", 400, "22007"),
    ("/coupons?scope=eq.galaxy", 400, "22P02"),
    ("/coupons?code=maybe.X", 400, "PGRST100"),
    ("/coupons?code=eq.%00", 400, "PGRST100"),
    ("/coupons?code=eq.%ff", 400, "PGRST100"),
    ("/coupons?code=match.*(", 400, "2201B"),
    ("/coupons?limit=-1", 416, "PGRST103"),
    ("/nope", 404, "42P01"),
    ("/api_keys", 404, "42P01"),
    ("/auth_user", 404, "42P01"),
]


@pytest.mark.parametrize(("path", "status", "code"), QUERIES)
def test_a_question_that_cannot_be_answered(api, path, status, code):
    answer = api("GET", path)

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content


def test_another_organization_does_not_exist(api, organization):
    stranger = make_organization("Stranger")
    coupon, booking = make_coupon(stranger, "THEIRS"), make_booking(stranger)
    make_use(stranger, coupon, booking), make_season(stranger), make_product(stranger)
    mine = make_coupon(organization, "MINE")

    for table in ("coupon_uses", "seasons", "products", "bookings"):
        assert api("GET", f"/{table}").json() == []
    assert [row["code"] for row in api("GET", "/coupons").json()] == ["MINE"]
    assert [row["id"] for row in api("GET", "/organizations").json()] == [str(organization.pk)]
    assert (
        api("PATCH", f"/coupons?id=eq.{coupon.pk}", {"description": "x"}, Prefer="return=representation").json() == []
    )
    assert api("DELETE", f"/coupons?id=eq.{coupon.pk}").status_code == 204

    foreign = api("POST", "/coupons", {**COUPON, "organization_id": str(stranger.pk)})
    assert (foreign.status_code, foreign.json()["code"]) == (403, "42501")
    pairs = [(coupon.pk, make_booking(organization).pk), (mine.pk, booking.pk), (UNKNOWN, booking.pk)]
    for coupon_id, booking_id in pairs:
        answer = api("POST", "/coupon_uses", {"coupon_id": str(coupon_id), "booking_id": str(booking_id)})
        assert (answer.status_code, answer.json()["code"]) == (409, "23503"), answer.content
    link = api("POST", "/coupon_products", {"coupon_id": str(mine.pk), "product_id": str(uuid4())})
    assert (link.status_code, link.json()["code"]) == (409, "23503")
    assert "organization_id" not in link.content.decode()


def test_a_duplicate_use_is_the_primary_key_s(api, organization):
    coupon, booking = make_coupon(organization), make_booking(organization)
    make_use(organization, coupon, booking)

    answer = api("POST", "/coupon_uses", {"coupon_id": str(coupon.pk), "booking_id": str(booking.pk)})

    assert (answer.status_code, answer.json()["code"]) == (409, "23505")
    assert answer.json()["details"] == f"Key (coupon_id, booking_id)=({coupon.pk}, {booking.pk}) already exists."


def test_a_used_coupon_stays(api, organization):
    coupon = make_coupon(organization)
    make_use(organization, coupon)

    answer = api("DELETE", f"/coupons?id=eq.{coupon.pk}")

    assert (answer.status_code, answer.json()["code"]) == (409, "23503")
    assert "deleted_at" in answer.json()["hint"]
    assert len(api("GET", "/coupons").json()) == 1


def test_a_season_that_a_coupon_names_stays(api, organization):
    season = make_season(organization)
    make_coupon(organization, season_ids=[str(season.pk)])

    answer = api("DELETE", f"/seasons?id=eq.{season.pk}")

    assert (answer.status_code, answer.json()["code"]) == (409, "23503")
    assert len(api("GET", "/seasons").json()) == 1


def test_a_season_that_a_coupon_names_keeps_its_id(api, organization):
    season, free = make_season(organization), make_season(organization)
    make_coupon(organization, season_ids=[str(season.pk)])
    kept = api("GET", "/seasons?order=id").json()

    refused = api("PATCH", f"/seasons?id=eq.{season.pk}", {"id": str(uuid4())})

    assert (refused.status_code, refused.json()["code"]) == (409, "23503")
    assert refused.json()["details"] == "Still named by coupon QUIET_WEEK."
    assert api("GET", "/seasons?order=id").json() == kept
    assert api("PATCH", f"/seasons?id=eq.{season.pk}", {"id": str(season.pk).upper()}).status_code == 204
    assert api("PATCH", f"/seasons?id=eq.{free.pk}", {"id": UNKNOWN}).status_code == 204


def test_a_quota_below_the_uses_is_a_conflict(api, organization):
    coupon = make_coupon(organization)
    make_use(organization, coupon), make_use(organization, coupon)

    answer = api("PATCH", f"/coupons?id=eq.{coupon.pk}", {"quota": 1})

    assert (answer.status_code, answer.json()["code"]) == (409, "quota_below_uses")
    assert [row["quota"] for row in api("GET", "/coupons?select=quota").json()] == [None]


@pytest.mark.parametrize(
    ("scopes", "method", "path", "body"),
    [
        ([Scope.READ], "POST", "/coupons", COUPON),
        ([Scope.READ], "PATCH", "/coupons?code=eq.X", {"quota": 1}),
        ([Scope.READ], "DELETE", "/seasons?id=not.is.null", None),
        ([Scope.READ, Scope.WRITE], "POST", "/coupon_uses", []),
        ([Scope.WRITE], "GET", "/coupons", None),
        ([Scope.READ, Scope.WRITE], "POST", "/organizations", {"name": {"default": "x"}}),
        ([Scope.READ, Scope.WRITE], "DELETE", "/organizations?id=not.is.null", None),
        ([Scope.READ, Scope.WRITE], "POST", "/members", {"role": "owner"}),
    ],
)
def test_a_key_does_only_what_it_may(organization, scopes, method, path, body):
    api = Api(make_key(organization, scopes=scopes))

    answer = api(method, path, body)

    assert (answer.status_code, answer.json()["code"]) == (403, "42501"), answer.content


def test_a_key_that_may_writes_without_a_filter(organization):
    api = Api(make_key(organization, scopes=[Scope.READ, Scope.WRITE, Scope.UNFILTERED_WRITES]))
    make_season(organization), make_season(organization)

    assert api("DELETE", "/seasons").status_code == 204
    assert api("GET", "/seasons").json() == []


@pytest.mark.parametrize(("value", "code"), [("x", "22P02"), (7, "22P02"), (None, "23502")])
@pytest.mark.parametrize("table", ["coupon_products", "coupon_uses", "coupons", "seasons"])
def test_an_id_that_is_none(api, organization, table, value, code):
    coupon, booking, product = make_coupon(organization), make_booking(organization), make_product(organization)
    row: Any = {
        "coupon_products": {"coupon_id": str(coupon.pk), "product_id": str(product.pk)},
        "coupon_uses": {"coupon_id": str(coupon.pk), "booking_id": str(booking.pk)},
        "coupons": COUPON,
        "seasons": {"name": {"default": "Odd"}},
    }[table]

    answer = api("POST", f"/{table}", {**row, "id": value})

    assert (answer.status_code, answer.json()["code"]) == (400, code), answer.content


@pytest.mark.parametrize(("table", "target"), [("coupon_products", "product"), ("coupon_services", "service")])
def test_a_link_may_be_given_another_id(api, organization, table, target):
    coupon, other = make_coupon(organization), (make_product if target == "product" else make_service)(organization)
    pair = {"coupon_id": str(coupon.pk), f"{target}_id": str(other.pk)}
    api("POST", f"/{table}", pair)

    changed = api("PATCH", f"/{table}?coupon_id=eq.{coupon.pk}", {"id": UNKNOWN}, Prefer="return=representation")

    assert [row["id"] for row in changed.json()] == [UNKNOWN] == [row["id"] for row in api("GET", f"/{table}").json()]


@pytest.mark.parametrize("column", ["id", "name", "created_at"])
def test_a_season_s_required_columns_take_no_null(api, organization, column):
    season = make_season(organization)

    answer = api("PATCH", f"/seasons?id=eq.{season.pk}", {column: None})

    assert (answer.status_code, answer.json()["code"]) == (400, "23502")
