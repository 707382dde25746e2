"""What is counted, what it costs, and what who is stopped is told, in the words of each dialect."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace

import pytest

from bookingoffice.env import Environment
from bookingoffice.limits.gcra import Limit
from bookingoffice.limits.layer import Limited, Limits
from bookingoffice.limits.leases import Leases
from bookingoffice.limits.rates import Rates
from bookingoffice.limits.slots import Slots
from bookingoffice.throttled import refuse, tell

NONE = Rates(key=None, address=None, lookups=None, sign_ins=None)


class House:
    """The layer around an application that answers everything alike."""

    def __init__(self, rates, *, status="200 OK", headers=(), body=b"[]"):
        self.answer = (status, list(headers), body)
        self.met: list[object] = []
        self.limits = Limits(rates, Leases(Slots(None)), tell)
        self.layer = Limited(self.application, limits=self.limits, refuse=refuse, refused=self.met.append)

    def application(self, environ, start_response):
        status, headers, body = self.answer
        start_response(status, headers)
        return [body]

    def __call__(self, path="/v1/coupons", method="GET", query="", key="Bearer k", address="10.0.0.1", **more):
        environ = {"PATH_INFO": path, "REQUEST_METHOD": method, "QUERY_STRING": query, "REMOTE_ADDR": address, **more}
        if key:
            environ["HTTP_AUTHORIZATION"] = key
        heard = []
        parts = self.layer(environ, lambda status, headers, *_: heard.append((status, dict(headers))))
        return int(heard[0][0][:3]), heard[0][1], b"".join(parts)


def test_each_key_and_each_address_has_a_limit_of_its_own():
    house = House(replace(NONE, key=Limit("key", 2), address=Limit("address", 3)))

    assert [house(key="Bearer a")[0] for _ in range(3)] == [200, 200, 429]
    assert house(key="Bearer b", address="10.0.0.2")[0] == 200
    assert house(key="Bearer b")[0] == 429
    assert house.met == ["key", "address"]


@pytest.mark.parametrize("spelt", ["bearer k", "BEARER k", "Bearer   k", " Bearer \tk "])
def test_a_key_has_one_limit_however_its_header_is_written(spelt):
    house = House(replace(NONE, key=Limit("key", 1)))
    house(key="Bearer k")

    assert house(key=spelt)[0] == 429


def test_who_passes_is_told_what_is_left():
    _, headers, _ = House(replace(NONE, key=Limit("key", 600)))()

    assert headers == {"RateLimit-Policy": '"key";q=600;w=60', "RateLimit": '"key";r=599;t=1'}


def test_a_large_limit_is_taken_ahead_and_never_exceeded():
    house = House(replace(NONE, key=Limit("key", 40_000, 1_000_000)))

    assert [house()[0] for _ in range(40_100)].count(200) == 40_000


@pytest.mark.parametrize(
    ("path", "content_type", "body"),
    [
        (
            "/v1/coupons",
            "application/json; charset=utf-8",
            {"code": "53400", "details": None, "hint": "Try again in 30 s", "message": "Too many requests"},
        ),
        (
            "/hyperline/v1/coupons",
            "application/json",
            {"statusCode": 429, "type": "rate_limited", "message": "Too many requests; try again in 30 s."},
        ),
        (
            "/fynn/coupons",
            "application/problem+json",
            {
                "type": "about:blank",
                "title": "An error occurred",
                "status": 429,
                "detail": "Too many requests; try again in 30 s.",
            },
        ),
        (
            "/v2/projects/x/coupons",
            "application/json",
            {
                "ok": False,
                "method": "GET",
                "path": "/v2/projects/x/coupons",
                "code": 429,
                "error": {
                    "error_code": "RATE_LIMIT_EXCEEDED",
                    "code": "RATE_LIMIT_EXCEEDED",
                    "message": "Too many requests; try again in 30 s.",
                    "retry_after": 30,
                },
            },
        ),
    ],
)
def test_each_dialect_refuses_in_its_own_shape(path, content_type, body):
    house = House(replace(NONE, key=Limit("key", 2)))
    house(path), house(path)

    status, headers, text = house(path)

    assert (status, headers["Retry-After"], headers["Content-Type"]) == (429, "30", content_type)
    told = json.loads(text)
    told.pop("request_id", None)
    assert told == body
    assert headers["Content-Length"] == str(len(text))
    assert headers["RateLimit"].startswith('"key";r=0;')


def test_a_page_in_a_browser_is_shown_the_refusal():
    house = House(replace(NONE, key=Limit("key", 1)))
    house()

    status, headers, _ = house(HTTP_ORIGIN="https://shop.example")

    assert (status, headers["Access-Control-Allow-Origin"]) == (429, "https://shop.example")


def test_botsubscriptions_programs_find_the_headers_they_know():
    house = House(replace(NONE, key=Limit("key", 60)))

    _, headers, _ = house("/botsubscription/v2/projects/x/coupons")

    assert (headers["X-RateLimit-Limit"], headers["X-RateLimit-Remaining"]) == ("60", "59")
    assert int(headers["X-RateLimit-Reset"]) > 1_700_000_000


def test_a_head_request_is_refused_without_a_body():
    house = House(replace(NONE, key=Limit("key", 1)))
    house()

    status, headers, body = house(method="HEAD")

    assert (status, body) == (429, b"")
    assert int(headers["Content-Length"]) > 0


@pytest.mark.parametrize(
    ("path", "query", "answer"),
    [
        ("/v1/coupons", "code=eq.GUESS", {"headers": [("Content-Range", "*/*")]}),
        ("/v1/coupons", "c%6Fde=eq.GUESS", {"headers": [("Content-Range", "*/0")]}),
        ("/v1/coupons", "%22code%22=eq.GUESS", {"headers": [("Content-Range", "*/*")]}),
        ("/v1/coupons", 'or=("code".eq.A)', {"headers": [("Content-Range", "*/*")]}),
        ("/v1/coupons", "code=eq.GUESS", {"status": "406 Not Acceptable"}),
        ("/v1/coupon_uses", "select=*,coupons!inner(id)&coupons.code=eq.G", {"headers": [("Content-Range", "*/*")]}),
        ("/v1/coupons", "or=(code.eq.A,code.eq.B)", {"headers": [("Content-Range", "*/*")]}),
        ("/v1/rpc/quote", "", {"body": b'{"coupons":[{"reasons":["coupon_not_found"]}]}'}),
        (
            "/v1/rpc/quote",
            "",
            {"headers": [("Content-Encoding", "gzip")], "body": gzip.compress(b'["coupon_not_found"]')},
        ),
        ("/v1/rpc/redeem", "", {"status": "409 Conflict", "body": b'{"details":"No coupon has this code."}'}),
        ("/v2/projects/x/coupons/validate", "", {"status": "404 Not Found"}),
    ],
)
def test_a_guess_that_misses_is_dear_and_one_that_hits_is_not(path, query, answer):
    rates = replace(NONE, lookups=Limit("lookups", 100), unknown_cost=49)
    missing, hitting = House(rates, **answer), House(rates, headers=[("Content-Range", "0-0/*")])

    assert [missing(path, query=query)[0] for _ in range(3)] == [int(answer.get("status", "200")[:3])] * 2 + [429]
    assert [hitting(path, query=query)[0] for _ in range(100)] == [200] * 100


def test_a_request_that_tries_no_code_is_no_guess():
    house = House(replace(NONE, lookups=Limit("lookups", 1)), headers=[("Content-Range", "*/*")])

    assert [house(query="select=id,code&id=eq.1")[0] for _ in range(5)] == [200] * 5


def test_signing_in_is_limited_by_address_and_looking_at_the_form_is_not():
    house = House(replace(NONE, sign_ins=Limit("sign-ins", 2)))

    assert [house("/admin/login/", "POST", key="")[0] for _ in range(3)] == [200, 200, 429]
    assert house("/admin/login/", key="")[0] == 200
    assert house("/admin/login/", "POST", key="", address="10.0.0.2")[0] == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/static/a.css"])
def test_what_watches_the_house_and_what_dresses_it_are_free(path):
    house = House(replace(NONE, address=Limit("address", 1)))

    assert [house(path)[0] for _ in range(3)] == [200] * 3


def test_the_operator_sets_the_numbers_or_lifts_them():
    rates = Rates.of(Environment({"BOOKINGOFFICE_RATE_PER_KEY": "5", "BOOKINGOFFICE_RATE_PER_ADDRESS": "0"}))

    assert rates is not None
    assert rates.key is not None
    assert (rates.key.quota, rates.address) == (5, None)
    assert Rates.of(Environment({"BOOKINGOFFICE_RATE_LIMITS": "off"})) is None


def test_an_honest_batch_job_meets_no_limit_by_default():
    """Ten thousand writes in a row as fast as they go, each trying a code that is there."""
    house = House(Rates.of(Environment({})), headers=[("Content-Range", "0-0/*")])

    assert {house("/v1/rpc/redeem", "POST")[0] for _ in range(10_000)} == {200}
