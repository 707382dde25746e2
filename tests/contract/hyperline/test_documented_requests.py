"""The requests that the vendor's reference and its clients make, answered with whole bodies."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from bookingoffice.database.scope import tenant_scope
from coupons.models import Coupon
from tests.contract.hyperline.conftest import HARBOUR, OPENING, Api, make_public_products

ID = re.compile(r"cou_[0-9A-Za-z]{14}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@pytest.mark.parametrize("prefix", ["", "/hyperline"])
@pytest.mark.parametrize("sent", [HARBOUR, OPENING], ids=["amount", "percent"])
def test_create_answers_the_coupon_without_an_envelope(token, prefix, sent):
    answer = Api(token, prefix)("POST", "/v1/coupons", sent)

    made = answer.json()
    assert answer.status_code == 201, answer.content
    assert answer.headers["Content-Type"] == "application/json"
    assert ID.fullmatch(made["id"])
    assert MOMENT.fullmatch(made["created_at"])
    assert made == {"id": made["id"], "created_at": made["created_at"], **sent}


def test_a_newest_page_create(api, organization):
    sent = {**HARBOUR, "product_ids": make_public_products(organization, 2), "repeat": "forever"}

    made = api("POST", "/v1/coupons", sent).json()

    assert made == {"id": made["id"], "created_at": made["created_at"], **sent}


@pytest.mark.parametrize(
    "silent", [{"product_ids": None}, {"product_ids": []}, {"repeat": "once"}, {"duration": None}, {"properties": {}}]
)
def test_keys_that_say_nothing_are_not_answered(api, silent):
    made = api("POST", "/v1/coupons", {**HARBOUR, **silent}).json()

    assert made.keys() == {"id", "created_at", *HARBOUR}


def test_read_only_keys_are_ignored(api):
    given = {"id": "cou_00000000000000", "created_at": "2001-01-01T00:00:00.000Z", "deletedAt": "2001-01-01"}

    made = api("POST", "/v1/coupons", {**HARBOUR, **given}).json()

    assert made.items() >= HARBOUR.items()
    assert made["id"] != given["id"]
    assert made["created_at"] != given["created_at"]


def test_columns_without_a_key_take_their_defaults(api, organization):
    made = api("POST", "/v1/coupons", HARBOUR).json()

    with tenant_scope(organization.pk):
        coupon = Coupon.objects.get(public_id=made["id"])
    assert coupon.code_generated
    assert re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{5}", coupon.code)
    assert (coupon.scope, coupon.stackable, coupon.repeat, coupon.archived_at) == ("global", True, "once", None)
    assert (coupon.auto_apply, coupon.invitee_mode, coupon.renewal_constraint, coupon.metadata) == (
        False,
        "all",
        "any",
        {},
    )
    assert (coupon.kind, coupon.amount_minor, coupon.currency, coupon.quota) == ("amount", 1250, "NOK", 25)
    assert coupon.definition["value"] == [{"value": Decimal("12.5"), "period": None, "occupancy_group_id": None}]


def test_a_list_has_its_meta_beside_it(api):
    made = [api("POST", "/v1/coupons", {**HARBOUR, "name": f"Number {place}"}).json() for place in range(5)]

    answer = api("GET", "/v1/coupons?take=2&skip=4")

    assert answer.status_code == 200
    assert answer.json() == {"meta": {"total": 5, "taken": 1, "skipped": 4}, "data": [made[0]]}


def test_a_bare_list_is_the_newest_first(api):
    made = [api("POST", "/v1/coupons", {**OPENING, "name": f"Number {place}"}).json() for place in range(3)]

    assert api("GET", "/v1/coupons").json() == {
        "meta": {"total": 3, "taken": 3, "skipped": 0},
        "data": made[::-1],
    }


def test_a_life_at_the_root(root):
    made = root("POST", "/v1/coupons", HARBOUR).json()
    place = f"/v1/coupons/{made['id']}"

    changed = root("PUT", place, {"redemption_limit": 60})
    gone = root("DELETE", place)
    after = root("GET", place)

    assert (changed.status_code, changed.json()) == (200, {**made, "redemption_limit": 60})
    assert (gone.status_code, gone.content) == (204, b"")
    assert after.status_code == 200
    assert MOMENT.fullmatch(after.json()["deletedAt"])
    assert after.json() == {**made, "redemption_limit": 60, "deletedAt": after.json()["deletedAt"]}
    assert root("PUT", place, {"name": "Back again"}).status_code == 404
    assert root("DELETE", place).status_code == 404


def test_a_partial_body_changes_what_it_names(api):
    made = api("POST", "/v1/coupons", OPENING).json()

    answer = api("PUT", f"/v1/coupons/{made['id']}", {"name": "Renamed"})

    assert (answer.status_code, answer.json()) == (200, {**made, "name": "Renamed"})


def test_a_single_coupon_says_that_it_is_not_deleted(api, organization):
    made = api("POST", "/v1/coupons", OPENING).json()
    with tenant_scope(organization.pk):
        uuid = Coupon.objects.get(public_id=made["id"]).pk

    for name in (made["id"], uuid, str(uuid).upper()):
        assert api("GET", f"/v1/coupons/{name}").json() == {**made, "deletedAt": None}


def test_an_unlisted_currency_and_absent_nulls_are_refused(api):
    unlisted = api("POST", "/v1/coupons", {**HARBOUR, "currency": "BYN"})
    absent = api(
        "POST", "/v1/coupons", {"name": "No nulls", "type": "amount", "discount_amount": 500, "currency": "EUR"}
    )

    assert unlisted.status_code == absent.status_code == 400
    assert unlisted.json()["errors"][0]["path"] == ["currency"]
    assert absent.json() == {
        "statusCode": 400,
        "type": "validation_error",
        "message": "description: is required; expiration_date: is required; redemption_limit: is required",
        "errors": [
            {
                "code": "invalid_type",
                "expected": expected,
                "received": "undefined",
                "path": [name],
                "message": "is required",
            }
            for name, expected in [
                ("description", "string"),
                ("expiration_date", "date or date-time"),
                ("redemption_limit", "integer"),
            ]
        ],
    }


def test_absent_nulls_may_be_allowed(api, settings):
    settings.HYPERLINE_REQUIRE_NULLABLE_KEYS = False

    answer = api(
        "POST", "/v1/coupons", {"name": "No nulls", "type": "amount", "discount_amount": 500, "currency": "EUR"}
    )

    assert answer.status_code == 201
    assert answer.json().items() >= {"description": None, "expiration_date": None, "redemption_limit": None}.items()


def test_the_documented_error(api):
    assert api("POST", "/v1/coupons", {**HARBOUR, "discount_amount": 10.5}).json() == {
        "statusCode": 400,
        "type": "validation_error",
        "message": "discount_amount: must be a whole number of minor units",
        "errors": [
            {
                "code": "invalid_type",
                "expected": "integer",
                "received": "float",
                "path": ["discount_amount"],
                "message": "must be a whole number of minor units",
            }
        ],
    }
