"""Related rows inside a row."""

from __future__ import annotations

from typing import Any

import pytest

from bookingoffice.postgrest.bounds import Bounds

from .conftest import Client


@pytest.mark.parametrize(
    ("target", "rows"),
    [
        (
            "books?select=id,author_id(name)",
            [
                {"id": 1, "author_id": {"name": "Ann"}},
                {"id": 2, "author_id": {"name": "Ann"}},
                {"id": 3, "author_id": {"name": "Bob"}},
            ],
        ),
        (
            "books?select=id,e:authors!books_editor_id_fkey(name)&id=gt.1",
            [{"id": 2, "e": {"name": "Cyd"}}, {"id": 3, "e": None}],
        ),
        ("books?select=books_author_id_fkey(name)&id=eq.3", [{"books_author_id_fkey": {"name": "Bob"}}]),
        (
            "books?select=id,reviews(reader)",
            [
                {"id": 1, "reviews": [{"reader": "x"}, {"reader": "y"}]},
                {"id": 2, "reviews": [{"reader": "x"}]},
                {"id": 3, "reviews": []},
            ],
        ),
        (
            "books?select=id,covers(colour)&id=lt.3",
            [{"id": 1, "covers": {"colour": "green"}}, {"id": 2, "covers": None}],
        ),
        (
            "books?select=id,tags(name)",
            [
                {"id": 1, "tags": [{"name": "red"}, {"name": "blue"}]},
                {"id": 2, "tags": [{"name": "red"}]},
                {"id": 3, "tags": []},
            ],
        ),
        ("tags?select=name,books!book_tags(id)&id=eq.2", [{"name": "blue", "books": [{"id": 1}]}]),
        ("tags?select=books(tags(name))&id=eq.2", [{"books": [{"tags": [{"name": "red"}, {"name": "blue"}]}]}]),
        (
            "authors?select=name,authors(name),mentor_id(name)",
            [
                {"name": "Ann", "authors": [{"name": "Bob"}, {"name": "Cyd"}], "mentor_id": None},
                {"name": "Bob", "authors": [], "mentor_id": {"name": "Ann"}},
                {"name": "Cyd", "authors": [], "mentor_id": {"name": "Ann"}},
            ],
        ),
        ("authors?select=pupils:authors!mentor_id(name)&id=eq.1", [{"pupils": [{"name": "Bob"}, {"name": "Cyd"}]}]),
        (
            "books?select=author_id(name,mentor_id(name))&id=eq.3",
            [{"author_id": {"name": "Bob", "mentor_id": {"name": "Ann"}}}],
        ),
        ("books?select=id,tags!inner(name)&tags.name=eq.blue", [{"id": 1, "tags": [{"name": "blue"}]}]),
        (
            "books?select=id,tags!left(name)&tags.name=eq.blue&id=lt.3",
            [{"id": 1, "tags": [{"name": "blue"}]}, {"id": 2, "tags": []}],
        ),
        ("books?select=id,reviews!inner()&reviews.stars=eq.4", [{"id": 2}]),
        ("books?select=id,reviews()&reviews=is.null", [{"id": 3}]),
        ("books?select=id,reviews()&reviews=not.is.null", [{"id": 1}, {"id": 2}]),
        ("books?select=id,editor_id()&editor_id=not.is.null", [{"id": 1}, {"id": 2}]),
        (
            "books?select=id,editor_id(born)&editor_id=not.is.null",
            [{"id": 1, "editor_id": {"born": None}}, {"id": 2, "editor_id": {"born": "1980-05-05"}}],
        ),
        ("books?select=id,reviews()&or=(reviews.is.null,id.eq.1)", [{"id": 1}, {"id": 3}]),
        (
            "books?select=id,reviews(stars)&reviews.order=stars&reviews.limit=1&id=eq.1",
            [{"id": 1, "reviews": [{"stars": 3}]}],
        ),
        ("books?select=id,reviews(stars)&reviews.offset=1&id=eq.1", [{"id": 1, "reviews": [{"stars": 3}]}]),
        (
            "books?select=id,reviews(stars)&reviews.or=(stars.eq.5,stars.eq.4)&id=eq.1",
            [{"id": 1, "reviews": [{"stars": 5}]}],
        ),
        (
            "books?select=id,author_id(authors(name))&author_id.authors.name=eq.Cyd&id=eq.1",
            [{"id": 1, "author_id": {"authors": [{"name": "Cyd"}]}}],
        ),
        (
            "books?select=id,a:author_id(name)&order=a(name).desc,id.desc",
            [{"id": 3, "a": {"name": "Bob"}}, {"id": 2, "a": {"name": "Ann"}}, {"id": 1, "a": {"name": "Ann"}}],
        ),
        ("books?select=id,author_id()&order=author_id(name).desc,id.desc", [{"id": 3}, {"id": 2}, {"id": 1}]),
        ("books?select=reviews()&id=eq.1", [{}]),
        ("books?select=author_id(mentor_id())&id=eq.3", [{"author_id": {}}]),
    ],
)
def test_embeds(client: Client, target: str, rows: list[Any]) -> None:
    assert client.rows(target) == rows


