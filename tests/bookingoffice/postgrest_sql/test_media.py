"""The forms of a body."""

from __future__ import annotations

import pytest

from .conftest import Client

OBJECT = "application/vnd.pgrst.object+json"


@pytest.mark.parametrize(
    ("target", "accept", "content_type", "body"),
    [
        ("books?select=id&id=eq.1", "*/*", "application/json; charset=utf-8", '[{"id":1}]'),
        ("books?select=id&id=eq.9", "application/json", "application/json; charset=utf-8", "[]"),
        ("books?select=id&id=eq.1", OBJECT, f"{OBJECT}; charset=utf-8", '{"id":1}'),
        (
            "books?select=id,pages,data&id=gt.1",
            "application/vnd.pgrst.array+json;nulls=stripped",
            "application/vnd.pgrst.array+json;nulls=stripped; charset=utf-8",
            '[{"id":2,"pages":80,"data":[1,{"k":"v"}]},{"id":3}]',
        ),
        (
            "books?select=id,pages&id=eq.3",
            f"{OBJECT};nulls=stripped",
            f"{OBJECT};nulls=stripped; charset=utf-8",
            '{"id":3}',
        ),
        (
            "books?select=id,t:title,data,available",
            "text/csv",
            "text/csv; charset=utf-8",
            'id,t,data,available\n1,"First book","{""a"": 1, ""b"": {""c"": ""x""}}",t\n'
            '2,"Second, ""quoted""","[1, {""k"": ""v""}]",f\n3,Third,,',
        ),
        ("books?id=eq.9", "text/csv", "text/csv; charset=utf-8", "\n"),
        ("books?select=title&id=in.(1,3)", "text/plain", "text/plain; charset=utf-8", "First bookThird"),
        ("books?select=title&id=eq.3", "application/octet-stream", "application/octet-stream", "Third"),
        ("books?select=x:title&id=eq.3", "text/xml", "text/xml; charset=utf-8", "Third"),
    ],
)
def test_forms(client: Client, target: str, accept: str, content_type: str, body: str) -> None:
    answer = client.get(target, Accept=accept)

    assert (answer.status, answer.text) == (200, body)
    assert answer.headers["Content-Type"] == content_type


@pytest.mark.parametrize(
    "target",
    [
        "books?select=id,title",
        "books",
        "books?select=reviews(stars)",
        "books?select=count()",
        "books?select=data->>a",
        "books?select=x:data->0",
    ],
)
def test_a_raw_form_is_made_of_one_column(client: Client, target: str) -> None:
    answer = client.get(target, Accept="text/plain")

    assert answer.refusal == (406, "PGRST113")
    assert answer.json["message"] == "text/plain requested but more than one column was selected"


@pytest.mark.parametrize(("target", "rows"), [("books", 3), ("books?id=eq.9", 0)])
def test_one_row_was_asked_for(client: Client, target: str, rows: int) -> None:
    answer = client.get(target, Accept=OBJECT)

    assert answer.status == 406
    assert answer.headers["Content-Type"] == f"{OBJECT}; charset=utf-8"
    assert answer.json == {
        "code": "PGRST116",
        "details": f"Results contain {rows} rows, application/vnd.pgrst.object+json requires 1 row",
        "hint": None,
        "message": "JSON object requested, multiple (or no) rows returned",
    }


def test_an_unknown_form(client: Client) -> None:
    assert client.get("books", Accept="text/html").refusal == (415, "PGRST107")


def test_timestamps_in_the_zone_asked_for(client: Client) -> None:
    answer = client.get("books?select=made&id=eq.1", Prefer="timezone=America/New_York")

    assert answer.text == '[{"made":"2026-12-31T19:00:00-05:00"}]'
    assert answer.headers["Preference-Applied"] == "timezone=America/New_York"
    assert client.get("books?select=made&id=eq.1").text == '[{"made":"2027-01-01T00:00:00+00:00"}]'
