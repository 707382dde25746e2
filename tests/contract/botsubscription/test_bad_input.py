"""What is refused, in the dialect's shape, with every fault told and nothing written."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, OperationalError
from psycopg import errors as refused
from rest_framework.exceptions import Throttled

from bookingoffice.accounts.models import Scope
from bookingoffice.database.scope import tenant_scope
from coupons import services
from coupons.api.botsubscription.views import CouponList
from coupons.models import Coupon
from tests.builders import NOON, TESTER, make_coupon, make_key, make_organization, make_plan, make_use
from tests.contract.botsubscription.conftest import Api

NOBODY = "00000000-0000-4000-8000-000000000000"
PERCENTAGE = {"code": "NEW", "coupon_type": "percentage", "percentage": 10}
FIXED = {"code": "NEW", "coupon_type": "fixed", "amount": "5", "currency": "EUR"}
MISSING = object()


def without_missing(body):
    return {name: value for name, value in body.items() if value is not MISSING}


def rows_of(organization):
    with tenant_scope(organization.pk):
        return list(Coupon.objects.of(organization.pk).order_by("id").values())


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, ["code", "coupon_type"]),
        (PERCENTAGE | {"code": MISSING}, ["code"]),
        (PERCENTAGE | {"code": None}, ["code"]),
        (PERCENTAGE | {"code": ""}, ["code"]),
        (PERCENTAGE | {"code": " - "}, ["code"]),
        (PERCENTAGE | {"code": 7}, ["code"]),
        (PERCENTAGE | {"code": "x" * 65}, ["code"]),
        (PERCENTAGE | {"code": "a\u202eb"}, ["code"]),
        (PERCENTAGE | {"coupon_type": "free"}, ["coupon_type"]),
        (PERCENTAGE | {"coupon_type": None}, ["coupon_type"]),
        (PERCENTAGE | {"coupon_type": ["fixed"]}, ["coupon_type"]),
        (PERCENTAGE | {"percentage": MISSING}, ["percentage"]),
        (PERCENTAGE | {"percentage": None}, ["percentage"]),
        (PERCENTAGE | {"percentage": 100.01}, ["percentage"]),
        (PERCENTAGE | {"percentage": -1}, ["percentage"]),
        (PERCENTAGE | {"percentage": "ten"}, ["percentage"]),
        (PERCENTAGE | {"percentage": "1e1"}, ["percentage"]),
        (PERCENTAGE | {"percentage": True}, ["percentage"]),
        (PERCENTAGE | {"percentage": [10]}, ["percentage"]),
        (PERCENTAGE | {"percentage": "0.00001"}, ["percentage"]),
        (PERCENTAGE | {"amount": "5"}, ["amount"]),
        (PERCENTAGE | {"currency": "EUR"}, ["currency"]),
        (FIXED | {"amount": MISSING}, ["amount"]),
        (FIXED | {"amount": "12.345"}, ["amount"]),
        (FIXED | {"amount": "10.5", "currency": "JPY"}, ["amount"]),
        (FIXED | {"amount": "1.0001", "currency": "KWD"}, ["amount"]),
        (FIXED | {"amount": -5}, ["amount"]),
        (FIXED | {"amount": 10**17}, ["amount"]),
        (FIXED | {"currency": MISSING}, ["currency"]),
        (FIXED | {"currency": "eur"}, ["currency"]),
        (FIXED | {"currency": "XAU"}, ["currency"]),
        (FIXED | {"currency": 978}, ["currency"]),
        (FIXED | {"percentage": 5}, ["percentage"]),
        (PERCENTAGE | {"display_name": None}, ["display_name"]),
        (PERCENTAGE | {"display_name": ""}, ["display_name"]),
        (PERCENTAGE | {"description": None}, ["description"]),
        (PERCENTAGE | {"description": 3}, ["description"]),
        (PERCENTAGE | {"auto_apply": "true"}, ["auto_apply"]),
        (PERCENTAGE | {"auto_apply": 1}, ["auto_apply"]),
        (PERCENTAGE | {"status": "expired"}, ["status"]),
        (PERCENTAGE | {"status": None}, ["status"]),
        (PERCENTAGE | {"invitee_mode": "nobody"}, ["invitee_mode"]),
        (PERCENTAGE | {"renewal_constraint": "never"}, ["renewal_constraint"]),
        (PERCENTAGE | {"payment_count_comparator": "greater"}, ["payment_count_comparator"]),
        (PERCENTAGE | {"lifetime_revenue_comparator": "less"}, ["lifetime_revenue_comparator"]),
        (PERCENTAGE | {"plan_scope": "some"}, ["plan_scope"]),
        (PERCENTAGE | {"plan_scope": "specific"}, ["plan_ids"]),
        (PERCENTAGE | {"plan_ids": []}, ["plan_ids"]),
        (PERCENTAGE | {"plan_ids": NOBODY}, ["plan_ids"]),
        (PERCENTAGE | {"plan_ids": None}, ["plan_ids"]),
        (PERCENTAGE | {"plan_ids": ["gold"]}, ["plan_ids[0]"]),
        (PERCENTAGE | {"plan_ids": [NOBODY]}, ["plan_ids"]),
        (PERCENTAGE | {"plan_ids": [NOBODY] * 1001}, ["plan_ids"]),
        (PERCENTAGE | {"max_redemptions": -1}, ["max_redemptions"]),
        (PERCENTAGE | {"max_redemptions": 1.5}, ["max_redemptions"]),
        (PERCENTAGE | {"max_redemptions": 2**31}, ["max_redemptions"]),
        (PERCENTAGE | {"valid_from": "soon"}, ["valid_from"]),
        (PERCENTAGE | {"valid_until": "2027-02-30"}, ["valid_until"]),
        (PERCENTAGE | {"valid_until": "2027-W01-1"}, ["valid_until"]),
        (PERCENTAGE | {"valid_until": "9999-12-31"}, ["valid_until"]),
        (PERCENTAGE | {"valid_until": 1830297600}, ["valid_until"]),
        (PERCENTAGE | {"metadata": []}, ["metadata"]),
        (PERCENTAGE | {"metadata": None}, ["metadata"]),
        (
            {"code": " ", "discount_type": "fixed", "discount_value": "0.001", "currency": "EUR", "auto_apply": 1},
            ["code", "amount", "auto_apply"],
        ),
    ],
)
def test_a_create_that_is_refused(api, organization, body, named):
    answer = api("POST", "/coupons", without_missing(body))

    assert api.code_of(answer) == (422, "VALIDATION_ERROR")
    message = answer.json()["error"]["message"]
    assert [name for name in named if f"{name}: " in message] == named
    assert answer.json().keys() == {"ok", "request_id", "method", "path", "code", "error"}
    assert answer.json()["error"].keys() == {"error_code", "code", "message"}
    assert rows_of(organization) == []


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"text"', b"null", b"1", b"\xff", b'{"code":NaN}', b'{"code":1e99999999999999999999}',
     b'{"code":"\\u0000"}', b'{"code":"\\ud800"}', b"[" * 100_000],
)  # fmt: skip
@pytest.mark.parametrize(("method", "path"), [("POST", "/coupons"), ("POST", "/coupons/validate"), ("PATCH", "one")])
def test_a_body_that_is_no_json_object(api, organization, method, path, body):
    path = f"/coupons/{make_coupon(organization).pk}" if path == "one" else path

    assert api.code_of(api(method, path, body)) == (400, "INVALID_INPUT")


def test_a_body_that_is_too_long(api, settings):
    settings.LARGEST_BODY = 100

    assert api.code_of(api("POST", "/coupons", PERCENTAGE | {"description": "x" * 100})) == (400, "INVALID_INPUT")


def test_numbers_of_metadata_that_no_column_holds(api, organization):
    for number in (b"1e400", b"-1e400", b"1e-400", b"1e999999999999999999"):
        body = b'{"code":"N","coupon_type":"percentage","percentage":1,"metadata":{"deep":[' + number + b"]}}"
        assert api.code_of(api("POST", "/coupons", body)) == (422, "VALIDATION_ERROR")
    assert rows_of(organization) == []


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_another_media_type(api, content_type):
    answer = api("POST", "/coupons", b"code=NEW", Content_Type=content_type)

    assert api.code_of(answer) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "nonsense"])
def test_answers_are_json_whatever_is_accepted(api, accept):
    answer = api("GET", "/coupons", Accept=accept)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"percentage": 101}, "percentage"),
        ({"discount_value": "x"}, "percentage"),
        ({"amount": 5}, "amount"),
        ({"status": "expired"}, "status"),
        ({"plan_scope": "specific"}, "plan_ids"),
        ({"plan_ids": []}, "plan_ids"),
        ({"plan_scope": "all", "plan_ids": [NOBODY]}, "plan_scope"),
        ({"max_redemptions": 0}, "max_redemptions"),
        ({"valid_from": ""}, "valid_from"),
    ],
)
def test_a_change_that_is_refused_changes_nothing(api, organization, body, named):
    coupon = make_coupon(organization)
    make_use(organization, coupon)
    before = rows_of(organization)

    answer = api("PATCH", f"/coupons/{coupon.pk}", {"display_name": "Changed", **body})

    assert api.code_of(answer) == (422, "VALIDATION_ERROR")
    assert f"{named}: " in answer.json()["error"]["message"]
    assert rows_of(organization) == before


def test_a_taken_code(api, organization):
    make_coupon(organization, "Quiet-Week")
    make_coupon(organization, "FREED", deleted_at=NOON)

    taken = api("POST", "/coupons", PERCENTAGE | {"code": "quiet week"})
    freed = api("POST", "/coupons", PERCENTAGE | {"code": "FREED"})

    assert api.code_of(taken) == (422, "VALIDATION_ERROR")
    assert taken.json()["error"]["message"] == "code: Another coupon has this code."
    assert freed.status_code == 201


def test_a_plan_that_staff_excluded_cannot_be_included(api, organization):
    coupon, plan = make_coupon(organization), make_plan(organization)
    with tenant_scope(organization.pk):
        services.set_targets(organization, coupon.pk, "plan", [], excluded=[plan.pk], actor=TESTER, moment=NOON)

    answer = api("PATCH", f"/coupons/{coupon.pk}", {"plan_ids": [str(plan.pk)]})

    assert api.code_of(answer) == (422, "VALIDATION_ERROR")
    assert "excluded" in answer.json()["error"]["message"]


@pytest.mark.parametrize("base", ["", "/botsubscription"])
@pytest.mark.parametrize(
    "path",
    [
        "/v2/projects",
        "/v2/projects/",
        "/v2/projects/{project}",
        "/v2/projects/{project}/coupons/",
        "/v2/projects/{project}/coupons/{coupon}/",
        "/v2/projects/{project}/coupons/{coupon}/redeem",
        "/v2/projects/{project}/plans",
        "/v2/projects/{project}/coupons/gold",
        "/v2/projects/{project}/coupons/{bare}",
        "/v2/projects/{nobody}/coupons",
        "/v2/projects/mine/coupons",
        "/v2/projects/{project}/coupons/%00",
        "/v2/projects/{project}/coupons/caf%C3%A9%0A",
    ],
)
def test_an_address_of_nothing(api, organization, base, path):
    coupon = make_coupon(organization)
    ids = {"project": organization.pk, "coupon": coupon.pk, "bare": coupon.pk.hex, "nobody": NOBODY}
    url = base + path.format(**ids)

    answer = api("GET", "", url=f"{url}?limit=1")

    assert api.code_of(answer) == (404, "NOT_FOUND")
    assert answer.json()["path"] == url


@pytest.mark.parametrize("path", ["/botsubscription", "/botsubscription/", "/botsubscription/v1/coupons"])
def test_nothing_beside_the_dialect_under_its_prefix(api, path):
    for method in ("GET", "POST", "DELETE"):
        assert api.code_of(api(method, "", url=path)) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/coupons", {"GET", "HEAD", "OPTIONS", "POST"}),
        ("PATCH", "/coupons", {"GET", "HEAD", "OPTIONS", "POST"}),
        ("DELETE", "/coupons", {"GET", "HEAD", "OPTIONS", "POST"}),
        ("POST", f"/coupons/{NOBODY}", {"GET", "HEAD", "OPTIONS", "PATCH", "DELETE"}),
        ("PUT", f"/coupons/{NOBODY}", {"GET", "HEAD", "OPTIONS", "PATCH", "DELETE"}),
        ("GET", "/coupons/validate", {"OPTIONS", "POST"}),
        ("BREW", "/coupons", {"GET", "HEAD", "OPTIONS", "POST"}),
    ],
)
def test_a_method_that_is_not_there(api, method, path, allowed):
    answer = api(method, path)

    assert api.code_of(answer) == (405, "METHOD_NOT_ALLOWED")
    assert set(answer.headers["Allow"].split(", ")) == allowed


def test_options_tell_the_methods(api):
    answer = api("OPTIONS", "/coupons")

    assert (answer.status_code, answer.content) == (204, b"")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_scopes(organization):
    coupon = make_coupon(organization)
    reader, writer = (Api(make_key(organization, [scope]), organization.pk) for scope in (Scope.READ, Scope.WRITE))
    question = {"code": coupon.code, "user_id": "u", "amount": 1, "currency": "EUR"}

    assert reader("GET", "/coupons").status_code == 200
    assert reader("POST", "/coupons/validate", question).status_code == 200
    for method, path in [("POST", "/coupons"), ("PATCH", f"/coupons/{coupon.pk}"), ("DELETE", f"/coupons/{coupon.pk}")]:
        assert reader.code_of(reader(method, path, {})) == (403, "FORBIDDEN")
    assert writer.code_of(writer("GET", "/coupons")) == (403, "FORBIDDEN")
    assert writer.code_of(writer("POST", "/coupons/validate", question)) == (403, "FORBIDDEN")
    assert writer("PATCH", f"/coupons/{coupon.pk}", {}).status_code == 200


def test_two_organizations_never_meet(api, organization):
    other = make_organization("Hilltop", currency="EUR")
    theirs, plan = make_coupon(other, "THEIRS", archived_at=NOON), make_plan(other)
    mine = make_coupon(organization, "MINE")
    stranger = Api(api.token, other.pk)
    before = rows_of(other)

    assert [row["code"] for row in api("GET", "/coupons").json()["data"]] == ["MINE"]
    assert api("POST", "/coupons", PERCENTAGE | {"code": "theirs"}).status_code == 201
    assert api.code_of(api("PATCH", f"/coupons/{mine.pk}", {"plan_ids": [str(plan.pk)]})) == (422, "VALIDATION_ERROR")
    question = {"code": "THEIRS", "user_id": "u", "amount": 1, "currency": "EUR"}
    for asking in (api, stranger):
        for method, body in (("GET", None), ("PATCH", {"display_name": "Mine"}), ("DELETE", None)):
            assert asking.code_of(asking(method, f"/coupons/{theirs.pk}", body)) == (404, "NOT_FOUND")
    assert stranger.code_of(stranger("GET", "/coupons")) == (404, "NOT_FOUND")
    assert stranger.code_of(stranger("POST", "/coupons", PERCENTAGE)) == (404, "NOT_FOUND")
    assert stranger.code_of(stranger("POST", "/coupons/validate", question)) == (404, "NOT_FOUND")
    assert rows_of(other) == before


def wrapped(cause, kind=DatabaseError):
    error = kind("inner words")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "expected", "retry_after"),
    [
        (wrapped(refused.DeadlockDetected()), (503, "SERVICE_UNAVAILABLE"), "1"),
        (wrapped(refused.SerializationFailure()), (503, "SERVICE_UNAVAILABLE"), "1"),
        (wrapped(refused.LockNotAvailable()), (503, "SERVICE_UNAVAILABLE"), "1"),
        (wrapped(refused.QueryCanceled(), OperationalError), (503, "SERVICE_UNAVAILABLE"), "1"),
        (wrapped(refused.ForeignKeyViolation()), (422, "VALIDATION_ERROR"), None),
        (wrapped(refused.NumericValueOutOfRange()), (422, "VALIDATION_ERROR"), None),
        (wrapped(None, OperationalError), (503, "SERVICE_UNAVAILABLE"), "1"),
        (wrapped(refused.InsufficientPrivilege()), (500, "INTERNAL_ERROR"), None),
        (KeyError("inner words"), (500, "INTERNAL_ERROR"), None),
        (Throttled(wait=7), (429, "RATE_LIMIT_EXCEEDED"), "7"),
    ],
)
def test_what_goes_wrong_inside(api, monkeypatch, error, expected, retry_after):
    def fail(*_):
        raise error

    monkeypatch.setattr(CouponList, "get", lambda self, request, project_id: fail())

    answer = api("GET", "/coupons")

    assert api.code_of(answer) == expected
    assert answer.headers.get("Retry-After") == retry_after
    assert b"inner words" not in answer.content
    assert answer.json()["error"].get("retry_after") == (7 if expected[0] == 429 else None)
