"""PATCH, PUT and DELETE."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import OURS, THEIRS, Client

ROWS = "return=representation"


def test_a_change_is_silent_unless_its_rows_are_asked_for(client: Client) -> None:
    silent = client("PATCH", "books?id=eq.1", {"pages": 5})
    shown = client("PATCH", "books?id=lt.3&select=id,pages", {"pages": 6}, Prefer=f"{ROWS}, count=exact")

    assert (silent.status, silent.text, silent.range) == (204, "", "0-0/*")
    assert "Content-Type" not in silent.headers
    assert (shown.status, shown.range) == (200, "0-1/2")
    assert shown.json == [{"id": 1, "pages": 6}, {"id": 2, "pages": 6}]


@pytest.mark.parametrize(
    ("target", "body", "rows"),
    [
        ("books?id=eq.99", {"pages": 6}, []),
        ("books", {}, []),
        ("books", [], []),
        ("books?id=eq.1&select=id,author_id(name)", {"author_id": 2}, [{"id": 1, "author_id": {"name": "Bob"}}]),
        ("books?title=eq.Third&select=id,title", {"title": "No longer"}, [{"id": 3, "title": "No longer"}]),
        ("books?id=eq.1&select=pages", [{"pages": 7}, {"pages": 8}], [{"pages": 7}]),
        ("books?id=eq.1&columns=pages&select=pages,price", {"price": 1, "title": "x"}, [{"pages": None, "price": 9.5}]),
        ("books?id=eq.1&select=id", {"organization_id": str(OURS)}, [{"id": 1}]),
        ("books?id=gt.0&order=id.desc&limit=1&offset=1&select=id", {"pages": 2}, [{"id": 2}]),
        ("tags?id=eq.2&select=id", {"id": 4}, None),
        ("notes?line=eq.1&select=text", {"text": "changed"}, [{"text": "changed"}]),
        ("books?select=id,author_id()&id=gt.0&order=author_id(name).desc,id&limit=1", {"pages": 1}, [{"id": 1}]),
        ("books?select=id,reviews()&reviews=is.null", {"pages": 1}, [{"id": 3}]),
        ("books?id=gt.1&order=nope,nope(id),id.desc&select=id", {"pages": 1}, [{"id": 3}, {"id": 2}]),
        ("books?id=gt.0&order=pages.desc&limit=1", {"mood": "wild"}, []),
        ("books?id=gt.0&order=pages.desc&limit=2&select=id", {"mood": "wild"}, [{"id": 1}]),
        ("books?id=gt.0&order=pages&offset=1&select=id", {"mood": "wild"}, [{"id": 1}]),
    ],
)
def test_changed_rows(client: Client, target: str, body: Any, rows: list[Any] | None) -> None:
    answer = client("PATCH", target, body, Prefer=ROWS)

    if rows is None:
        assert answer.refusal == (409, "23503")
    else:
        assert (answer.status, answer.json) == (200, rows)


def test_the_primary_key_may_change(client: Client) -> None:
    client("DELETE", "book_tags?tag_id=eq.2")

    assert client("PATCH", "tags?id=eq.2&select=id", {"id": 4}, Prefer=ROWS).json == [{"id": 4}]


@pytest.mark.parametrize(
    ("target", "body", "status", "code"),
    [
        ("books", {"pages": 6}, 400, "21000"),
        ("books?limit=1&order=id", {"pages": 6}, 400, "21000"),
        ("books?id=eq.1", {"nope": 2}, 400, "PGRST204"),
        ("books?id=eq.1", {"words": "a"}, 400, "428C9"),
        ("books?nope=eq.1", {"pages": 2}, 400, "42703"),
        ("books?id=eq.1", {"organization_id": str(THEIRS)}, 403, "42501"),
        ("books?id=gt.0&limit=1", {"pages": 2}, 400, "PGRST109"),
        ("books?id=gt.0&offset=1", {"pages": 2}, 400, "PGRST109"),
        ("books?id=gt.0&offset=0", {"pages": 2}, 400, "PGRST109"),
        ("books?id=gt.0&limit=1", "{", 400, "PGRST109"),
        ("books?id=gt.0&limit=-1", "{", 416, "PGRST103"),
        ("books?id=gt.0&limit=1&order=nope", {"pages": 2}, 400, "42703"),
        ("books?id=gt.0&offset=1&order=nope(id)", {"pages": 2}, 400, "PGRST108"),
        ("books?id=gt.0&offset=x", "{", 400, "PGRST102"),
        ("nope?id=gt.0&limit=1", {"pages": 2}, 400, "PGRST109"),
        ("reviews?stars=gt.0&limit=1&order=reader", {"stars": 2}, 400, "PGRST110"),
        ("books?id=eq.1", {"author_id": 9}, 409, "23503"),
    ],
)
def test_refused_changes(client: Client, target: str, body: Any, status: int, code: str) -> None:
    before = client.rows("books"), client.rows("reviews")

    assert client("PATCH", target, body).refusal == (status, code)
    assert (client.rows("books"), client.rows("reviews")) == before


def test_a_key_may_be_allowed_to_change_everything(client: Client) -> None:
    assert client("PATCH", "books", {"pages": 1}, Authorization="Bearer bold").range == "0-2/*"
    assert client("DELETE", "reviews", Authorization="Bearer bold", Prefer="count=exact").range == "*/3"


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_too_many_rows_undo_the_change(client: Client, method: str) -> None:
    strict = client(method, "reviews?stars=gt.3", {"stars": 1}, Prefer="handling=strict, max-affected=1")
    lenient = client(method, "reviews?stars=gt.9", {"stars": 1}, Prefer="max-affected=0")

    assert strict.refusal == (400, "PGRST124")
    assert lenient.status == 204
    assert len(client.rows("reviews?stars=gt.3")) == 2


def test_an_order_that_chooses_nothing_is_not_looked_at(client: Client) -> None:
    created = client("POST", "tags?order=nope,nope(id)", {"id": 30}, Prefer=ROWS)
    deleted = client("DELETE", "tags?id=eq.30&order=nope&select=id", Prefer=ROWS)

    assert (created.status, deleted.json) == (201, [{"id": 30}])


def test_a_row_without_the_value_of_a_limited_order_stays(client: Client) -> None:
    assert client("DELETE", "books?id=eq.3&order=pages&limit=1").range == "*/*"
    assert client.rows("books?id=eq.3&select=id") == [{"id": 3}]


def test_a_counted_change_is_about_the_rows_it_shows(client: Client) -> None:
    answer = client("PATCH", "books?id=gt.1&select=id,reviews!inner()", {"pages": 5}, Prefer=f"{ROWS}, count=exact")

    assert (answer.json, answer.range) == ([{"id": 2}], "0-0/1")
    assert client.rows("books?pages=eq.5&select=id") == [{"id": 2}, {"id": 3}]


def test_a_singular_change_of_several_rows_is_undone(client: Client) -> None:
    answer = client("PATCH", "books?id=gt.0", {"pages": 77}, Accept="application/vnd.pgrst.object+json")

    assert answer.refusal == (406, "PGRST116")
    assert client.rows("books?pages=eq.77") == []


def test_deletion(client: Client) -> None:
    counted = client("DELETE", "book_tags?book_id=eq.1", Prefer="count=exact")
    shown = client("DELETE", "reviews?book_id=eq.1&select=reader,books(title)", Prefer=ROWS)
    nothing = client("DELETE", "reviews?reader=eq.nobody", Prefer=f"{ROWS}, count=exact")

    assert (counted.status, counted.range) == (204, "*/2")
    assert shown.json == [{"reader": name, "books": {"title": "First book"}} for name in "xy"]
    assert (nothing.status, nothing.json, nothing.range) == (200, [], "*/0")


def test_a_row_that_others_need_stays(client: Client) -> None:
    answer = client("DELETE", "tags?id=eq.1")

    assert answer.refusal == (409, "23503")
    assert answer.json["details"] == 'Key (id)=(1) is still referenced from table "book_tags".'


@pytest.mark.parametrize(
    ("target", "body", "rows"),
    [
        ("tags?id=eq.1&select=id,name", {"id": 1, "name": "put"}, [{"id": 1, "name": "put"}]),
        ("tags?id=eq.1&columns=id&select=id,name", {"id": 1, "name": "put"}, [{"id": 1, "name": "put"}]),
        ("tags?id=eq.1&select=id,books(id)&books.order=id&books.limit=1", {"id": 1}, [{"id": 1, "books": [{"id": 1}]}]),
        ("tags?id=eq.20&select=id,name", {"id": 20, "name": "put"}, [{"id": 20, "name": "put"}]),
        ("tags?id=eq.1&select=name", [{"id": 3, "name": "no"}, {"id": 1, "name": "yes"}], [{"name": "yes"}]),
        ("reviews?book_id=eq.1&reader=eq.x&select=stars", {"book_id": 1, "reader": "x", "stars": 2}, [{"stars": 2}]),
    ],
)
def test_put(client: Client, target: str, body: Any, rows: list[Any]) -> None:
    answer = client("PUT", target, body, Prefer=ROWS)

    assert (answer.status, answer.json, answer.range) == (200, rows, None)


@pytest.mark.parametrize(
    ("target", "body", "status", "code"),
    [
        ("tags?id=eq.1", {"id": 2, "name": "put"}, 400, "PGRST115"),
        ("tags?id=eq.1", {"name": "x"}, 400, "PGRST115"),
        ("tags?id=eq.1", [], 400, "PGRST115"),
        ("tags?id=eq.1&limit=1", {"id": 1}, 400, "PGRST114"),
        ("tags?id=eq.1&offset=0", {"id": 1}, 400, "PGRST114"),
        ("tags?id=eq.1&limit=1", "{", 400, "PGRST114"),
        ("tags?id=gt.1", {"id": 2}, 405, "PGRST105"),
        ("tags?id=eq.1&name=eq.x", {"id": 1}, 405, "PGRST105"),
        ("tags?id=eq.1&or=(id.eq.1)", {"id": 1}, 405, "PGRST105"),
        ("tags?id=eq.1&select=id,books(id)&books.id=eq.1", {"id": 1}, 405, "PGRST105"),
        ("tags?id=eq.1&select=id,books(id)&books.or=(id.eq.1)", {"id": 1}, 405, "PGRST105"),
        ("tags?id=eq.1&select=id,books(reviews(stars))&books.reviews.stars=gt.1", {"id": 1}, 405, "PGRST105"),
        ("tags?id=eq.1&columns=id", [{"id": 1}, {"name": "x"}], 400, "PGRST102"),
        ("reviews?book_id=eq.1", {"book_id": 1, "reader": "x"}, 405, "PGRST105"),
        ("notes?line=eq.1", {"line": 1}, 405, "PGRST105"),
        ("nope?id=eq.1", {"id": 1}, 405, "PGRST105"),
    ],
)
def test_refused_puts(client: Client, target: str, body: Any, status: int, code: str) -> None:
    assert client("PUT", target, body).refusal == (status, code)
    assert client.rows("tags?select=id,name") == [{"id": 1, "name": "red"}, {"id": 2, "name": "blue"}]
