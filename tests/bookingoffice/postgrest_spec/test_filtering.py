"""One filter behind one column."""

from __future__ import annotations

import pytest

from .conftest import Client
from .facts import JSON, Fact, ids, refused, rows, unparsable

U = {"k": "xyyx", "extra": "u"}
V = {"k": "xYYx", "extra": "v"}
ONE, TWO, NO_ONE = {"a": "1", "b": "0"}, {"a": "2", "b": "0"}, {"a": None, "b": None}
SWEEP = {"id": 1, "name": "sweep", "done": True}
WASH = {"id": 2, "name": "wash", "done": False}
PAINT = {"id": 3, "name": "paint", "done": None}
FUN, ALSO, RATS, AMUS, ART = (
    {"vec": text}
    for text in (
        "'fun':5 'imposs':9 'kind':3",
        "'also':2 'fun':3 'possibl':8",
        "'ate':3 'cat':2 'fat':1 'rat':4",
        "'amus':5 'fair':7 'impossibl':9 'peu':4",
        "'art':4 'spass':5 'unmog':7",
    )
)
BOATS = [{"id": number, "name": name} for number, name in enumerate(("Gull", "Heron", "Ibis", "Osprey", "Stray"), 1)]
TRILEAN = "null or trilean value (unknown, true, false)"

