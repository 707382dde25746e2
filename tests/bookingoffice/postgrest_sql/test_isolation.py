"""No byte of another organization, whatever is asked; and no fault of ours, whatever is sent."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conftest import Client

TARGETS = [
    "books",
    "books?id=eq.9",
    "books?title=like.Alien*",
    "books?or=(id.gt.0,organization_id.not.is.null)",
    "books?select=*,author_id(*),editor_id(*),tags(*),reviews(*),covers(*)",
    "books?select=title,...author_id(name),...tags(tag:name),...reviews(reader)",
    "authors?select=*,authors(*),mentor_id(*),b:books!books_author_id_fkey(*,tags(*,books(*)))",
    "tags?select=*,books(*,reviews(*))",
    "book_tags?select=*,books(*),tags(*)",
    "books?select=count(),...author_id(name)",
    "books?select=json_agg",
    "notes",
    "authors?select=*,books!books_author_id_fkey!inner(*)&order=name",
    "covers?select=*,books(title)&order=books(title)",
]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("accept", ["application/json", "text/csv"])
def test_reads(client: Client, target: str, accept: str) -> None:
    answer = client.get(target, Prefer="count=exact", Accept=accept)

    assert "lien" not in answer.text
    assert "00000000b" not in answer.text


@pytest.mark.parametrize("target", TARGETS)
def test_a_list_is_at_most_two_statements_and_names_the_organization_for_every_table(
    client: Client, target: str
) -> None:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        client.get(target, Prefer="count=exact")

    statements = [query["sql"] for query in captured if '"library"' in query["sql"]]
    assert len(statements) == 1
    assert statements[0].count('FROM "library".') == statements[0].count('"organization_id" = $1')


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("PATCH", "authors?id=gt.0", {"name": "Taken"}),
        ("PATCH", "books?author_id=eq.9", {"title": "Taken"}),
        ("DELETE", "reviews?reader=neq.x", None),
        ("DELETE", "notes?line=eq.1", None),
        ("PUT", "tags?id=eq.1", {"id": 1, "name": "Taken"}),
        ("POST", "reviews", {"book_id": 9, "reader": "Taken", "stars": 1}),
        ("POST", "covers", {"book_id": 1, "colour": "Taken"}),
    ],
)
def test_writes(client: Client, method: str, target: str, body: Any) -> None:
    tables = ("authors", "books", "reviews", "notes", "tags", "covers")
    before = [client.get(table, Authorization="Bearer theirs").text for table in tables]

    answer = client(method, target, body, Prefer="return=representation, resolution=merge-duplicates")

    assert "lien" not in answer.text
    assert [client.get(table, Authorization="Bearer theirs").text for table in tables] == before


NAMES = "id title data langs span made count author_id reviews tags covers nope * -> ->> ( ) , . : :: ... !inner !"
OTHERS = "int text count() max() eq in is not null { } like fts cs or and any 1 -1 x $$ ' ; -- % & = é asc desc"
WORDS = st.sampled_from([*NAMES.split(), *OTHERS.split(), " ", '"', "\\"])
PIECES = st.lists(WORDS, max_size=8).map("".join)
KEYS = st.sampled_from(
    [
        "select",
        "id",
        "title",
        "data->a",
        "order",
        "limit",
        "offset",
        "or",
        "not.and",
        "reviews.order",
        "reviews.stars",
        "columns",
    ]
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.lists(st.tuples(KEYS, PIECES), min_size=1, max_size=4), accept=st.sampled_from(["*/*", "text/csv"]))
def test_no_query_is_a_fault_of_ours(client: Client, query: list[tuple[str, str]], accept: str) -> None:
    encoded = "&".join(f"{key}={value}" for key, value in query)

    answer = client.get(f"books?{encoded}", Accept=accept, Prefer="count=exact")

    assert answer.status != 500, (encoded, answer.text)
    assert "lien" not in answer.text


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda children: st.lists(children, max_size=2) | st.dictionaries(st.text(max_size=3), children, max_size=2),
    max_leaves=4,
)
ROWS = st.dictionaries(
    st.sampled_from(["id", "title", "pages", "data", "langs", "span", "mood", "made", "organization_id"]), VALUES
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=ROWS | st.lists(ROWS, max_size=2) | VALUES, method=st.sampled_from(["POST", "PATCH", "PUT"]))
def test_no_body_is_a_fault_of_ours(client: Client, body: Any, method: str) -> None:
    answer = client(method, "books?id=eq.1", body, Prefer="return=representation")

    assert answer.status != 500, (body, answer.text)
