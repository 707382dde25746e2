"""What a select puts into the answer."""

from __future__ import annotations

import pytest

from .conftest import Client

FIRST = (
    '[{"organization_id":"0190a000-0000-7000-8000-00000000000a","id":1,"author_id":1,"editor_id":2,"title":"First book",'
    '"pages":120,"price":9.50,"mood":"calm","data":{"a": 1, "b": {"c": "x"}},"langs":["en","fr"],"span":"[1,10)",'
    '"made":"2027-01-01T00:00:00+00:00","available":true,"words":"\'book\':2 \'first\':1"}]'
)


def test_values_are_postgresqls_own_json_in_declared_order(client: Client) -> None:
    assert client.get("books?id=eq.1").text == FIRST


@pytest.mark.parametrize("target", ["books?id=eq.1&select=*", "books?id=eq.1&select="])
def test_a_star_and_an_empty_select_are_everything(client: Client, target: str) -> None:
    assert client.get(target).text == FIRST


@pytest.mark.parametrize(
    ("select", "row"),
    [
        ("title,id", '{"title":"First book","id":1}'),
        ("id,id", '{"id":1,"id":1}'),
        ("n:title", '{"n":"First book"}'),
        ("pages::text", '{"pages":"120"}'),
        ("n:price::int", '{"n":10}'),
        ("data->b->>c", '{"c":"x"}'),
        ("data->b->c", '{"c":"x"}'),
        ("langs->1", '{"langs":"fr"}'),
        ("langs->-1", '{"langs":"fr"}'),
        ("title->x", '{"x":null}'),
        ("n:data->a::text", '{"n":"1"}'),
        ("made::date", '{"made":"2027-01-01"}'),
    ],
)
def test_items(client: Client, select: str, row: str) -> None:
    assert client.get(f"books?id=eq.1&select={select}").text == f"[{row}]"


def test_an_index_at_the_end_of_a_path_leaves_the_key_before_it(client: Client) -> None:
    assert client.rows("books?id=eq.2&select=data->1->>k,data->1") == [{"k": "v", "data": {"k": "v"}}]


def test_plain_columns_stand_before_embeds(client: Client) -> None:
    assert client.get("books?id=eq.1&select=covers(colour),id").text == '[{"id":1,"covers":{"colour":"green"}}]'


@pytest.mark.parametrize(
    ("target", "status", "code", "message", "hint"),
    [
        ("books?select=nope", 400, "42703", "column books.nope does not exist", None),
        (
            "books?select=titel",
            400,
            "42703",
            "column books.titel does not exist",
            'Perhaps you meant to reference the column "books.title".',
        ),
        ("books?select=reviews(nope)", 400, "42703", "column reviews_1.nope does not exist", None),
        (
            "books?select=tags(nam)",
            400,
            "42703",
            "column tags.nam does not exist",
            'Perhaps you meant to reference the column "tags.name".',
        ),
        ("books?select=id::nope", 400, "42704", 'type "nope" does not exist', None),
        ("nope?select=id", 404, "42P01", 'relation "public.nope" does not exist', None),
    ],
)
def test_what_is_not_there_is_said_in_postgresqls_words(
    client: Client, target: str, status: int, code: str, message: str, hint: str | None
) -> None:
    answer = client.get(target)

    assert answer.status == status
    assert answer.json == {"code": code, "details": None, "hint": hint, "message": message}


def test_a_cast_cannot_open_a_quoted_string(client: Client) -> None:
    answer = client.get("books?select=id::int%20$$,title::$$%20text")

    assert answer.refusal == (400, "42601")


def test_rows_come_by_primary_key_where_no_order_is_asked_for(client: Client) -> None:
    assert [row["id"] for row in client.rows("books?select=id")] == [1, 2, 3]
    assert client.rows("reviews?select=book_id,reader") == [
        {"book_id": 1, "reader": "x"},
        {"book_id": 1, "reader": "y"},
        {"book_id": 2, "reader": "x"},
    ]


@pytest.mark.parametrize(
    ("order", "ids"),
    [
        ("pages", [2, 1, 3]),
        ("pages.desc", [3, 1, 2]),
        ("pages.desc.nullslast", [1, 2, 3]),
        ("pages.nullsfirst", [3, 2, 1]),
        ("mood.desc,id.desc", [3, 2, 1]),
        ("author_id", [1, 2, 3]),
        ("data->a", [1, 2, 3]),
    ],
)
def test_order(client: Client, order: str, ids: list[int]) -> None:
    assert [row["id"] for row in client.rows(f"books?select=id&order={order}")] == ids


def test_an_alias_does_not_order(client: Client) -> None:
    assert client.get("books?select=n:pages&order=n").refusal == (400, "42703")
