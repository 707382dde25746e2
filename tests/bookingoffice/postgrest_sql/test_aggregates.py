"""Counting and summing, grouped by everything else that is selected."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Client


@pytest.mark.parametrize(
    ("target", "rows"),
    [
        ("books?select=count", [{"count": 3}]),
        ("books?select=count()", [{"count": 3}]),
        ("books?select=n:count()", [{"n": 3}]),
        ("books?select=mood,count()", [{"mood": "calm", "count": 1}, {"mood": "wild", "count": 2}]),
        (
            "books?select=hi:pages.max(),lo:pages.min(),pages.sum(),pages.avg()::int,pages.count()",
            [{"hi": 120, "lo": 80, "sum": 200, "avg": 100, "count": 2}],
        ),
        ("books?select=data->a::int.sum()", [{"sum": 1}]),
        (
            "books?select=id,reviews(count)",
            [
                {"id": 1, "reviews": [{"count": 2}]},
                {"id": 2, "reviews": [{"count": 1}]},
                {"id": 3, "reviews": [{"count": 0}]},
            ],
        ),
        (
            "books?select=id,reviews(reader,count())&id=eq.1",
            [{"id": 1, "reviews": [{"reader": "x", "count": 1}, {"reader": "y", "count": 1}]}],
        ),
        (
            "books?select=count(),...author_id(name)&order=author_id(name)",
            [{"count": 2, "name": "Ann"}, {"count": 1, "name": "Bob"}],
        ),
        (
            "books?select=author_id,...editor_id(born.max())&order=author_id",
            [{"author_id": 1, "max": "1980-05-05"}, {"author_id": 2, "max": None}],
        ),
        (
            "books?select=mood,n:data->a,count()&order=mood",
            [{"mood": "calm", "n": 1, "count": 1}, {"mood": "wild", "n": None, "count": 2}],
        ),
        ("books?select=day:made::date,count()", [{"day": "2027-01-01", "count": 3}]),
        ("books?select=mood,count()&pages=gt.100", [{"mood": "calm", "count": 1}]),
        ("books?select=author_id(name),count()&order=author_id(name)", None),
    ],
)
def test_aggregates(client: Client, target: str, rows: list[Any] | None) -> None:
    """The order of groups is the request's to say."""
    answer = client.get(target)

    if rows is None:
        assert answer.refusal == (400, "42803")
    else:
        key = str if "order=" not in target else lambda row: 0
        assert sorted(answer.json, key=key) == sorted(rows, key=key)


def test_an_embed_is_part_of_the_group(client: Client) -> None:
    assert sorted(client.rows("books?select=author_id(name),count()"), key=lambda row: -row["count"]) == [
        {"author_id": {"name": "Ann"}, "count": 2},
        {"author_id": {"name": "Bob"}, "count": 1},
    ]


def test_an_unknown_function_is_no_select(client: Client) -> None:
    assert client.get("books?select=pages.median()").refusal == (400, "PGRST100")
