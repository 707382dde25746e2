"""PATCH and DELETE, with limits too."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Client
from .facts import NOTHING, Fact, refused, rows, told, write

NEW = {"name": "new"}
OLD = [{"id": number, "name": f"lot-{number}"} for number in (1, 2, 3)]
ORDER_HINT = "Apply an 'order' using unique column(s)"
FILTER_HINT = "Add a filter, for example ?id=eq.<id>; ?id=not.is.null names every row"
EMPTY_BODIES: list[Any] = [{}, [], [{}]]
UNTOUCHED = [
    write("PATCH", target, payload, 204, NOTHING, Content_Type=None, Content_Range="*/*")
    for target in ("marks", "marks?select=id")
    for payload in EMPTY_BODIES
]


def renamed(*numbers: int) -> list[dict[str, Any]]:
    return [lot | NEW if lot["id"] in numbers else lot for lot in OLD]


UPDATES = [
    write("PATCH", "fake", {"real": False}, 404, {}),
    write("PATCH", "voids?id=gt.0", {"extra": 20}, 204, NOTHING, Content_Type=None, Content_Range="*/*"),
    refused("tags?k=eq.x", 400, "PGRST102", "Empty or invalid json", method="PATCH", payload="}{ x = 2"),
    refused("tags?k=eq.x", 400, "PGRST102", "Empty or invalid json", method="PATCH", payload=""),
    write("PATCH", "marks?id=eq.2", {"id": 42}, 204, NOTHING, Content_Type=None, Content_Range="0-0/*"),
    write("PATCH", "loose?b=eq.0", {"b": "1"}, 204, NOTHING, Content_Range="0-1/*"),
    write("PATCH", "loose?b=eq.0", {"b": "1"}, 204, NOTHING, "count=exact", Content_Range="0-1/2"),
    write("PATCH", "marks?id=eq.999", {"id": 1}, 204, NOTHING, "count=exact", Content_Range="*/0"),
    told("PATCH", "marks?id=eq.999", {"id": 999}, 200, [], Content_Range="*/*"),
    told("PATCH", "marks?id=eq.2", {"id": 2}, 200, [{"id": 2}], Content_Range="0-0/*"),
    told("PATCH", "marks?id=eq.1", {"id": 99}, 200, [{"id": 99}]),
    told("PATCH", "loose?a=eq.1", {"b": None}, 200, [{"a": "1", "b": None}]),
    told("PATCH", "loose?a=eq.1", {"a": "圍棋", "b": "￥"}, 200, [{"a": "圍棋", "b": "￥"}]),
    write("PATCH", "marks?id=eq.1&select=id", {"id": 1}, 204, NOTHING, "return=minimal", Content_Range="0-0/*"),
    *UNTOUCHED,
    told("PATCH", "marks", {}, 200, [], Content_Range="*/*"),
    told("PATCH", "marks?select=id", {}, 200, [], Content_Range="*/*"),
    told(
        "PATCH",
        "articles?id=eq.1&columns=body",
        {"body": "Real", "smth": "here", "fake_id": 13},
        200,
        [{"id": 1, "body": "Real", "owner": "diogo"}],
    ),
    refused(
        "articles?id=eq.1&columns=helicopter",
        400,
        "PGRST204",
        "Column 'helicopter' of relation 'articles' does not exist",
        method="PATCH",
        payload={"body": "yyy"},
    ),
    write("PATCH", "garlic?columns=helicopter", {"body": "x"}, 404, {}),
    told(
        "PATCH",
        "webs?id=eq.0&select=id,name,webs(name,webs(name)),above:parent_id(name)",
        {"name": "patched"},
        200,
        [
            {
                "id": 0,
                "name": "patched",
                "webs": [
                    {"name": "fezz", "webs": [{"name": "wut"}]},
                    {"name": "foo", "webs": []},
                    {"name": "bar", "webs": []},
                ],
                "above": {"name": "wat"},
            }
        ],
    ),
    told(
        "PATCH",
        "workers?id=eq.3&select=name,repairs(name,boat:boats(name))",
        {"name": "Kev"},
        200,
        [
            {
                "name": "Kev",
                "repairs": [
                    {"name": "Plan gull", "boat": {"name": "Gull"}},
                    {"name": "Plan ibis", "boat": {"name": "Ibis"}},
                ],
            }
        ],
    ),
    told(
        "PATCH",
        "countries?id=eq.1&select=name,capitals(name)",
        {"name": "A"},
        200,
        [{"name": "A", "capitals": {"name": "Aton"}}],
    ),
    refused(
        "marks",
        400,
        "21000",
        "UPDATE requires a filter",
        None,
        FILTER_HINT,
        method="PATCH",
        payload={"id": 1},
        sent={"Authorization": "Bearer ours"},
    ),
]
DELETIONS = [
    write("DELETE", "marks?id=eq.1", None, 204, NOTHING, Content_Type=None, Content_Range="*/*"),
    told("DELETE", "marks?id=eq.2", None, 200, [{"id": 2}], "count=exact", Content_Range="*/1"),
    told("DELETE", "marks?id=eq.2", None, 200, [{"id": 2}], Content_Range="*/*"),
    write("DELETE", "marks?id=eq.3&select=id", None, 204, NOTHING, "return=minimal"),
    write("DELETE", "marks?id=eq.999", None, 204, NOTHING, "count=exact", Content_Range="*/0"),
    told("DELETE", "crates?id=eq.2&select=id,name", None, 200, [{"id": 2, "name": "Two"}]),
    told("DELETE", "crates?id=eq.3&select=cId:id::text,cName:name", None, 200, [{"cId": "3", "cName": "Three"}]),
    told(
        "DELETE",
        "repairs?id=eq.8&select=id,name,boat:boats(id)",
        None,
        200,
        [{"id": 8, "name": "Weld osprey", "boat": {"id": 4}}],
    ),
    told("DELETE", "strings", None, 200, [{"id": 1, "string": ""}, {"id": 2, "string": "full"}]),
    refused("foozle?id=eq.101", 404, "42P01", 'relation "public.foozle" does not exist', method="DELETE"),
    refused(
        "marks",
        400,
        "21000",
        "DELETE requires a filter",
        None,
        FILTER_HINT,
        method="DELETE",
        sent={"Authorization": "Bearer ours"},
    ),
    refused(
        "owners?id=eq.1",
        409,
        "23503",
        'update or delete on table "owners" violates foreign key constraint "boats_owner_id_fkey" on table "boats"',
        'Key (id)=(1) is still referenced from table "boats".',
        method="DELETE",
    ),
]
LIMITED = [
    ("PATCH", "lots?order=id&limit=2", renamed(1, 2)),
    ("PATCH", "lots?order=id&limit=1&id=gt.2", renamed(3)),
    ("PATCH", "lots?order=id&limit=1&offset=1", renamed(2)),
    ("PATCH", "lots?order=id.desc&limit=1", renamed(3)),
    ("DELETE", "lots?order=id&limit=1&offset=1", [OLD[0], OLD[2]]),
    ("DELETE", "lots?order=id&limit=1&id=gt.1", [OLD[0], OLD[2]]),
    ("DELETE", "lots?order=id.desc&limit=2", [OLD[0]]),
]
REFUSED_LIMITS = [
    refused(
        f"lots?{page}",
        400,
        "PGRST109",
        "A 'limit' was applied without an explicit 'order'",
        None,
        ORDER_HINT,
        method=method,
        payload=NEW,
    )
    for method, page in (("PATCH", "limit=1&offset=1"), ("PATCH", "limit=1"), ("DELETE", "limit=1"))
] + [
    refused(
        "loose_lots?order=fixed&limit=1",
        400,
        "PGRST110",
        "The maximum number of rows allowed to change was surpassed",
        "Results contain 3 rows changed but the maximum number allowed is 1",
        method=method,
        payload=NEW,
    )
    for method in ("PATCH", "DELETE")
]


@pytest.mark.parametrize("fact", [*UPDATES, *DELETIONS, *REFUSED_LIMITS], ids=str)
def test_change(client: Client, fact: Fact) -> None:
    fact.check(client)


@pytest.mark.parametrize(("method", "target", "after"), LIMITED)
def test_a_limit_bounds_the_rows_that_change(client: Client, method: str, target: str, after: Any) -> None:
    write(method, target, NEW, 204, NOTHING).check(client)
    rows("lots?order=id", after).check(client)


def test_a_table_without_a_key_is_limited_by_the_place_of_its_rows(client: Client) -> None:
    write("PATCH", "loose_lots?order=ctid&limit=1", NEW, 204, NOTHING).check(client)
    rows("loose_lots?select=id,name&order=id", renamed(1)).check(client)
    told("DELETE", "loose_lots?order=ctid&limit=1&select=id", None, 200, [{"id": 2}]).check(client)
