"""Who may come in, by which method and under which address; every answer in the dialect's shape."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, OperationalError

from bookingoffice.accounts.models import Scope
from coupons.api.hyperline import projection, writing
from tests.builders import make_coupon, make_key, make_organization
from tests.contract.hyperline.conftest import HARBOUR, Api

CALLS = [
    ("GET", "/hyperline/v1/coupons"),
    ("POST", "/hyperline/v1/coupons"),
    ("GET", "/hyperline/v1/coupons/cou_00000000000000"),
    ("PUT", "/v1/coupons/cou_00000000000000"),
    ("DELETE", "/v1/coupons/cou_00000000000000"),
    ("POST", "/v1/coupons"),
]
MISSING = {"statusCode": 401, "type": "unauthorized", "message": "Missing authentication token"}
INVALID = {"statusCode": 401, "type": "unauthorized", "message": "Invalid authentication token"}
NO_ROUTE = {"statusCode": 404, "type": "not_found", "message": "Route not found"}
NO_COUPON = {"statusCode": 404, "type": "not_found", "message": "Coupon not found"}


@pytest.mark.parametrize(("method", "path"), CALLS)
@pytest.mark.parametrize(
    ("header", "body"),
    [
        ({}, MISSING),
        ({"Authorization": "Basic eDp5"}, MISSING),
        ({"Authorization": "Bearer"}, MISSING),
        ({"Authorization": "Bearer prod_nothing"}, INVALID),
    ],
)
def test_without_a_known_key(organization, method, path, header, body):
    answer = Api(None, "")(method, path, HARBOUR, **header)

    assert (answer.status_code, answer.json()) == (401, body)
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_the_scopes_of_a_key(organization, method, path):
    lacking = Scope.READ if method == "GET" else Scope.WRITE
    api = Api(make_key(organization, [scope for scope in Scope if scope != lacking]), "")

    answer = api(method, path, HARBOUR)

    assert answer.status_code == 403
    assert answer.json() == {
        "statusCode": 403,
        "type": "forbidden",
        "message": "The scopes of this key do not allow this call",
    }


@pytest.mark.parametrize(
    "path",
    [
        "/hyperline", "/hyperline/", "/hyperline/v1", "/hyperline/v1/", "/hyperline/v1/coupons/", "/hyperline/v2/coupons",
        "/hyperline/v1/coupons/cou_1/", "/hyperline/v1/coupons/cou_1/uses", "/hyperline/v1/promotion-codes",
        "/hyperline/v1/coupons%0A", "/hyperline/%00", "/v1/coupons/cou_1/", "/v1/coupons/cou_1/uses", "/v1/coupons//",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "OPTIONS", "FROB"])
def test_other_routes(db, path, method):
    answer = Api(None, "")(method, path, HARBOUR)

    assert (answer.status_code, answer.json()) == (404, NO_ROUTE)


@pytest.mark.parametrize(
    "name", ["cou_00000000000000", "00000000-0000-7000-8000-000000000000", "x", "%00", "cou_%F0%9F", "a" * 3000, "%27"]
)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_coupon_that_is_nobodys(api, name, method):
    answer = api(method, f"/v1/coupons/{name}", {"name": "x"})

    assert (answer.status_code, answer.json()) == (404, NO_COUPON)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_coupon_of_another_organization(api, organization, method):
    elsewhere = make_organization("Elsewhere")
    foreign = make_coupon(elsewhere)

    for name in (foreign.pk, foreign.public_id):
        answer = api(method, f"/v1/coupons/{name}", {"name": "x"})
        assert (answer.status_code, answer.json()) == (404, NO_COUPON)
    assert api("GET", "/v1/coupons").json()["data"] == []
    theirs = Api(make_key(elsewhere))("GET", f"/v1/coupons/{foreign.pk}").json()
    assert (theirs["name"], theirs["deletedAt"]) == (foreign.name, None)


@pytest.mark.parametrize(
    ("path", "method", "allow"),
    [
        ("/hyperline/v1/coupons", "PUT", "GET, POST, HEAD, OPTIONS"),
        ("/hyperline/v1/coupons", "DELETE", "GET, POST, HEAD, OPTIONS"),
        ("/hyperline/v1/coupons/cou_00000000000000", "POST", "GET, PUT, DELETE, HEAD, OPTIONS"),
        ("/v1/coupons/cou_00000000000000", "PATCH", "GET, PUT, DELETE, HEAD, OPTIONS"),
        ("/v1/coupons/cou_00000000000000", "FROB", "GET, PUT, DELETE, HEAD, OPTIONS"),
    ],
)
def test_other_methods(token, path, method, allow):
    answer = Api(token, "")(method, path, HARBOUR)

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == set(allow.split(", "))
    assert answer.json() == {
        "statusCode": 405,
        "type": "method_not_allowed",
        "message": f'Method "{method}" not allowed.',
    }


def test_options_needs_no_key(db):
    answer = Api(None, "")("OPTIONS", "/v1/coupons/cou_00000000000000")

    assert (answer.status_code, answer.content) == (204, b"")
    assert "Content-Type" not in answer.headers
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "PUT", "DELETE", "HEAD", "OPTIONS"}


def test_head_is_get_without_a_body(api):
    made = api("POST", "/v1/coupons", HARBOUR).json()

    for path in ("/v1/coupons", f"/v1/coupons/{made['id']}"):
        answer = api("HEAD", path)
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    "media", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "text/json"]
)
@pytest.mark.parametrize("prefix", ["", "/hyperline"])
def test_other_media(token, media, prefix):
    answer = Api(token, prefix)("POST", "/v1/coupons", HARBOUR, Content_Type=media)

    assert answer.status_code == 415
    assert answer.json() == {
        "statusCode": 415,
        "type": "unsupported_media_type",
        "message": f'Unsupported media type "{media}" in request.',
    }


@pytest.mark.parametrize("accept", ["*/*", "text/html", "application/xml;q=0.9", "nonsense", ""])
def test_answers_are_json_whatever_is_accepted(api, accept):
    answer = api("POST", "/v1/coupons", HARBOUR, Accept=accept, Content_Type="application/json; charset=utf-8")

    assert answer.status_code == 201
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("prefix", ["", "/hyperline"])
def test_a_body_that_is_too_large(token, settings, prefix):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    answer = Api(token, prefix)("PUT", "/v1/coupons/cou_00000000000000", {"name": "x" * 200})

    assert answer.status_code == 413
    assert answer.json() == {
        "statusCode": 413,
        "type": "payload_too_large",
        "message": "The body is larger than is accepted",
    }


def test_what_nobody_foresaw(api, monkeypatch, caplog):
    def broken(*args):
        raise ZeroDivisionError("a secret of ours")

    monkeypatch.setattr(projection, "single", broken)

    answer = api("GET", "/v1/coupons/cou_00000000000000")

    assert answer.status_code == 500
    assert answer.json() == {"statusCode": 500, "type": "server_error", "message": "Something went wrong on our side"}
    assert "a secret of ours" in caplog.text
    assert "Traceback" in caplog.text


@pytest.mark.parametrize(
    ("state", "status"), [("40P01", 503), ("57014", 504), ("23503", 400), ("42P01", 500), (None, 503)]
)
def test_what_the_database_refuses(api, monkeypatch, state, status):
    class Cause(Exception):
        sqlstate = state

    def failing(*args):
        raise (OperationalError if state is None else DatabaseError)("insides") from Cause()

    monkeypatch.setattr(writing, "create", failing)

    answer = api("POST", "/v1/coupons", HARBOUR)

    assert answer.status_code == status
    assert ("Retry-After" in answer.headers) == (status == 503)
    assert b"insides" not in answer.content
