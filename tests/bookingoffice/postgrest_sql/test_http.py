"""Paths, methods, headers, and who may call."""

from __future__ import annotations

from typing import Any

import pytest

from bookingoffice.postgrest.bounds import Bounds
from bookingoffice.postgrest.views.locations import content_location, row_location

from .conftest import Client


@pytest.mark.parametrize(
    ("method", "target", "status", "body"),
    [
        ("GET", "books/", 404, "{}"),
        ("GET", "books/1", 404, "{}"),
        ("GET", "rpc/a/b", 404, "{}"),
        ("POST", "", 404, "{}"),
        ("POST", "nope", 404, "{}"),
        ("PATCH", "nope", 404, "{}"),
        ("OPTIONS", "nope", 404, "{}"),
        ("OPTIONS", "rpc/nope", 404, "{}"),
    ],
)
def test_no_such_place(client: Client, method: str, target: str, status: int, body: str) -> None:
    answer = client(method, target, {} if method in ("POST", "PATCH") else None)

    assert (answer.status, answer.text) == (status, body)
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_table_that_is_not_there(client: Client, method: str) -> None:
    answer = client(method, "nope?id=eq.1")

    assert answer.refusal == (404, "42P01")
    assert answer.json["message"] == 'relation "public.nope" does not exist'


def test_the_query_is_read_before_the_table_is_looked_for(client: Client) -> None:
    assert client.get("nope?id=bad").refusal == (400, "PGRST100")
    assert client.get("nope", Accept="text/html").refusal == (415, "PGRST107")
    assert client.get("nope?select=*&limit=-1").refusal == (416, "PGRST103")
    assert client("POST", "nope", "{").refusal == (400, "PGRST102")


def test_an_unknown_method(client: Client) -> None:
    answer = client("TRACE", "books")

    assert answer.refusal == (405, "PGRST117")
    assert answer.json["message"] == "Unsupported HTTP method: TRACE"


def test_options(client: Client) -> None:
    assert client("OPTIONS", "books").headers["Allow"] == "OPTIONS,GET,HEAD,POST,PUT,PATCH,DELETE"
    assert client("OPTIONS", "notes").headers["Allow"] == "OPTIONS,GET,HEAD,POST,PATCH,DELETE"
    assert client("OPTIONS", "").headers["Allow"] == "OPTIONS,GET,HEAD"


@pytest.mark.parametrize("target", ["books?limit=2", "books?select=nope", "nope"])
def test_head_is_get_without_a_body(client: Client, target: str) -> None:
    head, get = client("HEAD", target), client.get(target)

    assert (head.status, head.text) == (get.status, "")
    assert dict(head.headers) == dict(get.headers)


@pytest.mark.parametrize(
    ("query", "location"),
    [
        ("", "/books"),
        ("select=id,title&order=id&id=gt.0", "/books?id=gt.0&order=id&select=id%2Ctitle"),
        ("id=gt.1&select=*&id=lt.5", "/books?id=gt.1,lt.5&select=%2A"),
        ("title=eq.a+b%20c&x", "/books?title=eq.a%20b%20c&x="),
        ("title=eq.%C3%A9", "/books?title=eq.%C3%A9"),
        ("select=id;id=gt.1", "/books?id=gt.1&select=id"),
    ],
)
def test_content_location(query: str, location: str) -> None:
    assert content_location("books", query.encode()) == location


def test_the_place_of_a_new_row() -> None:
    assert row_location("a b", {"id": 1, "name": "x&y", "good": True}) == "/a%20b?id=eq.1&name=eq.x%26y&good=eq.true"


def test_profiles(client: Client) -> None:
    assert client.get("books?id=eq.1", Accept_Profile="public").headers["Content-Profile"] == "public"
    assert "Content-Profile" not in client.get("books?id=eq.1").headers
    assert client.get("books", Accept_Profile="other").refusal == (406, "PGRST106")
    assert client("POST", "tags", {"id": 9}, Content_Profile="other").refusal == (406, "PGRST106")
    assert client("POST", "tags", {"id": 9}, Content_Profile="public").headers["Content-Profile"] == "public"


def test_origins(client: Client) -> None:
    plain, asked = client.get("books?id=eq.1"), client.get("books?id=eq.1", Origin="https://shop.example")
    before = client("OPTIONS", "books", Origin="https://shop.example", Access_Control_Request_Headers="x-one, Prefer")

    assert plain.headers["Access-Control-Allow-Origin"] == "*"
    assert asked.headers["Access-Control-Allow-Origin"] == "https://shop.example"
    assert asked.headers["Access-Control-Allow-Credentials"] == "true"
    assert "Content-Range" in asked.headers["Access-Control-Expose-Headers"]
    assert before.headers["Access-Control-Allow-Methods"] == "GET, POST, PATCH, PUT, DELETE, OPTIONS, HEAD"
    assert before.headers["Access-Control-Allow-Headers"] == "Authorization, x-one, Prefer"
    assert before.headers["Access-Control-Max-Age"] == "86400"


def test_who_may_call(client: Client) -> None:
    wrong = client.get("books", Authorization="Bearer nobody")

    assert wrong.refusal == (401, "PGRST301")
    assert wrong.headers["WWW-Authenticate"] == "Bearer"
    assert client("POST", "tags", {"id": 9}, Authorization="Bearer reader").refusal == (403, "42501")
    assert client("DELETE", "tags?id=eq.9", Authorization="Bearer reader").refusal == (403, "42501")
    assert client("PATCH", "tags?id=eq.9", {"id": 9}, Authorization="Bearer reader").refusal == (403, "42501")


def test_bounds(serve: Any) -> None:
    narrow = serve(bounds=Bounds(target_bytes=100, body_bytes=10))

    assert narrow.get("books?id=in.(" + "1," * 50 + "1)").refusal == (414, "uri_too_long")
    assert narrow("POST", "tags", {"id": 123456789}).status == 413


def test_a_fault_of_ours_says_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: Any) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("bookingoffice.postgrest.views.engine.read", broken)
    answer = client.get("books")

    assert answer.refusal == (500, "PGRSTX00")
    assert "secret" not in answer.text


def test_the_description_lists_what_is_served(client: Client) -> None:
    answer = client.get("")
    document = answer.json

    assert answer.headers["Content-Type"] == "application/openapi+json; charset=utf-8"
    assert document["swagger"] == "2.0"
    assert set(document["paths"]) >= {"/", "/books", "/book_tags"}
    assert document["definitions"]["books"]["required"] == ["organization_id", "title"]
    assert document["definitions"]["books"]["properties"]["mood"]["enum"] == ["calm", "wild"]
    assert client("HEAD", "").text == ""


def test_every_reference_of_the_description_leads_somewhere(client: Client) -> None:
    document = client.get("").json

    def references(part: Any) -> list[str]:
        if isinstance(part, list):
            return [found for each in part for found in references(each)]
        if not isinstance(part, dict):
            return []
        own = [part["$ref"]] if "$ref" in part else []
        return own + [found for each in part.values() for found in references(each)]

    for reference in set(references(document)):
        _, group, name = reference.split("/")
        assert name in document[group]
