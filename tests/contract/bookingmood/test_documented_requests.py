"""The vendor's documented requests, replayed: statuses, headers and whole bodies."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from tests.builders import make_booking, make_coupon, make_product, make_season, make_use
from tests.contract.bookingmood.conftest import Api

INSTANT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?\+00:00$")
KITE_WEEKS = {
    "name": {"default": "Kite weeks", "nl-NL": "Vliegerweken"},
    "value": {
        "type": "recurring-date-range",
        "intervals": [{"min": {"day": 3, "month": 5}, "max": {"day": 29, "month": 7}}],
    },
}
QUIET_WEEK = {
    "code": "QUIET_WEEK",
    "definition": {"type": "relative", "restrictions": [], "value": -15},
    "quota": 40,
}


@pytest.mark.parametrize("query", ["", "?select=id,name&limit=1"])
def test_the_credential_check(api, organization, query):
    make_product(organization)

    answer = api("GET", f"/products{query}")

    assert answer.status_code == 200
    assert len(answer.json()) == 1


def test_without_a_key_there_is_no_answer(organization):
    answer = Api(None)("GET", "/products")

    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json()["code"] == "PGRST302"
    assert answer.json().keys() == {"code", "details", "hint", "message"}


def test_with_an_unknown_key_neither(organization):
    answer = Api("00000000-0000-4000-8000-000000000000")("GET", "/products")

    assert (answer.status_code, answer.json()["code"]) == (401, "PGRST301")


def test_a_season_is_made_read_changed_and_deleted(api, organization):
    created = api("POST", "/seasons", KITE_WEEKS)

    assert created.status_code == 201
    [season] = created.json()
    assert list(season) == ["id", "created_at", "updated_at", "organization_id", "name", "value"]
    assert {key: season[key] for key in KITE_WEEKS} == KITE_WEEKS
    assert season["organization_id"] == str(organization.pk)
    assert INSTANT.match(season["created_at"])
    assert UUID(season["id"]).version == 7

    listed = api("GET", "/seasons?select=id,name")
    assert (listed.status_code, listed.json()) == (200, [{"id": season["id"], "name": KITE_WEEKS["name"]}])

    changed = api("PATCH", f"/seasons?id=eq.{season['id']}", {"value": None})
    assert (changed.status_code, changed.content) == (204, b"")
    assert api("GET", "/seasons?value=is.null&select=id").json() == [{"id": season["id"]}]

    deleted = api("DELETE", f"/seasons?id=eq.{season['id']}")
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert api("GET", "/seasons").json() == []


def test_a_coupon_is_made_with_one_object_and_no_prefer(api, organization):
    created = api("POST", "/coupons", QUIET_WEEK)

    assert created.status_code == 201
    [coupon] = created.json()
    assert coupon == {
        "id": coupon["id"],
        "created_at": coupon["created_at"],
        "updated_at": coupon["updated_at"],
        "organization_id": str(organization.pk),
        "code": "QUIET_WEEK",
        "description": "",
        "quota": 40,
        "definition": QUIET_WEEK["definition"],
        "scope": "global",
        "deleted_at": None,
        "fts": "'quiet':1 'week':2",
        "stackable": True,
    }
    assert list(coupon)[4:] == [
        "code", "description", "quota", "definition", "scope", "deleted_at", "fts", "stackable",
    ]  # fmt: skip


def test_a_use_is_posted_in_a_list(api, organization):
    coupon, booking = make_coupon(organization), make_booking(organization)

    created = api("POST", "/coupon_uses", [{"coupon_id": str(coupon.pk), "booking_id": str(booking.pk)}])

    assert created.status_code == 201
    [use] = created.json()
    assert list(use) == ["id", "created_at", "coupon_id", "booking_id"]
    assert (use["coupon_id"], use["booking_id"]) == (str(coupon.pk), str(booking.pk))


def test_the_empty_writes(api):
    made = api("POST", "/coupon_uses", [])
    changed = api("PATCH", "/coupon_uses", {})

    assert (made.status_code, made.json()) == (201, [])
    assert (changed.status_code, changed.content) == (204, b"")


@pytest.mark.parametrize("table", ["coupons", "coupon_uses", "seasons", "products", "coupon_products"])
@pytest.mark.parametrize(("method", "body"), [("DELETE", None), ("PATCH", {"created_at": "2027-01-01"})])
def test_a_write_without_a_filter_is_refused_with_a_hint(api, organization, table, method, body):
    make_use(organization, make_coupon(organization))

    answer = api(method, f"/{table}", body)

    assert answer.status_code == 400
    refusal = answer.json()
    assert (refusal["code"], refusal["details"]) == ("21000", None)
    assert "id=eq." in refusal["hint"] or "_id=eq." in refusal["hint"]
    assert len(api("GET", "/coupon_uses").json()) == 1


def test_return_minimal_empties_the_body(api):
    answer = api("POST", "/coupons", QUIET_WEEK, Prefer="return=minimal")

    assert (answer.status_code, answer.content) == (201, b"")


def test_zapier_reads_element_zero_and_lists_by_the_thousand(api):
    created = api("POST", "/coupons?select=*", QUIET_WEEK)
    listed = api("GET", "/coupons?limit=1000&offset=0&select=*")

    assert listed.json() == [created.json()[0]]


def test_the_typed_client(api, organization):
    coupon = make_coupon(organization, code="MIDSUMMER", quota=9)
    make_coupon(organization, code="GONE SUMMER", deleted_at="2026-01-01T00:00:00Z")
    asks = {"Prefer": "return=representation", "Content_Type": "application/json"}

    found = api("GET", "/coupons?code=ilike.*SUM*&deleted_at=is.null", **asks)
    assert [row["code"] for row in found.json()] == ["MIDSUMMER"]

    single = {"Accept": "application/vnd.pgrst.object+json"}
    one = api("GET", f"/coupons?id=eq.{coupon.pk}&limit=1", **asks, **single)
    assert (one.status_code, one.json()["code"]) == (200, "MIDSUMMER")

    changed = api("PATCH", f"/coupons?id=eq.{coupon.pk}", {"quota": None}, **asks)
    assert (changed.status_code, [row["quota"] for row in changed.json()]) == (200, [None])


@pytest.mark.parametrize("content_type", ["text/plain;charset=UTF-8", "application/x-www-form-urlencoded"])
def test_json_is_read_whatever_it_is_called(api, content_type):
    answer = api("POST", "/coupons", QUIET_WEEK, Content_Type=content_type)

    assert answer.status_code == 201


def test_a_real_form_is_refused(api):
    answer = api("POST", "/coupons", b"code=X&quota=1", Content_Type="application/x-www-form-urlencoded")

    assert (answer.status_code, answer.json()["code"]) == (400, "PGRST102")


def test_an_encoded_path_and_a_bare_percent_sign(api, organization):
    services = [{"label": {"default": label}, "type": "linen"} for label in ("Linen", "Sauna")]
    api("POST", "/services", services)

    assert len(api("GET", "/services?label-%3E%3Edefault=eq.Linen").json()) == 1
    assert api("GET", "/user_profiles?email=like.%test.com").status_code == 200


def test_a_post_without_a_body_is_a_refusal_and_no_fault(api):
    answer = api("POST", "/coupons", None)

    assert (answer.status_code, answer.json()["code"]) == (400, "PGRST102")


def test_the_whole_dialect_stands_under_its_own_prefix_too(api, organization):
    make_season(organization)
    under_prefix = Api(api.token, prefix="/bookingmood/v1")

    assert under_prefix("GET", "/seasons").json() == api("GET", "/seasons").json() != []


def test_a_released_use_gives_the_quota_back(api, organization):
    coupon, booking = make_coupon(organization, quota=1), make_booking(organization)
    make_use(organization, coupon, booking)
    again = [{"coupon_id": str(coupon.pk), "booking_id": str(make_booking(organization).pk)}]

    refused = api("POST", "/coupon_uses", again)
    assert (refused.status_code, refused.json()["code"]) == (409, "quota_reached")
    assert api("DELETE", f"/coupon_uses?booking_id=eq.{booking.pk}").status_code == 204

    assert api("POST", "/coupon_uses", again).status_code == 201
