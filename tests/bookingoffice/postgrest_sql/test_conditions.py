"""Filters and logic, as PostgreSQL judges them."""

from __future__ import annotations

import pytest

from .conftest import Client


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("id=eq.2", [2]),
        ("pages=neq.80", [1]),
        ("pages=gt.80", [1]),
        ("pages=gte.80", [1, 2]),
        ("pages=lt.120", [2]),
        ("pages=lte.120", [1, 2]),
        ("title=like.F*", [1]),
        ("title=like.%25book", [1]),
        ("title=ilike.*QUOTED*", [2]),
        ("title=match.^T", [3]),
        ("title=imatch.^t", [3]),
        ("id=in.(1,3)", [1, 3]),
        ('title=in.("Second, \\"quoted\\"",Third)', [2, 3]),
        ("id=in.()", []),
        ("id=not.in.(1,3)", [2]),
        ("editor_id=is.null", [3]),
        ("editor_id=not.is.null", [1, 2]),
        ("editor_id=is.not_null", [1, 2]),
        ("available=is.true", [1]),
        ("available=not.is.true", [2, 3]),
        ("available=is.unknown", [3]),
        ("pages=isdistinct.80", [1, 3]),
        ("pages=not.eq.80", [1]),
        ("words=fts.book", [1]),
        ("title=fts(english).books", [1]),
        ("title=plfts.first%20book", [1]),
        ("title=phfts.first%20book", [1]),
        ("title=wfts.first%20-book", []),
        ("langs=cs.{en}", [1]),
        ("langs=cd.{de,en}", [2]),
        ("langs=ov.{fr,de}", [1, 2]),
        ('data=cs.{"a":1}', [1]),
        ("span=sl.[20,30)", [1, 2]),
        ("span=sr.[0,3)", [2]),
        ("span=nxr.[1,10)", [1]),
        ("span=nxl.[5,9)", [2]),
        ("span=adj.[10,12)", [1]),
        ("title=like(any).{F*,T*}", [1, 3]),
        ("title=ilike(all).{*i*,*r*}", [1, 3]),
        ("id=gt(all).{1,2}", [3]),
        ("data->>a=eq.1", [1]),
        ("data->a=eq.1", [1]),
        ("data->b->>c=eq.x", [1]),
        ("or=(id.eq.1,title.eq.Third)", [1, 3]),
        ("not.or=(id.eq.1,title.eq.Third)", [2]),
        ("and=(id.gt.1,or(id.eq.2,id.eq.1))", [2]),
        ("or=(id.in.(1,2),not.and(id.gt.0,id.lt.3))", [1, 2, 3]),
        ("id=gt.1&id=lt.3", [2]),
        ("title=neq.é", [1, 2, 3]),
    ],
)
def test_rows_that_match(client: Client, query: str, ids: list[int]) -> None:
    assert [row["id"] for row in client.rows(f"books?select=id&{query}")] == ids


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("id=eq.x", 400, "22P02"),
        ("id=eq.null", 400, "22P02"),
        ("organization_id=eq.x", 400, "22P02"),
        ("mood=eq.bad", 400, "22P02"),
        ("made=eq.2027-01-01T00:00:00+00:00", 400, "22007"),
        ("title=match.(", 400, "2201B"),
        ("mood=is.true", 400, "42804"),
        ("pages=cs.{1}", 404, "42883"),
        ("title=like(any).F", 400, "22P02"),
        ("title=fts(nope).x", 400, "42704"),
        ("title=fts.a%20b", 400, "42601"),
        ("data->a=eq.two", 400, "22P02"),
        ("nope=eq.1", 400, "42703"),
        ("secret_column=eq.1", 400, "42703"),
    ],
)
def test_what_a_value_is_wrong_about_postgresql_says(client: Client, query: str, status: int, code: str) -> None:
    assert client.get(f"books?{query}").refusal == (status, code)


def test_a_value_is_never_part_of_the_statement(client: Client) -> None:
    assert client.rows("books?select=id&title=eq.x'%20OR%201=1--") == []
    assert client.get("books?select=id&id=eq.1)%20OR%20(1=1").refusal == (400, "22P02")
    assert client.get('books?select="id\\"%20FROM%20library.notes--"').refusal == (400, "42703")