COMPARISONS = [
    rows("marks?id=eq.5", [{"id": 5}], Content_Range="0-0/*", Content_Type=JSON),
    rows("marks?id=not.eq.5&id=lt.8", [{"id": n} for n in (1, 2, 3, 4, 6, 7)], Content_Range="0-5/*"),
    ids("marks?id=not.lt.14&order=id.asc", 14, 15),
    ids("marks?id=not.gt.2&order=id.asc", 1, 2),
    ids("marks?id=gt.0&id=lt.0"),
    ids("marks?id=in.(1,3,5)", 1, 3, 5),
    ids("marks?id=not.in.(2,4,6,7,8,9,10,11,12,13,14,15)", 1, 3, 5),
    rows("strings?string=eq.&select=id,string", [{"id": 1, "string": ""}]),
    rows("loose?a=not.is.null", [ONE, TWO]),
    rows("loose?a=is.null", [NO_ONE]),
    rows("chores?done=is.true", [SWEEP]),
    rows("chores?done=is.false", [WASH]),
    rows("chores?done=is.unknown", [PAINT]),
    rows("chores?done=is.NULL", [PAINT]),
    rows("chores?done=is.TRUE", [SWEEP]),
    rows("chores?done=is.FAlSe", [WASH]),
    rows("chores?done=is.UnKnOwN", [PAINT]),
    rows("chores?done=isdistinct.true", [WASH, PAINT]),
    rows("chores?done=not.is.true", [WASH, PAINT]),
    rows("tags?k=like.*yx", [U]),
    rows("tags?k=like.xy*", [U]),
    rows("tags?k=like.*YY*", [V]),
    rows("tags?k=like.%25yx", [U]),
    rows("tags?k=not.like.*yx", [V]),
    rows("tags?k=like.*yx&extra=not.eq.u", []),
    rows("tags?k=ilike.xy*&order=extra.asc", [U, V]),
    rows("tags?k=ilike.*YY*&order=extra.asc", [U, V]),
    rows("tags?k=not.ilike.xy*&order=extra.asc", []),
    rows("tags?k=match.yx$", [U]),
    rows("tags?k=match.^xy", [U]),
    rows("tags?k=match.YY", [V]),
    rows("tags?k=not.match.yx$", [V]),
    rows("tags?k=imatch.^xy&order=extra.asc", [U, V]),
    rows("tags?k=imatch..*YY.*&order=extra.asc", [U, V]),
    rows("tags?k=not.imatch.^xy&order=extra.asc", []),
    ids("crates?select=id&arr=cs.{2}", 2, 3),
    ids("crates?select=id&arr=cd.{1,2,4}", 1, 2),
    rows("has_count", [{"count": 7}]),
    rows("has_count?select=count", [{"count": 7}]),
    rows("has_t?select=t", []),
]
QUANTIFIED = [
    rows("boats?id=eq(any).{3,4,5}&select=id,name", BOATS[2:]),
    ids("boats?id=gt(all).{4,3}&select=id", 5),
    ids("boats?id=gte(all).{4,3}&select=id", 4, 5),
    ids("boats?id=lt(all).{4,3}&select=id", 1, 2),
    ids("boats?id=lte(all).{4,3}&select=id", 1, 2, 3),
    ids("articles?body=like(any).{%25plan%25,%25brain%25}&select=id", 1, 2),
    ids("articles?body=like(any).{*plan*,*brain*}&select=id", 1, 2),
    ids("articles?body=ilike(all).{%25plan%25,%25greatness%25}&select=id", 1),
    ids("articles?body=match(any).{stop,thing}&select=id", 1),
    ids("articles?body=imatch(any).{stop,thing}&select=id", 1, 2),
    ids("boats?id=not.eq(any).{3,4,5}&select=id", 1, 2),
]
SEARCHES = [
    rows("searched?vec=fts.impossible", [FUN]),
    rows("searched?vec=fts.fun%26possible", [ALSO]),
    rows("searched?vec=fts.impossible%7Cpossible", [FUN, ALSO]),
    rows("searched?vec=fts.fun%26!possible", [FUN]),
    rows("searched?vec=plfts.The%20Fat%20Rats", [RATS]),
    rows("searched?vec=wfts.The%20Fat%20Rats", [RATS]),
    rows("searched?vec=wfts.fun%20and%20possible", [ALSO]),
    rows("searched?vec=wfts.impossible%20or%20possible", [FUN, ALSO]),
    rows("searched?vec=wfts.fun%20and%20-possible", [FUN]),
    rows("searched?vec=fts(french).amusant", [AMUS]),
    rows("searched?vec=plfts(french).amusant%20impossible", [AMUS]),
    rows("searched?vec=wfts(french).amusant%20impossible", [AMUS]),
    rows("searched?vec=not.fts.impossible%7Cfat%7Cfun", [AMUS, ART]),
    rows("searched?vec=not.fts(english).impossible%7Cfat%7Cfun", [AMUS, ART]),
    rows("searched?vec=not.plfts.The%20Fat%20Rats", [FUN, ALSO, AMUS, ART]),
    rows("searched?vec=not.wfts(english).impossible%20or%20fat%20or%20fun", [AMUS, ART]),
    rows("searched?vec=phfts.The%20Fat%20Cats", [RATS]),
    rows("searched?vec=phfts(german).Art%20Spass", [ART]),
    rows("searched?vec=not.phfts(english).The%20Fat%20Cats", [FUN, ALSO, AMUS, ART]),
    ids("articles?body=fts.plan&select=id", 1),
]
EMPTY_LISTS = [
    *(
        Fact("GET", f"typed?{kind}_data=in.()", [])
        for kind in ("int", "text", "bool", "bin", "char", "date", "real", "time")
    ),
    rows("typed?int_data=not.in.()&select=int_data", [{"int_data": 1}]),
    rows("typed?int_data=in.(%20%20%20%20)", []),
    refused("typed?int_data=in.(%20,3,4)", 400, "22P02", 'invalid input syntax for type integer: ""'),
]
FAULTS = [
    unparsable("ghosts?id=0", "filter (0)", 1, 'unexpected "0" expecting "not" or operator (eq, gt, ...)'),
    unparsable("chores?done=is.nil", "filter (is.nil)", 5, f'unexpected "i" expecting {TRILEAN}'),
    unparsable("chores?done=is.ok", "filter (is.ok)", 4, f'unexpected "o" expecting {TRILEAN}'),
    refused("tags?nope=eq.1", 400, "42703", "column tags.nope does not exist"),
    refused("marks?id=eq.x", 400, "22P02", 'invalid input syntax for type integer: "x"'),
    refused("nowhere", 404, "42P01", 'relation "public.nowhere" does not exist'),
    refused(
        "marks?id=like.1*",
        404,
        "42883",
        "operator does not exist: integer ~~ unknown",
        None,
        "No operator matches the given name and argument types. You might need to add explicit type casts.",
    ),
    refused("moments?t=eq.Z", 400, "22007", 'invalid input syntax for type timestamp with time zone: "Z"'),
]


@pytest.mark.parametrize("fact", [*COMPARISONS, *QUANTIFIED, *SEARCHES, *EMPTY_LISTS, *FAULTS], ids=str)
def test_filter(client: Client, fact: Fact) -> None:
    fact.check(client)
