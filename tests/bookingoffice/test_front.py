"""What the front answers itself, what it leaves to Django, and that nothing is told apart from outside."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from bookingoffice import front
from bookingoffice.accounts.authentication import forget_keys
from bookingoffice.wsgi import layered
from tests.builders import FIFTEEN_PERCENT, make_coupon, make_key, make_organization
from tests.contract.hyperline.conftest import HARBOUR


@pytest.fixture
def token(db):
    forget_keys()
    organization = make_organization()
    make_coupon(organization, "KEPT")
    return make_key(organization)


class Called(Exception):
    """Django was asked."""


def unasked(environ, start_response):
    raise Called


def ask(path, method="GET", body=b"", *, django=unasked, **environ):
    """Status, headers and body, past every server."""
    heard: dict[str, Any] = {}
    parts = layered(django)(
        {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "HTTP_HOST": "testserver",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body),
            "CONTENT_LENGTH": str(len(body)),
            **environ,
        },
        lambda status, headers: heard.update(status=status, headers=dict(headers)),
    )
    answer = b"".join(parts)
    return heard["status"], heard["headers"], answer


@pytest.mark.parametrize("path", ["/v1/coupons", "/bookingmood/v1/coupons", "/v1/coupon_uses", "/v1/rpc/season_report"])
def test_rows_are_answered_without_django(token, path):
    status, headers, body = ask(path, HTTP_AUTHORIZATION=f"Bearer {token}")

    assert status == "200 OK"
    assert headers["Content-Length"] == str(len(body))
    json.loads(body)


@pytest.mark.parametrize("prefix", ["/v1", "/bookingmood/v1"])
def test_a_link_leads_to_the_next_page_from_where_it_stands(db, prefix):
    """As any client resolves it: RFC 8288 and RFC 3986."""
    organization = make_organization()
    token = make_key(organization)
    for code in ("FIRST", "SECOND"):
        make_coupon(organization, code)
    asked = f"http://testserver{prefix}/coupons"
    first = ask(f"{prefix}/coupons", QUERY_STRING="order=code&limit=1", HTTP_AUTHORIZATION=f"Bearer {token}")
    following = urlsplit(urljoin(asked, first[1]["Link"].partition(">")[0].removeprefix("<")))

    second = ask(following.path, QUERY_STRING=following.query, HTTP_AUTHORIZATION=f"Bearer {token}")

    assert [json.loads(answer[2])[0]["code"] for answer in (first, second)] == ["FIRST", "SECOND"]


def test_a_write_is_answered_without_django(token):
    body = json.dumps({"code": "MADE", "definition": FIFTEEN_PERCENT}).encode()

    status, _, answer = ask("/v1/coupons", "POST", body, HTTP_AUTHORIZATION=f"Bearer {token}")

    assert (status, json.loads(answer)[0]["code"]) == ("201 Created", "MADE")


@pytest.mark.parametrize(
    ("path", "environ"),
    [
        ("/admin/", {}),
        ("/v1", {}),
        ("/v1x/coupons", {}),
        ("/v1/coupons/coup_1", {}),
        ("/v1/coupons//", {}),
        ("/v2/projects/x/coupons", {}),
        ("/coupons", {}),
        ("/hyperline/v1/coupons", {}),
        ("/v1/coupons", {"HTTP_HOST": "stranger.example"}),
        ("/v1/coupons", {"HTTP_HOST": "test server"}),
        ("/v1/coupons", {"HTTP_HOST": ""}),
        ("/v1/coupons", {"SCRIPT_NAME": "/office"}),
    ],
)
def test_what_is_left_to_django(path, environ):
    with pytest.raises(Called):
        ask(path, **environ)


def test_a_create_in_hyperlines_words_reaches_django_with_its_body():
    body = json.dumps(HARBOUR).encode()
    got = []

    def django(environ, start_response):
        got.append(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        start_response("201 Created", [])
        return []

    ask("/v1/coupons", "POST", body, django=django)

    assert got == [body]


def test_only_https_where_it_is_asked_for(token, settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    key = f"Bearer {token}"

    for said in ({}, {"HTTP_X_FORWARDED_PROTO": "http"}, {"HTTP_X_FORWARDED_PROTO": "http, https"}):
        with pytest.raises(Called):
            ask("/v1/coupons", HTTP_AUTHORIZATION=key, **said)
    assert ask("/v1/coupons", HTTP_AUTHORIZATION=key, HTTP_X_FORWARDED_PROTO="https, http")[0] == "200 OK"


def test_https_is_held_to(token, settings):
    settings.SECURE_HSTS_SECONDS = 60
    front._secure_headers.cache_clear()
    try:
        secure = ask("/v1/coupons", HTTP_AUTHORIZATION=f"Bearer {token}", **{"wsgi.url_scheme": "https"})[1]
        plain = ask("/v1/coupons", HTTP_AUTHORIZATION=f"Bearer {token}")[1]
    finally:
        front._secure_headers.cache_clear()

    assert secure["Strict-Transport-Security"] == "max-age=60"
    assert "Strict-Transport-Security" not in plain


REQUESTS = [
    ("GET", "/v1/coupons", None, {}),
    ("GET", "/v1/coupons?select=code&code=eq.KEPT", None, {"Origin": "https://shop.example", "Prefer": "count=exact"}),
    ("GET", "/v1/coupons?nothing=eq.1", None, {}),
    ("GET", "/v1/n%C3%B6pe%FF/x", None, {}),
    ("GET", "/v1/coupons", None, {"Authorization": ""}),
    ("GET", "/v1/", None, {}),
    ("OPTIONS", "/v1/coupons", None, {"Origin": "https://shop.example"}),
    ("POST", "/v1/coupons", {"code": "KEPT", "definition": FIFTEEN_PERCENT}, {}),
    ("POST", "/v1/coupons", HARBOUR | {"currency": "XXX"}, {}),
    ("PATCH", "/v1/coupons?code=eq.KEPT", {"description": "x"}, {"Prefer": "return=minimal"}),
    ("GET", "/v1/rpc/season_report", None, {}),
    ("TRACE", "/v1/coupons", None, {}),
    ("GET", "/v1/coupons", None, {"Host": "stranger.example"}),
]


@pytest.mark.parametrize(("method", "path", "body", "headers"), REQUESTS, ids=range(len(REQUESTS)))
def test_the_answer_is_the_one_that_django_would_have_given(token, monkeypatch, method, path, body, headers):
    def answer():
        data = b"" if body is None else json.dumps(body).encode()
        sent = {"Authorization": f"Bearer {token}", **headers}
        client = Client(raise_request_exception=False)
        given = client.generic(method, path, data, content_type="application/json", headers=sent)
        return given.status_code, lasting(given.headers), given.content

    in_front = answer()
    monkeypatch.setattr(front, "PREFIXES", ("nowhere",))

    assert in_front == answer()


def lasting(headers):
    """Without what differs from one request to the next, and an empty body's length."""
    return {
        name: value
        for name, value in headers.items()
        if name not in ("X-Request-Id", "RateLimit", "Vary") and (name, value) != ("Content-Length", "0")
    }


def test_every_test_client_comes_through_the_front(token, monkeypatch):
    monkeypatch.setattr(
        front, "_answered", lambda request, start_response: [start_response("418 Teapot", []) or b"front"]
    )

    assert Client().get("/v1/coupons").content == b"front"


def test_head_tells_the_length_of_get(token):
    key = f"Bearer {token}"

    status, headers, body = ask("/v1/coupons", "HEAD", HTTP_AUTHORIZATION=key)

    assert (status, body) == ("200 OK", b"")
    assert lasting(headers) == lasting(ask("/v1/coupons", HTTP_AUTHORIZATION=key)[1])


def test_an_answer_without_a_body_tells_no_length(token):
    environ = {"HTTP_AUTHORIZATION": f"Bearer {token}", "QUERY_STRING": "code=eq.KEPT"}

    status, headers, body = ask("/v1/coupons", "DELETE", **environ)

    assert (status, body) == ("204 No Content", b"")
    assert "Content-Length" not in headers
