"""Media types, one object instead of an array, nulls left out, what browsers ask for."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Client
from .facts import JSON, NOTHING, SINGULAR, Fact

OBJECT = "application/vnd.pgrst.object+json"
ARRAY = "application/vnd.pgrst.array+json"
CSV = "text/csv; charset=utf-8"
STRIPPED = ";nulls=stripped"
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3"
FIRMS = [
    {"id": 1},
    {"id": 2},
    *({"id": n, "referee": r, "auditor": a} for n, r, a in ((3, 1, 2), (4, 1, 2), (5, 3, 4))),
]
EXPOSED = "Content-Encoding, Content-Location, Content-Range, Content-Type, Date, Location, Server, Transfer-Encoding, Range-Unit"


def accepting(accept: str, target: str, body: Any, content_type: str, status: int = 200) -> Fact:
    return Fact("GET", target, body, status, sent={"Accept": accept}, headers={"Content-Type": content_type})


def not_one(method: str, target: str, number: int, payload: Any = None, prefer: str = "", accept: str = OBJECT) -> Fact:
    details = f"Results contain {number} rows, application/vnd.pgrst.object+json requires 1 row"
    message = "JSON object requested, multiple (or no) rows returned"
    body = {"code": "PGRST116", "details": details, "hint": None, "message": message}
    sent = {"Accept": accept, **({"Prefer": prefer} if prefer else {})}
    return Fact(method, target, body, 406, payload, sent, {"Content-Type": SINGULAR})


def one(method: str, target: str, payload: Any, status: int, body: Any, prefer: str, **headers: str | None) -> Fact:
    return Fact(method, target, body, status, payload, {"Accept": OBJECT, "Prefer": prefer}, headers)


TYPES = [
    Fact(
        "GET",
        "tags",
        {
            "code": "PGRST107",
            "details": None,
            "hint": None,
            "message": "None of these media types are available: text/unknowntype",
        },
        415,
        sent={"Accept": "text/unknowntype"},
        headers={"Content-Type": JSON},
    ),
    accepting("*/*", "marks?id=eq.1", [{"id": 1}], JSON),
    accepting("text/unknowntype, */*", "marks?id=eq.1", [{"id": 1}], JSON),
    accepting("text/csv, */*", "marks?id=eq.1", "id\n1", CSV),
    accepting("text/csv, application/json", "marks?id=eq.1", "id\n1", CSV),
    accepting("text/unknowntype, text/csv", "marks?id=eq.1", "id\n1", CSV),
    accepting("text/csv; version=1", "tags?order=extra", "k,extra\nxyyx,u\nxYYx,v", CSV),
    accepting("text/csv", "voids", "\n", CSV),
    accepting("text/csv", "loose?a=is.null", "a,b\n,", CSV),
    accepting(FIREFOX, "marks?id=eq.1", [{"id": 1}], JSON),
    accepting(CHROME, "marks?id=eq.1", [{"id": 1}], JSON),
    accepting("text/plain", "tags?select=extra&order=extra", "uv", "text/plain; charset=utf-8"),
]
SINGLE = [
    accepting(OBJECT, "marks?id=eq.5", {"id": 5}, SINGULAR),
    accepting("application/vnd.pgrst.object", "marks?id=eq.5", {"id": 5}, SINGULAR),
    not_one("GET", "marks?id=gt.0&id=lt.0", 0),
    not_one("GET", "firms", 5, accept=OBJECT + STRIPPED),
    one("GET", "marks?id=eq.5", None, 200, {"id": 5}, "count=none"),
    one("PATCH", "addresses?id=eq.1", {"address": "B"}, 200, {"id": 1, "address": "B"}, "return=representation"),
    one("PATCH", "addresses?id=eq.1", {"address": "C"}, 204, NOTHING, "return=minimal", **{"Content-Type": None}),
    not_one("PATCH", "addresses", 4, {"address": "z"}),
    not_one("PATCH", "addresses", 4, {"address": "z"}, "return=representation"),
    not_one("PATCH", "marks?id=gt.0&id=lt.0", 0, {"id": 1}),
    not_one("PATCH", "marks?id=gt.0&id=lt.0", 0, {"id": 1}, "return=representation"),
    one("POST", "addresses", [{"id": 9, "address": "x"}], 201, {"id": 9, "address": "x"}, "return=representation"),
    one(
        "POST",
        "addresses",
        [{"id": 9, "address": "x"}],
        201,
        NOTHING,
        "return=minimal",
        **{"Content-Type": None, "Content-Range": "*/*"},
    ),
    not_one("POST", "addresses", 2, [{"id": 8, "address": "x"}, {"id": 9, "address": "y"}]),
    not_one("POST", "addresses", 2, [{"id": 8, "address": "x"}, {"id": 9, "address": "y"}], "return=minimal"),
    not_one("POST", "addresses", 0, []),
    not_one("POST", "addresses", 0, [], "return=representation"),
    one("DELETE", "marks?id=eq.11", None, 200, {"id": 11}, "return=representation"),
    one("DELETE", "marks?id=eq.11", None, 204, NOTHING, "return=minimal"),
    not_one("DELETE", "marks?id=gt.0&id=lt.6", 5),
    not_one("DELETE", "marks?id=gt.5&id=lt.11", 5, None, "return=representation"),
    not_one("DELETE", "marks?id=lt.0", 0),
]
WITHOUT_NULLS = [
    accepting(ARRAY + STRIPPED, "firms?select=id,referee,auditor", FIRMS, f"{ARRAY}{STRIPPED}; charset=utf-8"),
    accepting(OBJECT + STRIPPED, "firms?select=id,referee&limit=1", {"id": 1}, f"{OBJECT}{STRIPPED}; charset=utf-8"),
    accepting(ARRAY, "firms?select=id,referee&id=eq.1", [{"id": 1, "referee": None}], JSON),
    Fact(
        "POST",
        "firms",
        [{"id": 7, "name": "John", "manager_id": 1}],
        201,
        {"id": 7, "name": "John", "referee": None, "auditor": None, "manager_id": 1},
        {"Accept": ARRAY + STRIPPED, "Prefer": "return=representation"},
        {"Content-Type": f"{ARRAY}{STRIPPED}; charset=utf-8"},
    ),
    Fact(
        "PATCH",
        "firms?id=eq.3&select=id,name,referee,auditor",
        [{"id": 3, "name": "John", "auditor": 2}],
        200,
        {"name": "John", "referee": None},
        {"Accept": ARRAY + STRIPPED, "Prefer": "return=representation"},
    ),
]
SURROUNDINGS = [
    Fact("GET", "loose?b=eq.1&a=eq.1", [], headers={"Content-Location": "/loose?a=eq.1&b=eq.1"}),
    Fact("GET", "tags", headers={"Content-Location": "/tags", "Content-Profile": None}),
    Fact("OPTIONS", "marks", NOTHING, headers={"Allow": "OPTIONS,GET,HEAD,POST,PUT,PATCH,DELETE"}),
    Fact("OPTIONS", "loose", NOTHING, headers={"Allow": "OPTIONS,GET,HEAD,POST,PATCH,DELETE"}),
    Fact("OPTIONS", "unknown", {}, 404),
    Fact("OPTIONS", "", NOTHING, headers={"Allow": "OPTIONS,GET,HEAD"}),
    Fact("GET", "invalid/nested/paths", {}, 404),
    Fact("GET", "tags/", {}, 404),
    Fact(
        "OPTIONS",
        "marks",
        NOTHING,
        sent={
            "Origin": "http://example.com",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "Foo,Bar",
        },
        headers={
            "Access-Control-Allow-Origin": "http://example.com",
            "Access-Control-Allow-Credentials": "true",
            "Access-Control-Allow-Methods": "GET, POST, PATCH, PUT, DELETE, OPTIONS, HEAD",
            "Access-Control-Max-Age": "86400",
        },
    ),
    Fact(
        "GET",
        "marks?id=eq.1",
        [{"id": 1}],
        sent={"Origin": "http://example.com"},
        headers={"Access-Control-Expose-Headers": EXPOSED},
    ),
    Fact("OPTIONS", "marks", NOTHING, headers={"Access-Control-Allow-Origin": "*"}),
    Fact("TRACE", "marks", status=405),
]


@pytest.mark.parametrize("fact", [*TYPES, *SINGLE, *WITHOUT_NULLS, *SURROUNDINGS], ids=str)
def test_media(client: Client, fact: Fact) -> None:
    fact.check(client)


@pytest.mark.parametrize(
    ("refusal", "target", "body"),
    [
        (SINGLE[7], "addresses?id=eq.1", [{"id": 1, "address": "address 1"}]),
        (SINGLE[13], "addresses?id=eq.8", []),
        (SINGLE[14], "addresses?id=eq.8", []),
        (SINGLE[19], "marks?id=lt.3", [{"id": 1}, {"id": 2}]),
    ],
    ids=str,
)
def test_a_refused_write_is_undone(client: Client, refusal: Fact, target: str, body: Any) -> None:
    refusal.check(client)
    assert client.rows(target) == body
