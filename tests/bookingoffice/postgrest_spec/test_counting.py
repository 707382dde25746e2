"""Order, pages and counts."""

from __future__ import annotations

import pytest

from .conftest import Client
from .facts import NOTHING, Fact, counted, ids, refused, rows, unparsable
from .test_filtering import NO_ONE, ONE, TWO

UNSATISFIABLE = "Requested range not satisfiable"
NEGATIVE = "Limit should be greater than or equal to zero."
REVERSED = "The lower boundary must be lower than or equal to the upper boundary in the Range header."
COUNT = {"Prefer": "count=exact"}


def numbers(first: int, last: int) -> list[dict[str, int]]:
    return [{"id": number} for number in range(first, last + 1)]


def ranged(target: str, span: str, content_range: str, status: int = 200, **sent: str) -> Fact:
    return Fact("GET", target, None, status, sent={"Range": span, **sent}, headers={"Content-Range": content_range})


def beyond(target: str, offset: int, total: int, **sent: str) -> Fact:
    details = f"An offset of {offset} was requested, but there are only {total} rows."
    body = {"code": "PGRST103", "details": details, "hint": None, "message": UNSATISFIABLE}
    return Fact("GET", target, body, 416, sent={**COUNT, **sent}, headers={"Content-Range": f"*/{total}"})


def unsatisfiable(target: str, details: str, **sent: str) -> Fact:
    return refused(target, 416, "PGRST103", UNSATISFIABLE, details, sent=sent)


ORDERS = [
    ids("marks?id=lte.2&order=id.asc", 1, 2),
    ids("marks?id=lte.2&order=id.desc", 2, 1),
    ids("marks?id=lte.2&order=id", 1, 2),
    rows("loose?order=a.nullsfirst", [NO_ONE, ONE, TWO]),
    rows("loose?order=a.asc.nullslast", [ONE, TWO, NO_ONE]),
    rows("loose?order=a.desc.nullsfirst", [NO_ONE, TWO, ONE]),
    rows("loose?order=a.desc.nullslast", [TWO, ONE, NO_ONE]),
    ids("boats?select=id&order=owner_id.desc.nullslast,id.desc", 4, 3, 2, 1, 5),
    rows(
        "boats?id=eq.1&select=id,repairs(name)&repairs.order=name.desc",
        [{"id": 1, "repairs": [{"name": "Weld gull"}, {"name": "Plan gull"}]}],
    ),
    rows(
        "boats?id=eq.1&select=id,todo:repairs(id)&repairs.order=name.desc",
        [{"id": 1, "todo": [{"id": 2}, {"id": 1}]}],
    ),
    rows(
        "boats?id=eq.1&select=repairs(id,workers(id))&repairs.order=name.desc&repairs.workers.order=name.desc",
        [{"repairs": [{"id": 2, "workers": [{"id": 1}]}, {"id": 1, "workers": [{"id": 3}, {"id": 1}]}]}],
    ),
    rows("boats?id=eq.1&select=id,owners(id)&owners.order=name.asc", [{"id": 1, "owners": {"id": 1}}]),
    unparsable(
        "marks?order=id.asc.nullslasttt",
        "order (id.asc.nullslasttt)",
        17,
        "unexpected 't' expecting \",\" or end of input",
    ),
]
LIMITS = [
    rows("marks?order=id", numbers(1, 15), Content_Range="0-14/*"),
    rows("marks?order=id.asc&limit=3", numbers(1, 3), Content_Range="0-2/*"),
    rows("marks?order=id.asc&limit=3&offset=2", numbers(3, 5), Content_Range="2-4/*"),
    Fact("HEAD", "marks?order=id.asc&limit=3&offset=2", NOTHING, headers={"Content-Range": "2-4/*"}),
    rows("marks?offset=0&order=id", numbers(1, 15), Content_Range="0-14/*"),
    rows("marks?offset=-4&order=id", numbers(1, 15), Content_Range="0-14/*"),
    rows("marks?offset=-4&limit=6&order=id", numbers(1, 2), Content_Range="0-1/*"),
    rows("marks?offset=-4&limit=4&order=id", [], Content_Range="*/*"),
    rows("marks?limit=0", [], Content_Range="*/*"),
    rows("marks?offset=100", [], Content_Range="*/*"),
    rows("marks?limit=x&offset=y&id=lt.3", numbers(1, 2), Content_Range="0-1/*"),
    unsatisfiable("marks?limit=-1", NEGATIVE),
    rows(
        "owners?select=id,boats(id,repairs(id))&limit=1&boats.limit=2&boats.repairs.limit=1",
        [{"id": 1, "boats": [{"id": 1, "repairs": [{"id": 1}]}, {"id": 2, "repairs": [{"id": 3}]}]}],
        Content_Range="0-0/*",
    ),
    rows(
        "repairs?select=id,boat:boats(id)&id=gt.6&boat.offset=1",
        [{"id": 7, "boat": None}, {"id": 8, "boat": None}],
    ),
    rows("voids", [], Content_Range="*/*"),
    Fact("GET", "marks?id=eq.1", numbers(1, 1), sent={"Prefer": "count=none"}, headers={"Content-Range": "0-0/*"}),
]
RANGES = [
    ranged("marks", "0-1", "0-1/*"),
    ranged("marks", "0-", "0-14/*"),
    ranged("marks", "0-0", "0-0/*"),
    ranged("marks", "10-100", "10-14/*"),
    ranged("marks?order=id.asc&limit=3", "0-1", "0-1/*"),
    ranged("marks", "0-1", "0-1/15", 206, **COUNT),
    ranged("marks", "items=0-1", "0-14/*"),
    ranged("voids", "0-1", "*/*"),
    ranged("marks?id=lt.3", "0-1", "0-1/2", **COUNT),
    unsatisfiable("voids", REVERSED, Range="1-0"),
    Fact("HEAD", "marks", NOTHING, sent={"Range": "0-1"}, headers={"Content-Range": "0-14/*"}),
    beyond("voids", 1, 0, Range="1-2"),
    beyond("marks", 100, 15, Range="100-199"),
]
COUNTS = [
    counted("marks", "0-14/15"),
    counted("marks?limit=3", "0-2/15", 206),
    counted("marks?offset=15", "*/15", 206),
    counted("marks?limit=0", "*/15", 206),
    counted("voids", "*/0"),
    counted("marks", "0-14/15", count="planned"),
    counted("marks?limit=2&offset=3", "3-4/15", 206, count="planned"),
    counted("branches?select=*,plants(*)", "0-5/6", count="planned"),
    counted("marks", "0-14/15", count="estimated"),
    counted("marks?id=lt.3", "0-1/2", count="estimated"),
    beyond("voids?offset=1", 1, 0),
    beyond("marks?offset=100", 100, 15),
    Fact("HEAD", "marks?offset=16", NOTHING, 416, sent=COUNT, headers={"Content-Range": "*/15"}),
]


@pytest.mark.parametrize("fact", [*ORDERS, *LIMITS, *RANGES, *COUNTS], ids=str)
def test_page(client: Client, fact: Fact) -> None:
    fact.check(client)
