"""Status, Content-Range and counts of lists."""

from __future__ import annotations

from typing import Any

import pytest

from bookingoffice.postgrest.bounds import Bounds

from .conftest import Client


@pytest.mark.parametrize(
    ("query", "count", "status", "content_range"),
    [
        ("", None, 200, "0-2/*"),
        ("&limit=0", None, 200, "*/*"),
        ("&offset=7", None, 200, "*/*"),
        ("", "exact", 200, "0-2/3"),
        ("&limit=2", "exact", 206, "0-1/3"),
        ("&offset=1", "exact", 206, "1-2/3"),
        ("&offset=3", "exact", 206, "*/3"),
        ("&limit=0", "exact", 206, "*/3"),
        ("&id=eq.9", "exact", 200, "*/0"),
        ("", "estimated", 200, "0-2/3"),
        ("&limit=1", "estimated", 206, "0-0/3"),
        ("", "sometimes", 200, "0-2/*"),
    ],
)
def test_ranges(client: Client, query: str, count: str | None, status: int, content_range: str) -> None:
    answer = client.get(f"books?select=id{query}", **({"Prefer": f"count={count}"} if count else {}))

    assert (answer.status, answer.range) == (status, content_range)


def test_past_the_counted_end(client: Client) -> None:
    answer = client.get("books?offset=4", Prefer="count=exact")

    assert (answer.status, answer.range) == (416, "*/3")
    assert answer.json["details"] == "An offset of 4 was requested, but there are only 3 rows."
    assert answer.headers["Content-Location"] == "/books?offset=4"


@pytest.mark.parametrize("target", ["books?limit=-1", "books?select=reviews(*)&reviews.limit=-1"])
def test_a_negative_limit(client: Client, target: str) -> None:
    answer = client.get(target)

    assert answer.refusal == (416, "PGRST103")
    assert answer.range is None


def test_range_counts_on_get_alone(client: Client) -> None:
    assert client.get("books?select=id", Range="1-1").json == [{"id": 2}]
    assert client.get("books?select=id&limit=2", Range="1-5").json == [{"id": 2}]
    assert client("HEAD", "books?select=id", Range="1-1").range == "0-2/*"
    assert client("PATCH", "books?id=gt.0", {"pages": 1}, Range="0-0").range == "0-2/*"


def test_the_planner_is_asked_for_its_estimate(client: Client) -> None:
    answer = client.get("books?select=id&id=eq.1", Prefer="count=planned")

    assert answer.range is not None
    assert answer.range.startswith("0-0/")
    assert answer.range.removeprefix("0-0/").isdigit()


def test_an_estimate_is_exact_up_to_the_cap_and_at_least_one_more_beyond(serve: Any) -> None:
    exact, beyond = serve(bounds=Bounds(answer_rows=3)), serve(bounds=Bounds(answer_rows=2))

    assert exact.get("books?select=id", Prefer="count=estimated").range == "0-2/3"
    total = beyond.get("books?select=id", Prefer="count=estimated").range.removeprefix("0-1/")
    assert int(total) >= 3


def test_the_cap_is_silent_and_binds_no_write(serve: Any) -> None:
    capped = serve(bounds=Bounds(answer_rows=2))

    answer = capped.get("books?select=id&limit=50")
    assert (answer.status, answer.range, len(answer.json)) == (200, "0-1/*", 2)
    changed = capped("PATCH", "books?id=gt.0&order=id&limit=3&select=id", {"pages": 1}, Prefer="return=representation")
    assert [row["id"] for row in changed.json] == [1, 2, 3]
