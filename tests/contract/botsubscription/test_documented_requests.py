"""The vendor's documented requests, replayed: statuses and whole bodies."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from bookingoffice.database.scope import tenant_scope
from coupons import services
from tests.builders import NOON, TESTER, make_booking, make_coupon, make_plan, make_use
from tests.contract.botsubscription.conftest import Api

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
DEFAULTS = {
    "description": "",
    "auto_apply": False,
    "status": "active",
    "total_redemptions": 0,
    "total_reservations": 0,
    "invitee_mode": "all",
    "renewal_constraint": "any",
    "payment_count_comparator": "any",
    "lifetime_revenue_comparator": "any",
    "plan_scope": "all",
    "metadata": {},
}


def enveloped(answer, method, path, code, **more):
    """The whole body but its request id, which is any UUID."""
    body = answer.json()
    assert str(UUID(body["request_id"])) == body["request_id"]
    expected = {"ok": code < 400, "request_id": body["request_id"], "method": method, "path": path, "code": code}
    assert (answer.status_code, answer.headers["Content-Type"]) == (code, "application/json")
    assert body == {**expected, **more, **({"data": body["data"]} if "data" in body else {})}
    return body.get("data")


def moving(data):
    """Takes what is new each time out of a coupon."""
    UUID(data["coupon_id"])
    assert INSTANT.fullmatch(data["created_at"])
    return {name: value for name, value in data.items() if name not in ("coupon_id", "created_at")}


def test_the_list_of_active_coupons(any_api, organization):
    lantern = make_coupon(
        organization,
        "LANTERN",
        name="Lantern week",
        description="Evening visits",
        kind="percent",
        percent="12.5",
        created_at="2027-03-08T06:00:00Z",
    )
    fiver = make_coupon(
        organization,
        "FIVER",
        name="Five off",
        kind="amount",
        amount_minor=500,
        currency="GBP",
        auto_apply=True,
        created_at="2027-03-07T06:00:00.123999Z",
    )
    make_use(organization, lantern)
    with tenant_scope(organization.pk):
        booking, until = make_booking(organization), "2999-01-01T00:00:00Z"
        services.reserve(organization, lantern.pk, booking.pk, until=until, actor=TESTER, moment=NOON)
    make_coupon(organization, "GONE", archived_at="2027-01-01T00:00:00Z")

    answer = any_api("GET", "/coupons?limit=10&status=active")

    data = enveloped(answer, "GET", f"{any_api.root}/coupons", 200, total=2)
    assert data == [
        {
            "coupon_id": str(lantern.pk),
            "code": "LANTERN",
            "display_name": "Lantern week",
            **DEFAULTS,
            "description": "Evening visits",
            "coupon_type": "percentage",
            "percentage": "12.5",
            "total_redemptions": 1,
            "total_reservations": 1,
            "created_at": "2027-03-08T06:00:00.000Z",
        },
        {
            "coupon_id": str(fiver.pk),
            "code": "FIVER",
            "display_name": "Five off",
            **DEFAULTS,
            "coupon_type": "fixed",
            "amount": "5",
            "currency": "GBP",
            "auto_apply": True,
            "created_at": "2027-03-07T06:00:00.123Z",
        },
    ]
    assert list(data[1]) == [
        "coupon_id", "code", "display_name", "description", "coupon_type", "amount", "currency", "auto_apply", "status",
        "total_redemptions", "total_reservations", "invitee_mode", "renewal_constraint", "payment_count_comparator",
        "lifetime_revenue_comparator", "plan_scope", "created_at", "metadata",
    ]  # fmt: skip


def test_the_create_sample_with_its_own_names(any_api, organization):
    plan = make_plan(organization)

    answer = any_api(
        "POST",
        "/coupons",
        {
            "code": "SPRING",
            "discount_type": "percentage",
            "discount_value": 18,
            "max_redemptions": 75,
            "plan_ids": [str(plan.pk)],
            "valid_from": "2027-04-01T00:00:00Z",
            "valid_until": "2027-06-30T23:59:59Z",
        },
    )

    data = enveloped(answer, "POST", f"{any_api.root}/coupons", 201)
    assert moving(data) == {
        "code": "SPRING",
        "display_name": "SPRING",
        **DEFAULTS,
        "coupon_type": "percentage",
        "percentage": "18",
        "plan_scope": "specific",
    }
    one = any_api("GET", f"/coupons/{data['coupon_id']}")
    path = f"{any_api.root}/coupons/{data['coupon_id']}"
    assert enveloped(one, "GET", path, 200) == data


def test_the_life_of_a_coupon(any_api, organization):
    coupon = make_coupon(organization, "LANTERN")
    path = f"/coupons/{coupon.pk}"
    whole = f"{any_api.root}{path}"

    changed = enveloped(any_api("PATCH", path, {"discount_value": 15}), "PATCH", whole, 200)
    assert changed["percentage"] == "15"

    refused = any_api("DELETE", path)
    error = {
        "error_code": "COUPON_NOT_ARCHIVED",
        "code": "COUPON_NOT_ARCHIVED",
        "message": "Only an archived coupon can be deleted; archive it first.",
    }
    enveloped(refused, "DELETE", whole, 400, error=error)

    archived = enveloped(any_api("PATCH", path, {"status": "archived"}), "PATCH", whole, 200)
    assert archived == changed | {"status": "archived"}

    deleted = any_api("DELETE", path)
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert "Content-Type" not in deleted.headers

    error = {"error_code": "NOT_FOUND", "code": "NOT_FOUND", "message": "No coupon has this id."}
    enveloped(any_api("GET", path), "GET", whole, 404, error=error)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            {"code": "TEN", "display_name": "Ten", "coupon_type": "fixed", "amount": "10", "currency": "USD"},
            {"display_name": "Ten", "coupon_type": "fixed", "amount": "10", "currency": "USD"},
        ),
        (
            {"code": "TEN", "coupon_type": "fixed", "discount_value": 1.5, "currency": "KWD"},
            {"display_name": "TEN", "coupon_type": "fixed", "amount": "1.5", "currency": "KWD"},
        ),
        (
            {"code": "TEN", "discount_type": "fixed", "discount_value": "10", "currency": "JPY", "unknown": 1},
            {"display_name": "TEN", "coupon_type": "fixed", "amount": "10", "currency": "JPY"},
        ),
        (
            {
                "code": "TEN",
                "coupon_type": "percentage",
                "discount_type": "fixed",
                "percentage": 23.99,
                "discount_value": 1,
                "description": "Words",
                "auto_apply": True,
                "status": "archived",
                "invitee_mode": "new_users",
                "renewal_constraint": "renewals",
                "payment_count_comparator": "any",
                "lifetime_revenue_comparator": "any",
                "plan_scope": "all",
                "max_redemptions": None,
                "metadata": {"campaign": {"nights": [1, 2.50, None, "three"]}},
            },
            {
                "display_name": "TEN",
                "coupon_type": "percentage",
                "percentage": "23.99",
                "description": "Words",
                "auto_apply": True,
                "status": "archived",
                "invitee_mode": "new_users",
                "renewal_constraint": "renewals",
                "metadata": {"campaign": {"nights": [1, 2.50, None, "three"]}},
            },
        ),
    ],
)
def test_every_field_of_a_create(api, body, expected):
    answer = api("POST", "/coupons", body)

    assert answer.status_code == 201, answer.content
    assert moving(answer.json()["data"]) == {**DEFAULTS, "code": "TEN", **expected}


def test_without_a_key_there_is_no_answer(any_api, organization):
    path = f"{any_api.root}/coupons"
    error = {
        "error_code": "UNAUTHORIZED",
        "code": "UNAUTHORIZED",
        "message": "Send a key of this project as `Authorization: Bearer <key>`.",
    }
    for token in (None, "sk_live_unknown"):
        any_api.token = token

        answer = any_api("GET", "/coupons?limit=1")

        enveloped(answer, "GET", path, 401, error=error)
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_metadata_keeps_every_digit(api):
    sent = b'{"code":"DIGITS","coupon_type":"percentage","percentage":1.10,'
    sent += b'"metadata":{"n":12345678901234567890.12345678901234567890}}'

    answer = api("POST", "/coupons", sent)

    assert b'"metadata":{"n":12345678901234567890.12345678901234567890}' in answer.content
    assert answer.json()["data"]["percentage"] == "1.1"


def test_the_project_may_be_spelled_in_capitals(organization, api):
    shouted = Api(api.token, str(organization.pk).upper())

    answer = shouted("GET", "/coupons")

    assert enveloped(answer, "GET", f"{shouted.root}/coupons", 200, total=0) == []
