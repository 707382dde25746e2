"""What a select asks for: columns, casts, JSON paths."""

from __future__ import annotations

import pytest

from .conftest import Client
from .facts import Fact, ids, refused, rows, told, unparsable

SETTINGS = {"foo": {"bar": "baz", "int": 1}}
SUGGESTION = "No operator matches the given name and argument types. You might need to add explicit type casts."

COLUMNS = [
    rows("crates?id=eq.3", [{"id": 3, "name": "Three", "settings": SETTINGS, "arr": [1, 2, 3], "with-dash": 1}]),
    ids("crates?select=id", 1, 2, 3),
    rows("crates?id=eq.1&select=myId:id", [{"myId": 1}]),
    rows("crates?select=id::text", [{"id": "1"}, {"id": "2"}, {"id": "3"}]),
    rows("crates?id=eq.1&select=myId:id::text", [{"myId": "1"}]),
    rows("crates?id=eq.1&select=settings", [{"settings": SETTINGS}]),
    rows("boats?select=&id=eq.5", [{"id": 5, "name": "Stray", "owner_id": None}]),
    refused("crates?select=id::faketype", 400, "42704", 'type "faketype" does not exist'),
    refused("crates?select=id,banana", 400, "42703", "column crates.banana does not exist"),
    refused(
        "boats?select=id,nam",
        400,
        "42703",
        "column boats.nam does not exist",
        None,
        'Perhaps you meant to reference the column "boats.name".',
    ),
]
PATHS = [
    rows("crates?id=eq.1&select=settings->>foo::json", [{"foo": {"bar": "baz", "int": 1}}]),
    rows("crates?id=eq.1&select=myFoo:settings->>foo::json", [{"myFoo": {"bar": "baz", "int": 1}}]),
    rows("crates?id=eq.1&select=settings->foo->>bar", [{"bar": "baz"}]),
    rows("crates?id=eq.1&select=myBar:settings->foo->>bar", [{"myBar": "baz"}]),
    rows("crates?id=eq.1&select=settings->foo->>int::integer", [{"int": 1}]),
    rows("crates?id=eq.1&select=myInt:settings->foo->>int::integer", [{"myInt": 1}]),
    refused("crates?select=settings->foo->>bar::integer", 400, "22P02", 'invalid input syntax for type integer: "baz"'),
    refused("docs?select=data->>c->1", 404, "42883", "operator does not exist: text -> integer", None, SUGGESTION),
    refused("docs?select=data->>c->b", 404, "42883", "operator does not exist: text -> unknown", None, SUGGESTION),
    rows("docs?select=data->>0::int&id=in.(1,2)", [{"data": 1}, {"data": 4}]),
    rows("docs?select=a:data->>0::int,b:data->>1::int&id=in.(1,2)", [{"a": 1, "b": 2}, {"a": 4, "b": 5}]),
    rows("docs?select=data->0->>1::int&id=in.(3,4)", [{"data": 8}, {"data": 7}]),
    rows("docs?select=data->0->0->>1::int&id=in.(3,4)", [{"data": None}, {"data": 6}]),
    rows("docs?select=data->0->>a&id=in.(5,6)", [{"a": "A"}, {"a": "[1, 2, 3]"}]),
    rows("docs?select=data->0->a->>2&id=in.(5,6)", [{"a": None}, {"a": "3"}]),
    rows("docs?select=data->c->>0::json&id=in.(7,8)", [{"c": 1}, {"c": {"d": [4, 5, 6, 7, 8]}}]),
    rows("docs?select=data->c->0->d->>4::int&id=in.(7,8)", [{"d": None}, {"d": 8}]),
    rows("docs?select=data->0->0xy1->1->23-xy-45->1->xy-6->>0::int&id=eq.9", [{"xy-6": 3}]),
    rows("docs?select=data->c&id=in.(7,8)", [{"c": [1, 2, 3]}, {"c": [{"d": [4, 5, 6, 7, 8]}]}]),
    rows("docs?select=data->0->a&id=in.(5,6)", [{"a": "A"}, {"a": [1, 2, 3]}]),
    rows("docs?select=data->c->0->d&id=eq.8", [{"d": [4, 5, 6, 7, 8]}]),
    rows("docs?select=data->>-1::int&id=in.(1,2)", [{"data": 3}, {"data": 6}]),
    rows("docs?select=data->0->>-2::int&id=in.(3,4)", [{"data": 8}, {"data": 7}]),
    rows("docs?select=data->-2->>a&id=in.(5,6)", [{"a": "A"}, {"a": "[1, 2, 3]"}]),
    rows("favourites?select=num->i", [{"i": 0.5}, {"i": 0.6}]),
    rows("favourites?select=num->>i", [{"i": "0.5"}, {"i": "0.6"}]),
    rows("grids?select=a:cells->0,b:cells->1,c:matrix->0->0&id=eq.1", [{"a": 11, "b": 12, "c": 11}]),
    rows("grids?select=a:cells->>0,d:matrix->1->>2&id=eq.0", [{"a": "1", "d": "6"}]),
    unparsable("docs?select=data->>--34", "select parameter (data->>--34)", 9, 'unexpected "-" expecting digit'),
]
PATH_FILTERS = [
    rows("slips?data->foo->>bar=eq.baz", [{"data": {"foo": {"bar": "baz"}, "id": 1}}]),
    rows("slips?data->foo->>bar=eq.fake", []),
    rows("slips?data->foo->>bar=not.eq.baz", []),
    rows("slips?data->>id=eq.1", [{"data": {"foo": {"bar": "baz"}, "id": 1}}]),
    ids("docs?select=id&data->>0=eq.1", 1),
    ids("docs?select=id&data->1->>2=eq.13", 3),
    ids("docs?select=id&data->1->>b=eq.B", 5),
    ids("docs?select=id&data->1->b->>1=eq.5", 6),
    ids("docs?select=id&data->>-3=eq.1", 1),
    ids("docs?select=id&data->-1->>-3=eq.11", 3),
    ids("docs?select=id&data->-1->b->>-1=eq.5", 6),
    rows('sheets?data=eq.{"e":1}', [{"id": 4, "data": {"e": 1}}]),
    rows('sheets?data->a=eq.{"b":2}', [{"id": 1, "data": {"a": {"b": 2}}}]),
    rows("sheets?data->c=eq.[1,2,3]", [{"id": 2, "data": {"c": [1, 2, 3]}}]),
    rows('sheets?data->0=eq.{"d":"test"}', [{"id": 3, "data": [{"d": "test"}]}]),
    rows("favourites?num->>i=gt.0.5", [{"num": {"r": 0.6, "i": 0.6}, "person": "B"}]),
    ids("grids?select=id&cells->0=eq.1", 0),
    ids("grids?select=id&cells->>0=eq.11", 1),
    ids("grids?select=id&matrix->1->1=eq.5", 0),
    ids("grids?select=id&matrix->2->>2=eq.19", 1),
]
PATH_ORDERS = [
    rows("slips?order=data->>id.asc&select=data->id", [{"id": 0}, {"id": 1}, {"id": 3}]),
    rows("slips?order=data->foo->>bar.nullsfirst&select=data->id", [{"id": 3}, {"id": 0}, {"id": 1}]),
    rows("favourites?order=num->i.asc&select=person", [{"person": "A"}, {"person": "B"}]),
    rows("favourites?order=num->>i.desc&select=person", [{"person": "B"}, {"person": "A"}]),
    ids("grids?select=id&order=cells->0.desc", 1, 0),
    ids("grids?select=id&order=matrix->2->2.asc", 0, 1),
    told("PATCH", "slips?data->>id=eq.3", {"data": {"id": ' "quoted'}}, 200, [{"data": {"id": ' "quoted'}}]),
]


@pytest.mark.parametrize("fact", [*COLUMNS, *PATHS, *PATH_FILTERS, *PATH_ORDERS], ids=str)
def test_selection(client: Client, fact: Fact) -> None:
    fact.check(client)
