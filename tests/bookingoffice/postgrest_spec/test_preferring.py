"""The preferences of PostgREST 12: handling, time zones, the most rows a write may touch."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Client
from .facts import NOTHING, Fact, refused

STRICT = "Invalid preferences given with handling=strict"
WEST = "timezone=America/Los_Angeles"
TIMES = [{"t": "2023-10-18T05:37:59.611-07:00"}, {"t": "2023-10-18T07:37:59-07:00"}]
UTC = [{"t": "2023-10-18T12:37:59.611+00:00"}, {"t": "2023-10-18T14:37:59+00:00"}]


def strictly(prefer: str, unknown: str, **more: Any) -> Fact:
    details = f"Invalid preferences: {unknown}"
    return refused(more.pop("target", "marks"), 400, "PGRST122", STRICT, details, sent={"Prefer": prefer}, **more)


def too_many(method: str, target: str, most: int, number: int, payload: Any = None) -> Fact:
    message = "Query result exceeds max-affected preference constraint"
    sent = {"Prefer": f"handling=strict, max-affected={most}"}
    details = f"The query affects {number} rows"
    return refused(target, 400, "PGRST124", message, details, method=method, payload=payload, sent=sent)


def preferred(
    method: str, target: str, prefer: str, status: int, body: Any, applied: str | None, payload: Any = None
) -> Fact:
    return Fact(method, target, body, status, payload, {"Prefer": prefer}, {"Preference-Applied": applied})


FACTS = [
    strictly("handling=strict, anything", "anything"),
    strictly("handling=strict, something, else", "something, else"),
    strictly("return=representation, handling=strict, anything", "anything", method="POST", payload={}),
    strictly("handling=strict, timezone=Invalid/Zone", "timezone=Invalid/Zone", target="moments"),
    preferred("GET", "marks?id=eq.1", "handling=lenient, anything", 200, [{"id": 1}], "handling=lenient"),
    preferred("GET", "marks?id=eq.1", "anything", 200, [{"id": 1}], None),
    preferred("GET", "moments", f"handling=strict, {WEST}", 200, TIMES, f"handling=strict, {WEST}"),
    preferred("GET", "moments", WEST, 200, TIMES, WEST),
    preferred("GET", "moments", "timezone=Invalid/Zone", 200, UTC, None),
    preferred("GET", "moments", "handling=lenient, timezone=Invalid/Zone", 200, UTC, "handling=lenient"),
    too_many("DELETE", "marks?id=lt.15", 10, 14),
    preferred(
        "DELETE", "marks?id=lt.10", "handling=strict, max-affected=10", 204, NOTHING, "handling=strict, max-affected=10"
    ),
    too_many("PATCH", "tongues?name=eq.Java", 0, 1, {"rank": 19}),
    preferred("DELETE", "marks?id=lt.15", "handling=lenient, max-affected=10", 204, NOTHING, "handling=lenient"),
    preferred("DELETE", "marks?id=lt.15", "max-affected=10", 204, NOTHING, None),
    preferred(
        "PATCH",
        "tongues?name=eq.Java",
        "handling=lenient, max-affected=0",
        204,
        NOTHING,
        "handling=lenient",
        {"rank": 19},
    ),
]


@pytest.mark.parametrize("fact", FACTS, ids=str)
def test_preference(client: Client, fact: Fact) -> None:
    fact.check(client)
