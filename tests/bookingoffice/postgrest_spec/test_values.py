"""Quotes in in-lists, and names that need them."""

from __future__ import annotations

import pytest

from .conftest import Client
from .facts import Fact, rows, told


def whose(listed: str, *names: str) -> Fact:
    return rows(f"names?name={listed}", [{"name": name} for name in names])


LISTS = [
    whose('in.("Hebdon, John")', "Hebdon, John"),
    whose('in.("Hebdon, John","Williams, Mary","Smith, Joseph")', "Hebdon, John", "Smith, Joseph", "Williams, Mary"),
    whose('in.(David White,"Hebdon, John")', "David White", "Hebdon, John"),
    whose('not.in.("Hebdon, John","Williams, Mary","Smith, Joseph")&limit=3', '"', "/\\Slash/\\", "David White"),
    whose('in.("Seven(007)")', "Seven(007)"),
    whose('in.("Double\\"Quote\\"")', 'Double"Quote"'),
    whose('in.("\\\\")', "\\"),
    whose('in.("/\\\\Slash/\\\\")', "/\\Slash/\\"),
    whose('in.("D\\a\\vid W\\h\\ite")', "David White"),
    whose('in.(")', '"'),
    whose('in.(Double"Quote")', 'Double"Quote"'),
    whose("in.(\\)", "\\"),
    whose("in.(/\\Slash/\\)", "/\\Slash/\\"),
    whose('eq."'[:5], '"'),
    whose('eq."David White"'),
]
NAMES = [
    rows("odd names?select=Just%20A%20Model&Just%20A%20Model=like.*91*", [{"Just A Model": " IBM,9113"}]),
    rows("odd names?select=Just+A+Model&Just+A+Model=like.*91*", [{"Just A Model": " IBM,9113"}]),
    rows(
        'odd names?select=%22:arr-%3Eow::cast%22,"(inside,parens)","a.dotted.column","  wide  "&"*id*"=eq.1',
        [
            {
                ":arr->ow::cast": " arrow-1 ",
                "(inside,parens)": " parens-1 ",
                "a.dotted.column": " dotted-1 ",
                "  wide  ": " space-1",
            }
        ],
    ),
    rows("do$llar?select=a$num$&a$num$=eq.100", [{"a$num$": 100}]),
    rows("Cases;", [{"someId": 1}, {"someId": 2}, {"someId": 3}]),
    rows("ghosts", [{"escapeId": 1}, {"escapeId": 3}]),
    rows(
        "Cases;?select=ghosts(*)",
        [{"ghosts": {"escapeId": 1}}, {"ghosts": None}, {"ghosts": {"escapeId": 3}}],
    ),
    rows("ghosts?select=escapeId(*)", [{"escapeId": {"someId": 1}}, {"escapeId": {"someId": 3}}]),
    rows("лодки", []),
    told("POST", "лодки", {"имя": 1}, 201, [{"имя": 1}]),
    rows("crates?id=eq.3&select=id,with-dash", [{"id": 3, "with-dash": 1}]),
]


@pytest.mark.parametrize("fact", [*LISTS, *NAMES], ids=str)
def test_value(client: Client, fact: Fact) -> None:
    fact.check(client)
