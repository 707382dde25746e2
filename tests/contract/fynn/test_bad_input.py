"""Bad input: a 4xx problem that names every fault, and nothing written."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, DataError, IntegrityError, ProgrammingError
from django.db.utils import OperationalError
from psycopg import errors as refused

from bookingoffice.accounts.models import Scope
from bookingoffice.database.scope import tenant_scope
from coupons import services
from coupons.api.fynn.errors import SYMFONY_BLANK, code_of
from coupons.models import Coupon
from tests.builders import (
    TESTER,
    make_booking,
    make_coupon,
    make_key,
    make_organization,
    make_plan,
    make_product,
    make_use,
)
from tests.contract.fynn.conftest import Api

PLAIN = {"code": "PLAIN", "name": "Plain", "type": "percentage", "percentage": 10, "frequency": "lifetime"}
EUROS = {"code": "EUROS", "name": "Euros", "type": "fixed_amount", "frequency": "once"}
UNKNOWN = "00000000-0000-7000-8000-000000000000"
BIG = 2**31


def money(amount, currency="EUR", **rest):
    return {**EUROS, "fixedAmount": {"amount": amount, "currencyCode": currency, **rest}}


FAULTS = [
    ({}, ["code", "frequency", "name", "type"]),
    ({**PLAIN, "code": None}, ["code"]),
    ({**PLAIN, "code": ""}, ["code"]),
    ({**PLAIN, "code": " - "}, ["code"]),
    ({**PLAIN, "code": 5}, ["code"]),
    ({**PLAIN, "code": "x" * 65}, ["code"]),
    ({**PLAIN, "code": "x" * 65 + "\u202e"}, ["code", "code"]),
    ({**PLAIN, "code": "line\nbreak"}, ["code"]),
    ({**PLAIN, "name": " "}, ["name"]),
    ({**PLAIN, "name": ["Plain"]}, ["name"]),
    ({**PLAIN, "type": "free"}, ["type"]),
    ({**PLAIN, "type": ["percentage"]}, ["type"]),
    ({**PLAIN, "type": {}}, ["type"]),
    ({**PLAIN, "percentage": None}, ["percentage"]),
    ({**PLAIN, "percentage": 12.5}, ["percentage"]),
    ({**PLAIN, "percentage": "10"}, ["percentage"]),
    ({**PLAIN, "percentage": True}, ["percentage"]),
    ({**PLAIN, "percentage": -1}, ["percentage"]),
    ({**PLAIN, "percentage": 101}, ["percentage"]),
    ({**PLAIN, "percentage": 10**40}, ["percentage"]),
    ({**PLAIN, "fixedAmount": {"amount": 1, "currencyCode": "EUR"}}, ["fixedAmount"]),
    ({**PLAIN, "fixedAmount": "EUR 5"}, ["fixedAmount"]),
    (EUROS, ["fixedAmount"]),
    ({**EUROS, "fixedAmount": {}}, ["fixedAmount"]),
    ({**EUROS, "fixedAmount": {"value": 5}}, ["fixedAmount.amount", "fixedAmount.currencyCode"]),
    ({**money(5), "percentage": 5}, ["percentage"]),
    (money(-1), ["fixedAmount.amount"]),
    (money(10.5), ["fixedAmount.amount"]),
    (money("10"), ["fixedAmount.amount"]),
    (money(2**63), ["fixedAmount.amount"]),
    (money(2**62, precision=0), ["fixedAmount.amount"]),
    (money(12345, precision=3), ["fixedAmount.precision"]),
    (money(10, precision=-1), ["fixedAmount.precision"]),
    (money(10, precision=10**9), ["fixedAmount.precision"]),
    (money(10, precision="2"), ["fixedAmount.precision"]),
    (money(10, "eur"), ["fixedAmount.currencyCode"]),
    (money(10, "XAU"), ["fixedAmount.currencyCode"]),
    (money(10, ["EUR"]), ["fixedAmount.currencyCode"]),
    (money(-1, "eur", precision=-1), ["fixedAmount.amount", "fixedAmount.currencyCode", "fixedAmount.precision"]),
    ({**PLAIN, "frequency": None}, ["frequency"]),
    ({**PLAIN, "frequency": "limited"}, ["frequencyInterval"]),
    ({**PLAIN, "frequency": "limited", "frequencyInterval": 0}, ["frequencyInterval"]),
    ({**PLAIN, "frequency": "limited", "frequencyInterval": BIG}, ["frequencyInterval"]),
    ({**PLAIN, "frequencyInterval": 3}, ["frequencyInterval"]),
    ({**PLAIN, "maxRedemptions": -1}, ["maxRedemptions"]),
    ({**PLAIN, "maxRedemptions": BIG}, ["maxRedemptions"]),
    ({**PLAIN, "maxRedemptions": "5"}, ["maxRedemptions"]),
    ({**PLAIN, "maxRedemptionsPerCustomer": 1.5}, ["maxRedemptionsPerCustomer"]),
    ({**PLAIN, "expiresAt": ""}, ["expiresAt"]),
    ({**PLAIN, "expiresAt": "tomorrow"}, ["expiresAt"]),
    ({**PLAIN, "expiresAt": 1830290399}, ["expiresAt"]),
    ({**PLAIN, "expiresAt": "2027-02-30"}, ["expiresAt"]),
    ({**PLAIN, "expiresAt": "2027-02-03T25:00:00Z"}, ["expiresAt"]),
    ({**PLAIN, "expiresAt": "0001-01-01T00:00:00+14:00"}, ["expiresAt"]),
    ({**PLAIN, "expiresAt": "9999-12-31T23:59:59-05:00"}, ["expiresAt"]),
    ({**PLAIN, "expiresAt": "9999-12-31"}, ["expiresAt"]),
    ({**PLAIN, "isEnabled": None}, ["isEnabled"]),
    ({**PLAIN, "isEnabled": 1}, ["isEnabled"]),
    ({**PLAIN, "isEnabled": "false"}, ["isEnabled"]),
    ({**PLAIN, "limitedToPlans": None}, ["limitedToPlans"]),
    ({**PLAIN, "limitedToPlans": {"id": UNKNOWN}}, ["limitedToPlans"]),
    ({**PLAIN, "limitedToPlans": [UNKNOWN]}, ["limitedToPlans[0]"]),
    ({**PLAIN, "limitedToPlans": [None, 5, {}, {"id": 5}, "x", f"/products/{UNKNOWN}"]},
     [f"limitedToPlans[{place}]" for place in range(6)]),
    ({**PLAIN, "excludedFromProducts": [{"id": UNKNOWN}, f"/products/{UNKNOWN}/more"]},
     ["excludedFromProducts[0]", "excludedFromProducts[1]"]),
    ({"code": "", "type": "x", "percentage": 200, "fixedAmount": {"amount": -1}, "isEnabled": "x", "maxRedemptions": -1,
      "limitedToPlans": [UNKNOWN]},
     ["code", "frequency", "name", "type", "fixedAmount.amount", "fixedAmount.currencyCode", "isEnabled",
      "maxRedemptions", "percentage", "limitedToPlans[0]"]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "paths"), FAULTS)
def test_every_fault_is_named_at_its_place(api, organization, body, paths):
    answer = api("POST", "/coupons", body)

    assert answer.status_code == 400, answer.content
    told = answer.json()
    assert sorted(violation["propertyPath"] for violation in told["violations"]) == sorted(paths)
    lines = [f"{violation['propertyPath']}: {violation['message']}" for violation in told["violations"]]
    assert told["detail"].split("\n") == lines
    assert all(str(UUID(violation["code"])) == violation["code"] for violation in told["violations"])
    assert _coupons(organization) == []


NO_OBJECT = [b"", b"{", b"[]", b"null", b'"text"', b"\xff", b'{"code": NaN}', b'{"code": "\\ud800"}', b'{"a": "\\u0000"}',
             b"[" * 200_000, b'{"percentage": 1E+99999999999999999999}', b'{"percentage": ' + b"9" * 5000 + b"}"]  # fmt: skip


@pytest.mark.parametrize("body", NO_OBJECT)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_what_is_no_json_object_is_refused_without_violations(api, organization, method, body):
    coupon = make_coupon(organization)

    answer = api(method, "/coupons" if method == "POST" else f"/coupons/{coupon.pk}", body)

    assert_problem(answer, 400)


def test_a_blank_value_has_the_published_code(api):
    answer = api("POST", "/coupons", {**PLAIN, "name": ""}).json()

    assert answer["violations"] == [
        {"propertyPath": "name", "message": "This value should not be blank.", "code": SYMFONY_BLANK}
    ]


def test_a_rule_keeps_its_code_for_ever():
    assert code_of("code_taken") == "790896c7-398d-5288-9990-f9f823d85660"


def test_a_taken_code_is_told_alone_and_beside_other_faults(api, organization):
    make_coupon(organization, "plain")

    alone = api("POST", "/coupons", {**PLAIN, "code": "PL-AIN"})
    beside = api("POST", "/coupons", {**PLAIN, "code": "PL AIN", "percentage": 300})

    assert [violation["propertyPath"] for violation in alone.json()["violations"]] == ["code"]
    assert [violation["propertyPath"] for violation in beside.json()["violations"]] == ["code", "percentage"]
    assert alone.json()["violations"][0] == beside.json()["violations"][0]


def test_a_coupon_keeps_its_own_code(api, organization):
    coupon = make_coupon(organization, "plain")

    faulty = api("PUT", f"/coupons/{coupon.pk}", {**PLAIN, "percentage": 300})

    assert [violation["propertyPath"] for violation in faulty.json()["violations"]] == ["percentage"]
    assert api("PUT", f"/coupons/{coupon.pk}", PLAIN).status_code == 200


@pytest.mark.parametrize("kind", ["Plans", "Products"])
def test_what_is_limited_and_excluded_is_refused(api, organization, kind):
    one = make_plan(organization) if kind == "Plans" else make_product(organization)
    other = make_plan(organization, "b") if kind == "Plans" else make_product(organization, "B")
    body = {**PLAIN, f"limitedTo{kind}": [str(one.pk)], f"excludedFrom{kind}": [str(other.pk), {"id": str(one.pk)}]}

    answer = api("POST", "/coupons", body)

    assert answer.status_code == 400
    assert [violation["propertyPath"] for violation in answer.json()["violations"]] == [f"excludedFrom{kind}[1]"]


def test_a_limit_below_the_uses_is_a_violation(api, organization):
    """A redeemed coupon is locked before; a hold counts as a use and does not lock."""
    coupon = make_coupon(organization, quota=5)
    now = datetime.now(UTC)
    with tenant_scope(organization.pk):
        services.reserve(
            organization, coupon.pk, make_booking(organization).pk, until=now + timedelta(1), actor=TESTER, moment=now
        )

    answer = api("PUT", f"/coupons/{coupon.pk}", {**PLAIN, "maxRedemptions": 0})

    assert answer.status_code == 400
    assert [violation["propertyPath"] for violation in answer.json()["violations"]] == ["maxRedemptions"]
    assert api("GET", f"/coupons/{coupon.pk}").json()["code"] == coupon.code
    assert api("PUT", f"/coupons/{coupon.pk}", {**PLAIN, "maxRedemptions": 1}).status_code == 200


@pytest.mark.parametrize(
    ("query", "paths"),
    [("page=0", ["page"]), ("page=-1", ["page"]), ("page=", ["page"]), ("page=x", ["page"]), ("limit=101", ["limit"]),
     ("limit=-1", ["limit"]), ("limit=1.0", ["limit"]), ("itemsPerPage=101", ["itemsPerPage"]), ("limit=٣", ["limit"]),
     ("page=0&limit=x", ["page", "limit"]), ("page=" + "9" * 5000, ["page"])],
)  # fmt: skip
def test_a_page_that_cannot_be_is_refused(api, query, paths):
    answer = api("GET", f"/coupons?{query}")

    assert answer.status_code == 400
    assert [violation["propertyPath"] for violation in answer.json()["violations"]] == paths


ADDRESSES = [("GET", "/coupons"), ("POST", "/coupons"), ("GET", f"/coupons/{UNKNOWN}"), ("PUT", f"/coupons/{UNKNOWN}"),
             ("DELETE", f"/coupons/{UNKNOWN}"), ("PATCH", f"/coupons/{UNKNOWN}")]  # fmt: skip


@pytest.mark.parametrize("prefix", ["", "/fynn"])
@pytest.mark.parametrize(("method", "path"), ADDRESSES)
@pytest.mark.parametrize("token", [None, "no such key", UNKNOWN])
def test_nobody_is_let_in_without_a_key(organization, prefix, method, path, token):
    answer = Api(token, prefix)(method, path, PLAIN)

    assert_problem(answer, 401)
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_key_may_do_what_its_scopes_say(organization):
    coupon = make_coupon(organization)
    reader, writer = (Api(make_key(organization, scopes=[scope])) for scope in (Scope.READ, Scope.WRITE))

    for method, path in (("POST", "/coupons"), ("PUT", f"/coupons/{coupon.pk}"), ("DELETE", f"/coupons/{coupon.pk}")):
        assert_problem(reader(method, path, PLAIN), 403)
    for path in ("/coupons", f"/coupons/{coupon.pk}"):
        assert_problem(writer("GET", path), 403)
        assert reader("GET", path).status_code == 200


NOWHERE = [f"/coupons/{UNKNOWN}", "/coupons/", "/coupons/x", "/coupons/123/uses", f"/coupons/{UNKNOWN}/",
           f"/coupons/{{{UNKNOWN}}}", f"/coupons/{UNKNOWN.replace('-', '')}", "/coupons/%00"]  # fmt: skip


@pytest.mark.parametrize("path", [*NOWHERE, *(f"/fynn{path}" for path in NOWHERE), "/fynn", "/fynn/", "/fynn/plans"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_what_is_not_there_is_not_found_without_a_redirect(api, path, method):
    answer = api(method, path, PLAIN)

    assert_problem(answer, 404)
    assert answer.json()["detail"] == "Not Found"


def test_methods_that_are_not_offered_are_named(api, organization):
    coupon = make_coupon(organization)

    for method in ("PATCH", "POST", "TRACE"):
        answer = api(method, f"/coupons/{coupon.pk}", PLAIN)
        assert_problem(answer, 405)
        assert sorted(answer.headers["Allow"].split(", ")) == ["DELETE", "GET", "HEAD", "OPTIONS", "PUT"]
    for method in ("PUT", "PATCH", "DELETE"):
        assert_problem(api(method, "/coupons", PLAIN), 405)


def test_head_and_options_say_what_there_is(api, organization):
    make_coupon(organization)

    assert (api("HEAD", "/coupons").status_code, api("HEAD", "/coupons").content) == (200, b"")
    options = api("OPTIONS", "/coupons")
    assert (options.status_code, options.content) == (204, b"")
    assert sorted(options.headers["Allow"].split(", ")) == ["GET", "HEAD", "OPTIONS", "POST"]


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_other_media_types_are_refused(api, content_type):
    answer = api("POST", "/coupons", json.dumps(PLAIN).encode(), **{"Content-Type": content_type})

    assert_problem(answer, 415)


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "application/ld+json"])
def test_json_has_two_names(api, content_type):
    assert api("POST", "/coupons", PLAIN, **{"Content-Type": content_type}).status_code == 201


def test_a_body_beyond_the_limit_is_refused(api):
    assert_problem(api("POST", "/coupons", {**PLAIN, "note": "x" * 9 * 1024 * 1024}), 413)


class Busy(Exception):
    sqlstate = "40001"


class Slow(Exception):
    sqlstate = "57014"


@pytest.mark.parametrize(
    ("error", "cause", "status"),
    [
        (OperationalError, Busy(), 503),
        (OperationalError, Slow(), 504),
        (OperationalError, RuntimeError("away"), 503),
        (DatabaseError, RuntimeError("secret"), 500),
        (IntegrityError, refused.CheckViolation(), 400),
        (IntegrityError, refused.ForeignKeyViolation(), 400),
        (DataError, refused.InvalidTextRepresentation(), 400),
        (ProgrammingError, refused.UndefinedColumn(), 500),
    ],
)
def test_failures_have_the_same_shape_and_tell_nothing(api, organization, monkeypatch, caplog, error, cause, status):
    def failing(*args, **kwargs):
        raise error("secret") from cause

    monkeypatch.setattr("coupons.services.create_coupons", failing)

    answer = api("POST", "/coupons", PLAIN)

    assert_problem(answer, status)
    assert b"secret" not in answer.content
    assert answer.headers.get("Retry-After") == ("1" if status == 503 else None)
    assert ("secret" in caplog.text) is (status in (400, 500) or str(cause) == "away")
    assert issubclass(OperationalError, DatabaseError)


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize(
    ("path", "make"),
    [
        ("limitedToPlans", make_plan), ("excludedFromPlans", make_plan), ("limitedToProducts", make_product),
        ("excludedFromProducts", make_product),
    ],
)  # fmt: skip
def test_what_was_deleted_after_it_was_looked_up_is_an_unknown_reference(
    api, organization, monkeypatch, method, path, make
):
    coupon, there, gone = make_coupon(organization), make(organization, "there"), make(organization, "gone")
    body = PLAIN | {path: [str(there.pk), str(gone.pk)]}
    point = services.set_targets

    def too_late(*args, **kwargs):
        type(gone).objects.of(organization.pk).filter(pk=gone.pk)._raw_delete("default")
        point(*args, **kwargs)

    monkeypatch.setattr(services, "set_targets", too_late)
    answer = api(method, f"/coupons/{coupon.pk}" if method == "PUT" else "/coupons", body)

    assert answer.status_code == 400, answer.content
    [violation] = answer.json()["violations"]
    assert (violation["propertyPath"], violation["code"]) == (f"{path}[1]", code_of("unknown_reference"))
    with tenant_scope(organization.pk):
        assert Coupon.objects.get().code == coupon.code


def test_organizations_do_not_see_each_other(organization, api):
    other = make_organization("Hillside", currency="SEK")
    stranger = Api(make_key(other))
    coupon = make_coupon(organization, "PLAIN")
    make_use(organization, coupon)
    plan, product = make_plan(organization), make_product(organization)

    assert stranger("GET", "/coupons").json() == {"data": []}
    for method in ("GET", "PUT", "DELETE"):
        assert_problem(stranger(method, f"/coupons/{coupon.pk}", PLAIN), 404)
    for name, row in (("limitedToPlans", plan), ("excludedFromProducts", product)):
        answer = stranger("POST", "/coupons", {**PLAIN, name: [str(row.pk)]})
        assert [violation["propertyPath"] for violation in answer.json()["violations"]] == [f"{name}[0]"]
    assert stranger("POST", "/coupons", PLAIN).status_code == 201
    assert [row["reedemptions"] for row in stranger("GET", "/coupons").json()["data"]] == [False]
    assert [row["reedemptions"] for row in api("GET", "/coupons").json()["data"]] == [True]


def assert_problem(answer, status):
    assert answer.status_code == status, (answer.status_code, answer.content)
    assert answer.headers["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert told.keys() == {"type", "title", "status", "detail"}
    assert (told["type"], told["title"], told["status"]) == ("about:blank", "An error occurred", status)
    assert told["detail"]


def _coupons(organization):
    with tenant_scope(organization.pk):
        return list(Coupon.objects.all())
