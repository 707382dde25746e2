"""POST over rows that are there, and PUT."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Client
from .facts import NOTHING, SINGULAR, Fact, refused, told, write

MERGE, IGNORE = "resolution=merge-duplicates", "resolution=ignore-duplicates"
NOT_BY_KEY = "Filters must include all and only primary key columns with 'eq' operators"
NOT_THE_KEY = "Payload values do not match URL in primary key column(s)"
NO_LIMITS = "limit/offset querystring parameters are not allowed for PUT"
GO, JAVA = {"name": "Go", "rank": 19}, {"name": "Java", "rank": 13}
SUSAN = {"first_name": "Susan", "last_name": "Heidt", "salary": 48000, "job": "Railroad engineer"}


def merged(target: str, payload: Any, body: Any, prefer: str = MERGE) -> Fact:
    return told("POST", target, payload, 201, body, prefer, Preference_Applied=prefer)


def ignored(target: str, payload: Any, body: Any) -> Fact:
    return merged(target, payload, body, IGNORE)


def put(target: str, payload: Any, status: int, body: Any = None, prefer: str | None = None) -> Fact:
    return write("PUT", target, payload, status, body, prefer, Content_Range=None)


def no_put(target: str, payload: Any, status: int, code: str, message: str) -> Fact:
    return refused(target, status, code, message, method="PUT", payload=payload)


TONGUES = [{"name": "Javascript", "rank": 6}, {"name": "Java", "rank": 2}, {"name": "C", "rank": 1}]
UPSERTS = [
    merged("tongues", TONGUES, TONGUES),
    merged("tongues", TONGUES[1:], TONGUES[1:]),
    merged(
        "crew",
        [
            {"first_name": "Frances M.", "last_name": "Roe", "salary": "30000"},
            {"first_name": "Peter S.", "last_name": "Yang", "salary": 42000},
        ],
        [
            {"first_name": "Frances M.", "last_name": "Roe", "salary": 30000, "job": "Author"},
            {"first_name": "Peter S.", "last_name": "Yang", "salary": 42000, "job": None},
        ],
    ),
    merged("articles", [], []),
    merged(
        "single_unique?on_conflict=unique_key",
        [{"unique_key": 1, "value": "B"}, {"unique_key": 2, "value": "C"}],
        [{"unique_key": 1, "value": "B"}, {"unique_key": 2, "value": "C"}],
    ),
    merged(
        "compound_unique?on_conflict=key1,key2",
        [{"key1": 1, "key2": 1, "value": "B"}, {"key1": 1, "key2": 2, "value": "C"}],
        [{"key1": 1, "key2": 1, "value": "B"}, {"key1": 1, "key2": 2, "value": "C"}],
    ),
    ignored("only_key", [{"id": 1}, {"id": 2}, {"id": 3}], [{"id": 3}]),
    told(
        "POST",
        "loose",
        [{"a": "1", "b": "0"}],
        201,
        [{"a": "1", "b": "0"}],
        MERGE,
        Preference_Applied=None,
    ),
    told("POST", "loose", {"a": "1"}, 201, None, f"{MERGE}, missing=default", Preference_Applied="missing=default"),
    ignored("tongues", [{"name": "PHP", "rank": 9}, {"name": "Python", "rank": 10}], [{"name": "PHP", "rank": 9}]),
    ignored(
        "crew?select=first_name",
        [
            {"first_name": "Daniel B.", "last_name": "Lyon", "salary": "72000"},
            {"first_name": "Sara M.", "last_name": "Torpey", "salary": 60000},
        ],
        [{"first_name": "Sara M."}],
    ),
    ignored(
        "single_unique?on_conflict=unique_key",
        [{"unique_key": n, "value": "B"} for n in (1, 2, 3)],
        [{"unique_key": n, "value": "B"} for n in (2, 3)],
    ),
    ignored("tongues", [{"name": "Java", "rank": 1}], []),
    ignored("tongues", [{"name": "Java", "rank": 1}, {"name": "C", "rank": 2}], []),
    told(
        "POST",
        "surrogates?columns=id,name&select=name,extra",
        [{"id": 1, "name": "updated"}, {"name": "new"}],
        201,
        [{"name": "updated", "extra": "kept"}, {"name": "new", "extra": None}],
        f"{MERGE}, missing=default",
        Preference_Applied=f"{MERGE}, missing=default",
    ),
    told(
        "POST",
        "surrogates?columns=id,name&select=name,extra",
        [{"id": 1, "name": "updated"}, {"name": "new"}],
        201,
        [{"name": "new", "extra": None}],
        f"{IGNORE}, missing=default",
    ),
    refused(
        "tongues?on_conflict=rank",
        400,
        "42P10",
        "there is no unique or exclusion constraint matching the ON CONFLICT specification",
        method="POST",
        payload=GO,
        sent={"Prefer": MERGE},
    ),
    refused(
        "tongues",
        400,
        "21000",
        "ON CONFLICT DO UPDATE command cannot affect row a second time",
        None,
        "Ensure that no rows proposed for insertion within the same command have duplicate constrained values.",
        method="POST",
        payload=[GO, GO],
        sent={"Prefer": MERGE},
    ),
    Fact("POST", "tongues?on_conflict=name", status=409, payload=[{"name": "Java", "rank": 1}]),
]
PUTS = [
    no_put("tongues?name=eq.Java&limit=1", [JAVA], 400, "PGRST114", NO_LIMITS),
    no_put("tongues?name=eq.Java&offset=1", [JAVA], 400, "PGRST114", NO_LIMITS),
    no_put("tongues?rank=eq.19", [GO], 405, "PGRST105", NOT_BY_KEY),
    no_put("tongues?name=not.eq.Java", [GO], 405, "PGRST105", NOT_BY_KEY),
    no_put("tongues?name=in.(Go)", [GO], 405, "PGRST105", NOT_BY_KEY),
    no_put("tongues?and=(name.eq.Go)", [GO], 405, "PGRST105", NOT_BY_KEY),
    no_put("tongues?name=eq.Go&rank=eq.19", [GO], 405, "PGRST105", NOT_BY_KEY),
    no_put("tongues", [GO], 405, "PGRST105", NOT_BY_KEY),
    no_put("crew?first_name=eq.Susan", [SUSAN], 405, "PGRST105", NOT_BY_KEY),
    no_put("crew?last_name=eq.Heidt", [SUSAN], 405, "PGRST105", NOT_BY_KEY),
    no_put("tongues?name=eq.MATLAB", [GO], 400, "PGRST115", NOT_THE_KEY),
    no_put("crew?first_name=eq.Wendy&last_name=eq.Anderson", [SUSAN], 400, "PGRST115", NOT_THE_KEY),
    no_put("loose?a=eq.one&b=eq.two", [{"a": "one", "b": "two"}], 405, "PGRST105", NOT_BY_KEY),
    put("tongues?name=eq.Go", [GO], 200, [GO], "return=representation"),
    put("tongues?name=eq.Go", GO, 204, NOTHING),
    put("tongues?name=eq.Java", [JAVA], 200, [JAVA], "return=representation"),
    put("tongues?name=eq.Java", [JAVA], 204, NOTHING, "return=minimal"),
    put("crew?first_name=eq.Susan&last_name=eq.Heidt", [SUSAN], 200, [SUSAN], "return=representation"),
    put("only_key?id=eq.10", [{"id": 10}], 200, [{"id": 10}], "return=representation"),
    Fact("PUT", "tongues?name=eq.Java", [JAVA], 200, [JAVA], {"Prefer": "return=representation", "Range": "1-1"}),
    Fact(
        "PUT",
        "tongues?name=eq.Java",
        JAVA,
        200,
        [JAVA, {"name": "Swift", "rank": 12}],
        {"Prefer": "return=representation", "Accept": "application/vnd.pgrst.object+json"},
        {"Content-Type": SINGULAR},
    ),
    put(
        "webs?id=eq.0&select=id,name,webs(name)",
        {"id": 0, "name": "upserted", "parent_id": 5},
        200,
        [{"id": 0, "name": "upserted", "webs": [{"name": "fezz"}, {"name": "foo"}, {"name": "bar"}]}],
        "return=representation",
    ),
]


@pytest.mark.parametrize("fact", [*UPSERTS, *PUTS], ids=str)
def test_upsert(client: Client, fact: Fact) -> None:
    fact.check(client)
