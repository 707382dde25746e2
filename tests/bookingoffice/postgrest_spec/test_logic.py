"""`and`, `or` and what may stand inside them; operators on arrays and ranges."""

from __future__ import annotations

import pytest

from .conftest import Client
from .facts import Fact, ids, refused, rows, told, unparsable
from .test_filtering import ALSO, AMUS, ART, FUN, RATS

FIELD = "field name (* or [a..z0..9_$])"
NESTED = "plants?select=id,branches(id,leaves(id))&branches.leaves.or=(id.eq.1,id.eq.2)"

GROUPS = [
    ids("plants?or=(id.eq.1,id.eq.2)&select=id", 1, 2),
    ids("plants?not.or=(id.eq.1,id.eq.2)&select=id", 3, 4),
    ids("plants?not.and=(id.eq.1,name.eq.plant%201)&select=id", 2, 3, 4),
    ids("plants?or=(id.eq.1,id.eq.2)&name=eq.plant 1&select=id", 1),
    ids("plants?or=(and(name.eq.plant 2,id.eq.2),and(name.eq.plant 1,id.eq.1))&select=id", 1, 2),
    ids("plants?or=(not.and(name.eq.plant 2,id.eq.2),not.and(name.eq.plant 1,id.eq.1))&select=id", 1, 2, 3, 4),
    ids("plants?and=(id.eq.1,name.eq.plant 1)&or=(id.eq.1,id.eq.2)&select=id", 1),
    ids("plants?or=(id.lt.2,id.gt.3)&select=id", 1, 4),
    ids("plants?or=(id.lte.2,id.gte.3)&select=id", 1, 2, 3, 4),
    ids("plants?or=(name.like.*1,name.ilike.*PLANT 2)&select=id", 1, 2),
    ids("plants?or=(id.in.(1,2),id.in.(3,4))&select=id", 1, 2, 3, 4),
    ids("plants?and=(name.is.null,arr.is.null)&select=id", 4),
    ids("plants?or=(words.fts.bar,words.fts.baz)&select=id", 1, 2),
    ids("plants?and=(id.gte.2,arr.isdistinct.{1,2})&select=id", 3, 4),
    ids("plants?or=(arr.cs.{1,2,3},arr.cd.{1})&select=id", 1, 3),
    ids("plants?and=(arr.not.cs.{1,2,3},and(id.not.eq.2,name.not.like.*3))&select=id", 1),
    ids("plants?and=(id.not.in.(1,3),and(name.not.is.null,words.not.fts.foo))&select=id", 2),
    ids("plants?and=(arr.not.cd.{1},or(id.not.lt.1,id.not.gte.3))&select=id", 2, 3),
    ids("plants?and=(name.not.ilike.*NT2,or(id.not.gt.4,id.not.lte.1))&select=id", 1, 2, 3),
    ids("plants?and=(id.not.eq.2,arr.not.isdistinct.{1,2,3})&select=id", 3),
    ids("plants?and=( and ( id.in.( 1, 2, 3 ) , id.eq.3 ) , or ( id.eq.2 , id.eq.3 ) )&select=id", 3),
    ids("plants?or=(id.eq.1)&select=id", 1),
    ids("plants?and=(id.eq.1)&select=id", 1),
    ids("leaves?or=(id.eq.1, id.eq.2, id.eq.3)&select=id", 1, 2, 3),
    ids("leaves?and=(id.in.(1,2), id.in.(3,1), id.in.(1,4))&select=id", 1),
    ids("leaves?or=( id.eq.1, id.eq.2, and(id.in.(1,3), id.in.(2,3)), id.eq.4 )&select=id", 1, 2, 3, 4),
    ids("leaves?and=( id.eq.1, not.or(id.eq.2, id.eq.3), id.in.(1,4), or(id.eq.1, id.eq.4) )&select=id", 1),
    ids("boats?or=(id.eq(any).{1,2},id.gt(all).{4,3})&select=id", 1, 2, 5),
    rows(
        "searched?or=(vec.plfts(german).Art%20Spass, vec.plfts(french).amusant%20impossible, vec.fts(english).impossible)",
        [FUN, AMUS, ART],
    ),
    rows(
        "searched?or=(vec.plfts(german).Art,vec.plfts(french).amusant,vec.not.wfts(english).impossible)",
        [ALSO, RATS, AMUS, ART],
    ),
]
QUOTED = [
    ids('leaves?or=(name.eq."(leaf,bit,4)",name.eq."(leaf,bit,5)")&select=id', 4, 5),
    ids('leaves?or=(name.like."*it,4*",name.ilike."*IT,5)")&select=id', 4, 5),
    ids('leaves?or=(id.in.("1","2"),id.in.("3","4"))&select=id', 1, 2, 3, 4),
    rows('names?or=(name.eq."Hebdon, John",name.eq."\\"")', [{"name": '"'}, {"name": "Hebdon, John"}]),
    ids("leaves?or=(data->a->>b.eq.foo, data->>b.eq.bar)&select=id", 4, 5),
]
INSIDE_EMBEDS = [
    rows(
        "plants?branches.or=(id.eq.1,name.eq.branch 2)&select=id,branches(id)",
        [
            {"id": 1, "branches": [{"id": 1}, {"id": 2}]},
            {"id": 2, "branches": []},
            {"id": 3, "branches": []},
            {"id": 4, "branches": []},
        ],
    ),
    rows(
        NESTED,
        [
            {
                "id": 1,
                "branches": [
                    {"id": 1, "leaves": [{"id": 1}, {"id": 2}]},
                    {"id": 2, "leaves": []},
                    {"id": 4, "leaves": []},
                    {"id": 5, "leaves": []},
                ],
            },
            {"id": 2, "branches": [{"id": 3, "leaves": []}, {"id": 6, "leaves": []}]},
            {"id": 3, "branches": []},
            {"id": 4, "branches": []},
        ],
    ),
    rows(
        "plants?select=id,twigs:branches(id,buds:leaves(id))&twigs.and=(id.in.(1,2,3))&twigs.buds.or=(id.eq.1,id.eq.2)",
        [
            {"id": 1, "twigs": [{"id": 1, "buds": [{"id": 1}, {"id": 2}]}, {"id": 2, "buds": []}]},
            {"id": 2, "twigs": [{"id": 3, "buds": []}]},
            {"id": 3, "twigs": []},
            {"id": 4, "twigs": []},
        ],
    ),
    told(
        "POST",
        "branches?select=id,plants(id,name)&plants.or=(id.eq.2,id.eq.3)&plants.not.and=(id.eq.3)",
        [{"id": 7, "name": "x", "plant_id": 2}, {"id": 8, "name": "y", "plant_id": 3}],
        201,
        [{"id": 7, "plants": {"id": 2, "name": "plant 2"}}, {"id": 8, "plants": None}],
    ),
]
RANGES = [
    ids("spans?span=eq.[1,3]&select=id", 1),
    ids("spans?span=neq.[1,3]&select=id", 2, 3, 4),
    ids("spans?span=lt.[1,10]&select=id", 1),
    ids("spans?span=gt.[8,11]&select=id", 4),
    ids("spans?span=lte.[1,3]&select=id", 1),
    ids("spans?span=gte.[2,3]&select=id", 2, 3, 4),
    ids("spans?span=cs.[1,2]&select=id", 1),
    ids("spans?span=cd.[1,6]&select=id", 1, 2),
    ids("spans?span=ov.[0,4]&select=id", 1, 2),
    ids("spans?span=sl.[9,10]&select=id", 1, 2),
    ids("spans?span=sr.[3,4]&select=id", 3, 4),
    ids("spans?span=nxr.[4,7]&select=id", 1, 2),
    ids("spans?span=nxl.[4,7]&select=id", 3, 4),
    ids("spans?span=adj.(3,10]&select=id", 1),
    ids("spans?span=isdistinct.[1,3]&select=id", 2, 3, 4, 5),
]
ARRAYS = [
    ids("plants?arr=eq.{1,2,3}&select=id", 3),
    ids("plants?arr=neq.{1,2}&select=id", 1, 3),
    ids("plants?arr=lt.{2,3}&select=id", 1, 2, 3),
    ids("plants?arr=gt.{1,1}&select=id", 2, 3),
    ids("plants?arr=gt.{3}&select=id"),
    ids("plants?arr=lte.{1,2}&select=id", 1, 2),
    ids("plants?arr=cs.{1,2}&select=id", 2, 3),
    ids("plants?arr=cd.{1,2,6}&select=id", 1, 2),
    ids("plants?arr=ov.{3}&select=id", 3),
    ids("plants?arr=ov.{2,3}&select=id", 2, 3),
    ids("plants?arr=isdistinct.{1,2}&select=id", 1, 3, 4),
]
FAULTS = [
    unparsable(
        "plants?or=()",
        "logic tree (())",
        4,
        f'unexpected ")" expecting {FIELD}, negation operator (not) or logic operator (and, or)',
    ),
    refused("plants?or=(strange.eq.1)", 400, "42703", "column plants.strange does not exist"),
]


@pytest.mark.parametrize("fact", [*GROUPS, *QUOTED, *INSIDE_EMBEDS, *RANGES, *ARRAYS, *FAULTS], ids=str)
def test_logic(client: Client, fact: Fact) -> None:
    fact.check(client)
