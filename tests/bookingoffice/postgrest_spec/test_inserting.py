"""POST: what a body may be, which columns it fills, what comes back."""

from __future__ import annotations

import pytest

from .conftest import Client
from .facts import JSON, NOTHING, Fact, refused, told, unparsable, write

QUIET = {"Content_Type": None, "Location": None}
TWO_ARTICLES = [{"id": 204, "body": "yyy"}, {"id": 205, "body": "zzz"}]
MISMATCH = "All object keys must match"
EMPTY = "Empty or invalid json"


def bad_body(target: str, payload: object, message: str, **sent: str) -> Fact:
    return refused(target, 400, "PGRST102", message, method="POST", payload=payload, sent=sent)


def csv(target: str, payload: str, body: str) -> Fact:
    sent = {"Content-Type": "text/csv", "Accept": "text/csv", "Prefer": "return=representation"}
    return Fact("POST", target, body, 201, payload, sent, {"Content-Type": "text/csv; charset=utf-8"})


ANSWERS = [
    write(
        "POST",
        "boats?select=name",
        {"id": 15, "name": "x"},
        201,
        NOTHING,
        "return=minimal",
        Content_Range="*/*",
        **QUIET,
    ),
    write("POST", "boats?select=name", {"id": 15, "name": "x"}, 201, [{"name": "x"}], Content_Type=JSON, Location=None),
    told(
        "POST",
        "boats?select=id,name,owners(id,name)",
        {"id": 6, "name": "New", "owner_id": 2},
        201,
        [{"id": 6, "name": "New", "owners": {"id": 2, "name": "Ansel"}}],
        "count=exact",
        Content_Type=JSON,
        Location=None,
        Content_Range="*/1",
    ),
    told(
        "POST",
        "boats?select=bId:id::text,bName:name,oId:owner_id::text",
        {"id": 7, "name": "New", "owner_id": 2},
        201,
        [{"bId": "7", "bName": "New", "oId": "2"}],
        Content_Range="*/*",
    ),
    told(
        "POST",
        "boats?select=name,owner_id",
        {"id": 10, "name": "N", "owner_id": 2},
        201,
        [{"name": "N", "owner_id": 2}],
    ),
    told("POST", "boats?select=id,repairs(id)", {"id": 10, "name": "N"}, 201, [{"id": 10, "repairs": []}]),
    write(
        "POST",
        "boats?select=name,owner_id",
        {"id": 11, "name": "New", "owner_id": 2},
        201,
        NOTHING,
        "return=headers-only",
        Content_Type=None,
        Location="/boats?id=eq.11",
        Content_Range="*/*",
    ),
    write("POST", "counters", {"text": "x"}, 201, NOTHING, "return=headers-only", Location="/counters?id=eq.2"),
    write(
        "POST",
        "berths",
        {"k1": 12, "k2": "a"},
        201,
        NOTHING,
        "return=headers-only",
        Location="/berths?k1=eq.12&k2=eq.a",
    ),
    write("POST", "loose", {"a": "foo", "b": "bar"}, 201, NOTHING, "return=headers-only", **QUIET),
    write("POST", "berths", [{"k1": 1, "k2": "a"}, {"k1": 2, "k2": "b"}], 201, NOTHING, "return=headers-only", **QUIET),
    told("POST", "berths", {"k1": 12, "k2": "Rock & R+ll"}, 201, [{"k1": 12, "k2": "Rock & R+ll", "extra": None}]),
    told("POST", "loose", {"a": "bar", "b": "baz"}, 201, [{"a": "bar", "b": "baz"}], Location=None),
    told("POST", "loose", [], 201, [], Content_Range="*/*"),
    told("POST", "loose", {"a": None, "b": "foo"}, 201, [{"a": None, "b": "foo"}]),
    told("POST", "papers", {"id": 1, "data": {"foo": "bar"}}, 201, [{"id": 1, "data": {"foo": "bar"}}]),
    told("POST", "papers", {"id": 1, "data": [1, 2, 3]}, 201, [{"id": 1, "data": [1, 2, 3]}]),
    write("POST", "marks", {}, 201, NOTHING, "return=minimal, count=exact", Content_Range="*/1"),
    write("POST", "marks", [{}, {}], 201, NOTHING, "return=minimal, count=exact", Content_Range="*/2"),
    told("POST", "lengths?select=bit", {"bit": "10101"}, 201, [{"bit": "10101"}]),
    told("POST", "lengths?select=char", {"char": "abcde"}, 201, [{"char": "abcde"}]),
    told(
        "POST",
        "papers",
        '\t \n \r [{ "id": 1, "data": "x" }, \t \n \r {"id": 2, "data": 34}]\t \n \r ',
        201,
        [{"id": 1, "data": "x"}, {"id": 2, "data": 34}],
    ),
    told("POST", "papers", '{"id": 3, "data": {"a": 1, "a": 2}}', 201, '[{"id":3,"data":{"a": 1, "a": 2}}]'),
    told("POST", "tags?select=extra,k", {"k": "棋圍", "extra": "￥"}, 201, [{"extra": "￥", "k": "棋圍"}]),
    write("POST", "tags", {"k": "é&"}, 201, NOTHING, "return=headers-only", Location="/tags?k=eq.%C3%A9%26"),
    told(
        "POST",
        "webs?select=id,name,above:parent_id(name)",
        {"id": 6, "name": "wot", "parent_id": 4},
        201,
        [{"id": 6, "name": "wot", "above": {"name": "wut"}}],
    ),
    told("POST", "marks?id=eq.3&id=eq.4", {"id": 30}, 201, [{"id": 30}]),
]
COLUMNS = [
    told(
        "POST",
        "articles?columns=id,body",
        {"id": 200, "body": "xxx", "smth": "here", "fake_id": 13},
        201,
        [{"id": 200, "body": "xxx", "owner": "nobody"}],
    ),
    told(
        "POST",
        "articles?columns=id,body&select=id,body",
        [{"id": 201, "body": "yyy", "x": 1}, {"id": 202, "body": "zzz", "y": 2}, {"id": 203, "hey": "ho"}],
        201,
        [{"id": 201, "body": "yyy"}, {"id": 202, "body": "zzz"}, {"id": 203, "body": None}],
    ),
    unparsable(
        "articles?columns=",
        "columns parameter ()",
        1,
        "unexpected end of input expecting field name (* or [a..z0..9_$])",
        method="POST",
        payload=TWO_ARTICLES,
    ),
    refused(
        "articles?columns=helicopter",
        400,
        "PGRST204",
        "Column 'helicopter' of relation 'articles' does not exist",
        method="POST",
        payload=TWO_ARTICLES,
    ),
    refused(
        "articles",
        400,
        "PGRST204",
        "Column 'helicopter' of relation 'articles' does not exist",
        method="POST",
        payload={"id": 1, "helicopter": 1},
    ),
    write("POST", "garlic?columns=helicopter", TWO_ARTICLES, 404, {}),
    told(
        "POST",
        "crates?columns=id,name,with-dash,arr",
        [{"id": 4, "name": "V"}, {"id": 5, "arr": None}, {"id": 6, "with-dash": 6, "arr": "{1,2}"}],
        201,
        [
            {"id": 4, "name": "V", "settings": None, "arr": None, "with-dash": 1},
            {"id": 5, "name": "Default", "settings": None, "arr": None, "with-dash": 1},
            {"id": 6, "name": "Default", "settings": None, "arr": [1, 2], "with-dash": 6},
        ],
        "missing=default",
        Preference_Applied="missing=default",
    ),
    told(
        "POST",
        "papers?columns=id,data",
        '{"id": 3, "data": {"a": 1, "a": 2}}',
        201,
        [{"id": 3, "data": {"a": 2}}],
        "missing=default",
    ),
    refused(
        "doubled?columns=a,b",
        400,
        "428C9",
        'cannot insert a non-DEFAULT value into column "b"',
        'Column "b" is a generated column.',
        method="POST",
        payload=[{"a": "val"}, {"a": "val", "b": "val"}],
        sent={"Prefer": "missing=default"},
    ),
]
FAULTS = [
    bad_body("articles", [{"id": 100, "body": "x"}, 123, "xxxx", {"id": 111, "body": "x"}], MISMATCH),
    bad_body("articles", [{"id": 100, "body": "x"}, {"id": 111, "body": "x", "owner": "me"}], MISMATCH),
    Fact("POST", "articles?columns=id,body", status=400, payload=[TWO_ARTICLES[0], 333, "asdf", TWO_ARTICLES[1]]),
    bad_body("tags", "}{ x = 2", EMPTY),
    bad_body("tags", "", EMPTY),
    bad_body("loose", "a,b\nfoo,bar\nbaz", "All lines must have same number of fields", **{"Content-Type": "text/csv"}),
    refused(
        "tags",
        400,
        "23502",
        'null value in column "k" of relation "tags" violates not-null constraint',
        "Failing row contains (null, foo).",
        method="POST",
        payload={"extra": "foo"},
    ),
    refused(
        "tags",
        409,
        "23505",
        'duplicate key value violates unique constraint "tags_pkey"',
        "Key (k)=(xyyx) already exists.",
        method="POST",
        payload={"k": "xyyx"},
    ),
    refused(
        "boats",
        409,
        "23503",
        'insert or update on table "boats" violates foreign key constraint "boats_owner_id_fkey"',
        'Key (owner_id)=(99) is not present in table "owners".',
        method="POST",
        payload={"id": 9, "name": "x", "owner_id": 99},
    ),
    Fact("POST", "single_unique", status=409, payload={"unique_key": 1}),
]
TABLES = [
    csv("loose", "a,b\nbar,baz", "a,b\nbar,baz"),
    csv("loose", "a,b\nNULL,foo", "a,b\n,foo"),
    csv("boats?select=id", "id,name,owner_id\n8,Xenia,1\n9,Wanda,1", "id\n8\n9"),
]


@pytest.mark.parametrize("fact", [*ANSWERS, *COLUMNS, *FAULTS, *TABLES], ids=str)
def test_insert(client: Client, fact: Fact) -> None:
    fact.check(client)


def test_a_location_can_be_followed(client: Client) -> None:
    created = client("POST", "tags", {"k": "圍棋", "extra": "￥"}, Prefer="return=headers-only")
    assert client.rows(created.headers["Location"].removeprefix("/")) == [{"k": "圍棋", "extra": "￥"}]
