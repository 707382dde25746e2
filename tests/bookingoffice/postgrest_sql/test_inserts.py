"""POST: created rows, upserts, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import OURS, THEIRS, Client


@pytest.mark.parametrize(
    ("target", "body", "rows"),
    [
        ("books?select=title,pages,mood", {"title": "New"}, [{"title": "New", "pages": 100, "mood": "calm"}]),
        (
            "books?select=title,pages",
            [{"title": "B", "pages": "12"}, {"title": "A", "pages": None}],
            [{"title": "B", "pages": 12}, {"title": "A", "pages": None}],
        ),
        ("books?select=organization_id", {"title": "New"}, [{"organization_id": str(OURS)}]),
        (
            "books?select=organization_id",
            {"title": "New", "organization_id": str(OURS).upper()},
            [{"organization_id": str(OURS)}],
        ),
        (
            "books?select=title,author_id(name),reviews(stars)",
            {"title": "N", "author_id": 2},
            [{"title": "N", "author_id": {"name": "Bob"}, "reviews": []}],
        ),
        (
            "books?columns=title,pages&select=title,pages",
            [{"title": "A", "junk": 1}, {"pages": 3, "title": "B"}],
            [{"title": "A", "pages": None}, {"title": "B", "pages": 3}],
        ),
        ("notes?select=line,text", [{}, {}], [{"line": None, "text": None}] * 2),
        ("books", [], []),
        ("books", "7", []),
        ("books?select=t:title::text&id=eq.1", {"title": "Filters are ignored"}, [{"t": "Filters are ignored"}]),
        ("books?select=title,price", '{"title":"Exact","price":12345678901234567890.123456789}', None),
    ],
)
def test_created_rows(client: Client, target: str, body: Any, rows: list[Any] | None) -> None:
    answer = client("POST", target, body)

    assert (answer.status, answer.range) == (201, "*/*")
    if rows is None:
        assert answer.text == '[{"title":"Exact","price":12345678901234567890.123456789}]'
    else:
        assert answer.json == rows


def test_absent_keys_take_defaults_where_that_is_preferred(client: Client) -> None:
    answer = client(
        "POST",
        "books?columns=title,pages,mood&select=pages,mood",
        [{"title": "A"}, {"title": "B", "pages": None, "mood": "wild"}],
        Prefer="missing=default",
    )

    assert answer.json == [{"pages": 100, "mood": "calm"}, {"pages": None, "mood": "wild"}]
    assert answer.headers["Preference-Applied"] == "missing=default"


def test_minimal_and_headers_only(client: Client) -> None:
    minimal = client("POST", "tags", {"id": 7}, Prefer="return=minimal, count=exact")
    located = client("POST", "book_tags", {"book_id": 3, "tag_id": 2}, Prefer="return=headers-only")
    several = client("POST", "tags", [{"id": 8}, {"id": 9}], Prefer="return=headers-only")

    assert (minimal.status, minimal.text, minimal.range) == (201, "", "*/1")
    assert "Content-Type" not in minimal.headers
    assert located.headers["Location"] == "/book_tags?book_id=eq.3&tag_id=eq.2"
    assert "Location" not in several.headers
    assert len(client.rows("tags?id=in.(7,8,9)")) == 3


def test_csv(client: Client) -> None:
    answer = client(
        "POST", "tags?select=id,name", "id,name\n31,csv\n32,NULL", Content_Type="text/csv", Accept="text/csv"
    )

    assert answer.text == "id,name\n31,csv\n32,"


@pytest.mark.parametrize(
    ("body", "status", "code", "details"),
    [
        ({"title": "First book"}, 409, "23505", "Key (title)=(First book) already exists."),
        ({"title": "q", "author_id": 9}, 409, "23503", 'Key (author_id)=(9) is not present in table "authors".'),
        ({"nope": 1, "also": 1}, 400, "PGRST204", None),
        ({"title": "z", "words": "a"}, 400, "428C9", 'Column "words" is a generated column.'),
        ({"title": "z", "mood": "bad"}, 400, "22P02", None),
        ({"title": "z", "pages": "many"}, 400, "22P02", None),
        ({"title": "z", "organization_id": str(THEIRS)}, 403, "42501", None),
        ({"title": "z", "organization_id": THEIRS.hex}, 403, "42501", None),
        ({"title": "z", "organization_id": "bad"}, 400, "22P02", None),
        ([{"title": "z"}, {"pages": 1}], 400, "PGRST102", None),
        ("{", 400, "PGRST102", None),
    ],
)
def test_refusals(client: Client, body: Any, status: int, code: str, details: str | None) -> None:
    answer = client("POST", "books", body)

    assert answer.refusal == (status, code)
    assert answer.json["details"] == details
    assert len(client.rows("books?select=id")) == 3


@pytest.mark.parametrize("body", [{}, {"title": None}, {"title": "z", "organization_id": None}])
def test_null_in_a_required_column(client: Client, body: Any) -> None:
    assert client("POST", "books", body).refusal == (400, "23502")


def test_a_null_character(client: Client) -> None:
    assert client("POST", "tags", '{"id":50,"name":"a\\u0000"}').refusal == (400, "22P05")


def test_one_bad_row_and_none_is_written(client: Client) -> None:
    assert client("POST", "tags", [{"id": 50}, {"id": 1}]).refusal == (409, "23505")
    assert client.rows("tags?id=eq.50") == []


def test_the_row_of_another_organization_is_no_duplicate(client: Client) -> None:
    assert client("POST", "books?select=id", {"id": 9, "title": "Alien ninth"}).json == [{"id": 9}]


@pytest.mark.parametrize(
    ("target", "resolution", "body", "rows"),
    [
        (
            "tags?select=id,name",
            "merge",
            [{"id": 1, "name": "RED"}, {"id": 5, "name": "five"}],
            [{"id": 1, "name": "RED"}, {"id": 5, "name": "five"}],
        ),
        (
            "tags?select=id,name",
            "ignore",
            [{"id": 1, "name": "no"}, {"id": 6, "name": "six"}],
            [{"id": 6, "name": "six"}],
        ),
        ("books?on_conflict=title&select=id,pages", "merge", {"title": "Third", "pages": 7}, [{"id": 3, "pages": 7}]),
        (
            "books?on_conflict=organization_id,title&select=id",
            "merge",
            {"title": "Third", "organization_id": str(OURS)},
            [{"id": 3}],
        ),
        ("reviews?select=stars", "merge", {"book_id": 1, "reader": "x", "stars": 1}, [{"stars": 1}]),
    ],
)
def test_upserts(client: Client, target: str, resolution: str, body: Any, rows: list[Any]) -> None:
    answer = client("POST", target, body, Prefer=f"resolution={resolution}-duplicates")

    assert (answer.status, answer.json) == (201, rows)
    assert answer.headers["Preference-Applied"] == f"resolution={resolution}-duplicates"


@pytest.mark.parametrize(
    ("target", "body", "code"),
    [
        ("books?on_conflict=pages", {"title": "Third"}, "42P10"),
        ("books?on_conflict=zip", {"title": "Third"}, "42703"),
        ("tags", [{"id": 8, "name": "a"}, {"id": 8, "name": "b"}], "21000"),
    ],
)
def test_upserts_that_cannot_be(client: Client, target: str, body: Any, code: str) -> None:
    assert client("POST", target, body, Prefer="resolution=merge-duplicates").refusal == (400, code)


def test_an_upsert_never_meets_the_row_of_another_organization(client: Client) -> None:
    client("POST", "authors", {"id": 9, "name": "Ours now"}, Prefer="resolution=merge-duplicates")

    assert client.rows("authors?select=name&id=eq.9") == [{"name": "Ours now"}]
    assert client.get("authors?select=name&id=eq.9", Authorization="Bearer theirs").json == [{"name": "Alien only"}]


def test_a_singular_write_of_several_rows_is_undone(client: Client) -> None:
    answer = client(
        "POST", "tags", [{"id": 42}, {"id": 43}], Accept="application/vnd.pgrst.object+json", Prefer="return=minimal"
    )

    assert answer.refusal == (406, "PGRST116")
    assert client.rows("tags?id=in.(42,43)") == []
