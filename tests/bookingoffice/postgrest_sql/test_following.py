"""A list is walked by its links, in either direction and over ties, and meets every row once."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bookingoffice.postgrest.views.parting import part

from .conftest import Client


def walked(client: Client, target: str) -> list[Any]:
    rows, turns = [], 0
    while target:
        answer = client.get(target)
        assert answer.status == 200, answer.text
        rows += answer.json
        link = re.fullmatch(r'</([^>]*)>; rel="next"', answer.headers.get("Link", ""))
        target = link[1] if link else ""
        turns += 1
        assert turns < 50
    return rows


@pytest.mark.parametrize("size", [1, 2, 3, 100])
@pytest.mark.parametrize(
    "query",
    [
        "select=*",
        "select=id,title&order=title.desc",
        "order=title",
        "select=id,title&order=title.asc,id.desc",
        "order=id.desc",
        "id=gt.1",
    ],
)
def test_the_links_lead_through_every_row_once(client: Client, query: str, size: int) -> None:
    whole = client.rows(f"books?{query}")

    assert walked(client, f"books?{query}&limit={size}") == whole


def test_a_link_keeps_the_query_and_replaces_the_place(client: Client) -> None:
    first = client.get("books?select=id,title&order=title.desc&limit=1&offset=1").headers["Link"]
    second = client.get(first[2:].partition(">")[0]).headers["Link"]

    for link in (first, second):
        assert link.startswith("</books?select=id,title&order=title.desc&limit=1&title=lte.")
        assert link.count("or=(") == 1
        assert "offset" not in link


@pytest.mark.parametrize(
    "target",
    [
        "books?select=title&limit=1",
        "books?select=id::text&limit=1",
        "books?select=id:title&limit=1",
        "books?select=count()&limit=1",
        "books?limit=0",
        "books?limit=100",
        "books?order=pages&limit=1",
    ],
)
def test_where_there_is_no_link(client: Client, target: str) -> None:
    assert "Link" not in client.get(target).headers


def test_every_place_of_a_list_is_one_shape() -> None:
    places = [
        f"limit=1&title=lte.{word}&or=(title.lt.%22{word}%22,and(title.eq.%22{word}%22,id.lt.%22{number}%22))".encode()
        for word, number in (("a", 1), ("b%20c", 2), ("%C3%A9", 3))
    ]

    assert len({part(place).shape for place in places}) == 1
    assert part(places[1]).values == ("b c", "b c", "b c", "2")
