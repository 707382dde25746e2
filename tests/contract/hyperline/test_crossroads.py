"""`POST /v1/coupons` at the root: which bodies are this dialect's create, and that all else reaches the row grammar untouched."""

from __future__ import annotations

import json

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from bookingoffice import crossroads
from bookingoffice.database.scope import tenant_scope
from coupons import services
from coupons.models import Coupon
from tests.builders import FIFTEEN_PERCENT, NOON, TESTER
from tests.contract.hyperline.conftest import HARBOUR, Api

OURS = [
    HARBOUR,
    {"type": "percent"},
    {"discount_amount": 5},
    {"discount_percent": 5},
    {"redemption_limit": None},
    {"expiration_date": None},
    {"currency": "EUR"},
    {"type": None, "name": "x", "description": "x"},
    {"type": "amount", "id": "x", "deleted_at": None, "metadata": {}},
    {"\u0074ype": "amount"},
    {"type": {"definition": 1, "code": 2}},
    b' \r\n\t{"type": "amount"}',
    b'{"\\u0074ype": "amount"}',
    b'{"currency": "EUR", "discount_amount": ' + b"9" * 5000 + b"}",
    b'{"discount_amount": 1e99999999999999999999}',
    b'{"currency": "\\ud800"}',
    b'{"type": 1, "type": 2}',
]
THEIRS = [
    {},
    {"name": "x"},
    {"description": "x"},
    {"id": "x", "deleted_at": None},
    {"code": "X", "definition": FIFTEEN_PERCENT},
    *({**HARBOUR, key: None} for key in ("definition", "code", "quota", "scope", "stackable", "organization_id")),
    [],
    [HARBOUR],
    [{"type": "amount"}],
    "type",
    7,
    None,
    b"",
    b"   ",
    b'{"type": "amount"',
    b'{"type": "amount"} {}',
    b'{"type": NaN}',
    b"{'type': 'amount'}",
    b'\xef\xbb\xbf{"type": "amount"}',
    '{"type": "amount"}'.encode("utf-16"),
    b'{"type": "\xff"}',
    b'{"type":' * 100_000,
    {"metadata": HARBOUR},
    {"Type": "amount", "CURRENCY": "EUR"},
]


def row_grammar(path, token, method, body, **headers):
    """The same request at the row grammar's own address."""
    return Api(token, "/bookingmood")(method, path, body, **headers)


@pytest.mark.parametrize("body", OURS, ids=[str(place) for place in range(len(OURS))])
def test_bodies_of_this_dialect(token, root, body):
    answer = root("POST", "/v1/coupons", body)

    here = Api(token)("POST", "/v1/coupons", body)
    assert answer.status_code == here.status_code
    if answer.status_code != 201:
        assert answer.json() == here.json()
        assert answer.json().keys() >= {"statusCode", "type", "message"}


@pytest.mark.parametrize("body", THEIRS, ids=[str(place) for place in range(len(THEIRS))])
def test_bodies_of_the_row_grammar(token, root, organization, body):
    answer = root("POST", "/v1/coupons", body, Prefer="return=minimal")
    with tenant_scope(organization.pk):
        ids = list(Coupon.objects.values_list("id", flat=True))
        services.delete_coupons(organization, ids, actor=TESTER, moment=NOON)

    there = row_grammar("/v1/coupons", token, "POST", body, Prefer="return=minimal")
    assert (answer.status_code, answer.content) == (there.status_code, there.content)
    assert "statusCode" not in answer.content.decode()


@pytest.mark.parametrize("body", [HARBOUR, b'{"type": 1}', b"type\namount\n"])
def test_comma_separated_rows_are_never_this_dialects(token, root, body):
    answer = root("POST", "/v1/coupons", body, Content_Type="Text/CSV; charset=utf-8")

    there = row_grammar("/v1/coupons", token, "POST", body, Content_Type="Text/CSV; charset=utf-8")
    assert (answer.status_code, answer.content) == (there.status_code, there.content)
    assert "statusCode" not in answer.content.decode()


def test_the_type_of_the_body_does_not_decide(root):
    assert root("POST", "/v1/coupons", HARBOUR, Content_Type="text/plain").json()["type"] == "unsupported_media_type"


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PATCH", "PUT", "DELETE"])
def test_other_methods_are_the_row_grammars(token, root, method):
    answer = root(method, "/v1/coupons?take=1", HARBOUR)

    there = row_grammar("/v1/coupons?take=1", token, method, HARBOUR)
    assert (answer.status_code, answer.content) == (there.status_code, there.content)
    assert answer.headers.get("Allow") == there.headers.get("Allow")


@pytest.mark.parametrize("query", ["", "?select=code", "?columns=code,definition", "?on_conflict=code", "?code=eq.X"])
def test_queries_reach_the_row_grammar(token, root, query):
    body = {"code": "FRESH", "definition": FIFTEEN_PERCENT}

    answer = root("POST", f"/v1/coupons{query}", body)

    assert answer.status_code in (200, 201)
    assert answer.json()[0]["code"] == "FRESH"


def test_without_a_key_each_body_is_refused_in_its_own_shape(db):
    nobody = Api(None, "")

    assert nobody("POST", "/v1/coupons", HARBOUR).json()["type"] == "unauthorized"
    assert nobody("POST", "/v1/coupons", {"code": "X"}).json()["code"] == "PGRST302"


def test_a_body_that_is_too_large_is_the_row_grammars(root, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    answer = root("POST", "/v1/coupons", {**HARBOUR, "name": "x" * 200})

    assert answer.status_code == 413
    assert "code" in answer.json()


def test_idempotency_keys_disturb_neither(root):
    ours = root("POST", "/v1/coupons", HARBOUR, Idempotency_Key="one")
    theirs = root("POST", "/v1/coupons", {"code": "X", "definition": FIFTEEN_PERCENT}, Idempotency_Key="two")

    assert (ours.status_code, theirs.status_code) == (201, 201)


def test_a_read_costs_no_look_at_its_body(monkeypatch):
    """The body of a GET is not even asked for."""
    request = RequestFactory().generic("GET", "/v1/coupons", json.dumps(HARBOUR), content_type="application/json")
    asked = []
    monkeypatch.setattr(crossroads, "_speaks_hyperline", lambda given: asked.append(given))
    rows = HttpResponse(b"[]")
    monkeypatch.setattr(crossroads.engine, "view", lambda given, path: rows if path == "coupons" else None)

    assert crossroads.coupons(request) is rows
    assert asked == []


def test_browsers_forgeries_are_not_looked_for(token):
    """Programs have no cookie that a page of somebody else could use."""
    api = Api(token, "")
    api.client.handler.enforce_csrf_checks = True

    assert api("POST", "/v1/coupons", HARBOUR).status_code == 201
    assert api("POST", "/v1/coupons", {"code": "X", "definition": FIFTEEN_PERCENT}).status_code == 201


def test_made_here_and_read_there(root, organization):
    made = root("POST", "/v1/coupons", {**HARBOUR, "currency": "EUR"}).json()

    [row] = root("GET", "/v1/coupons?select=code,quota,definition,scope,stackable,description").json()

    with tenant_scope(organization.pk):
        code = Coupon.objects.get(public_id=made["id"]).code
    assert row == {
        "code": code,
        "quota": 25,
        "definition": {
            "type": "absolute",
            "restrictions": [],
            "value": [{"value": 12.5, "period": None, "occupancy_group_id": None}],
        },
        "scope": "global",
        "stackable": True,
        "description": "",
    }