@pytest.mark.parametrize(
    ("target", "rows"),
    [
        ("books?select=id,...author_id(writer:name)&id=eq.3", [{"id": 3, "writer": "Bob"}]),
        ("books?select=id,...editor_id(name)&id=eq.3", [{"id": 3, "name": None}]),
        ("books?select=id,...author_id(name,...mentor_id(m:name))&id=eq.3", [{"id": 3, "name": "Bob", "m": "Ann"}]),
        ("books?select=id,...editor_id!inner(name)", [{"id": 1, "name": "Bob"}, {"id": 2, "name": "Cyd"}]),
        (
            "books?select=id,...reviews(stars,reader)",
            [
                {"id": 1, "stars": [5, 3], "reader": ["x", "y"]},
                {"id": 2, "stars": [4], "reader": ["x"]},
                {"id": 3, "stars": [], "reader": []},
            ],
        ),
        ("books?select=...tags(name,also:name)&id=eq.1", [{"name": ["red", "blue"], "also": ["red", "blue"]}]),
        ("books?select=...reviews(stars)&reviews.order=stars&id=eq.1", [{"stars": [3, 5]}]),
        (
            "books?select=id,...reviews(reader,...book_id(title))&id=eq.2",
            [{"id": 2, "reader": ["x"], "title": ['Second, "quoted"']}],
        ),
    ],
)
def test_spreads(client: Client, target: str, rows: list[Any]) -> None:
    assert client.rows(target) == rows


def test_arrays_and_objects_are_written_as_postgresql_writes_them(client: Client) -> None:
    assert client.get("books?select=reviews(stars)&id=eq.1").text == '[{"reviews":[{"stars":5}, \n {"stars":3}]}]'


def test_an_inner_embed_narrows_the_count_and_a_filter_alone_does_not(client: Client) -> None:
    assert client.get("books?select=id,tags!inner()&tags.name=eq.blue", Prefer="count=exact").range == "0-0/1"
    assert client.get("books?select=id,tags()&tags.name=eq.blue", Prefer="count=exact").range == "0-2/3"
    assert client.get("books?select=id,reviews()&reviews=is.null", Prefer="count=exact").range == "0-0/1"


def test_every_embedded_array_is_capped(serve: Any) -> None:
    capped = serve(bounds=Bounds(answer_rows=1))

    assert capped.rows("books?select=id,reviews(reader)") == [{"id": 1, "reviews": [{"reader": "x"}]}]
    assert capped.rows("books?select=id,reviews(reader)&reviews.limit=5") == [{"id": 1, "reviews": [{"reader": "x"}]}]


def test_no_relationship(client: Client) -> None:
    answer = client.get("books?select=id,reviws!hint(id)")

    assert answer.status == 400
    assert answer.json == {
        "code": "PGRST200",
        "details": "Searched for a foreign key relationship between 'books' and 'reviws' using the hint 'hint' in the schema"
        " 'public', but no matches were found.",
        "hint": "Perhaps you meant 'reviews' instead of 'reviws'.",
        "message": "Could not find a relationship between 'books' and 'reviws' in the schema cache",
    }


def test_several_relationships(client: Client) -> None:
    answer = client.get("books?select=id,authors(name)")

    assert answer.status == 300
    assert answer.json == {
        "code": "PGRST201",
        "details": [
            {
                "cardinality": "many-to-one",
                "embedding": "books with authors",
                "relationship": f"books_{key}_id_fkey using books({key}_id) and authors(id)",
            }
            for key in ("author", "editor")
        ],
        "hint": "Try changing 'authors' to one of the following: 'authors!books_author_id_fkey',"
        " 'authors!books_editor_id_fkey'. Find the desired relationship in the 'details' key.",
        "message": "Could not embed because more than one relationship was found for 'books' and 'authors'",
    }


def test_a_link_table_is_named_in_the_details(client: Client) -> None:
    relationships = client.engine.catalog.relationships_of("tags")

    assert [each.described()["relationship"] for each in relationships if each.link] == [
        "book_tags using book_tags_tag_id_fkey(tag_id) and book_tags_book_id_fkey(book_id)"
    ]


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("books?select=id&order=reviews(stars)", "PGRST108"),
        ("books?select=id&reviews.stars=eq.1", "PGRST108"),
        ("books?select=id,reviews(stars)&order=reviews(stars)", "PGRST118"),
        ("books?select=id,reviews()&reviews=eq.1", "PGRST120"),
        ("books?select=id,reviews()&or=(reviews.gt.1,id.eq.1)", "PGRST120"),
        ("nope?select=id,other(*)", "PGRST200"),
    ],
)
def test_refusals(client: Client, target: str, code: str) -> None:
    assert client.get(target).refusal == (400, code)
