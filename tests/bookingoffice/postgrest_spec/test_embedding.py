"""Related rows: to one, to many, through a link; with aliases, filters and nothing to show."""

from __future__ import annotations

import pytest

from .conftest import Client
from .facts import Fact, refused, rows

MARA, ANSEL = {"id": 1, "name": "Mara"}, {"id": 2, "name": "Ansel"}
REMARK = {"id": 1, "author_id": 1, "worker_id": 2, "repair_id": 6, "body": "Soon, please"}


def not_embedded(target: str, name: str) -> Fact:
    message = f"'{name}' is not an embedded resource in this request"
    hint = f"Verify that '{name}' is included in the 'select' query parameter."
    return refused(target, 400, "PGRST108", message, None, hint)


SHAPES = [
    rows(
        "boats?id=eq.1&select=id, name, owners(*), repairs(id, name)",
        [
            {
                "id": 1,
                "name": "Gull",
                "owners": MARA,
                "repairs": [{"id": 1, "name": "Plan gull"}, {"id": 2, "name": "Weld gull"}],
            }
        ],
    ),
    rows(
        "boats?select=name,owner:owners(ownerId:id,name)&id=gt.3",
        [{"name": "Osprey", "owner": {"ownerId": 2, "name": "Ansel"}}, {"name": "Stray", "owner": None}],
    ),
    rows("remarks?select=*,shifts(workerId:worker_id)", [REMARK | {"shifts": {"workerId": 2}}]),
    rows("boats?id=eq.1&select=owners(id),name,id", [{"name": "Gull", "id": 1, "owners": {"id": 1}}]),
    rows("boats?id=in.(1,5)&select=id,owners(id)", [{"id": 1, "owners": {"id": 1}}, {"id": 5, "owners": None}]),
    rows("boats?id=in.(5)&select=id,repairs(id)", [{"id": 5, "repairs": []}]),
    rows(
        "owners?id=eq.1&select=id,boats(id,repairs(id))",
        [
            {
                "id": 1,
                "boats": [{"id": 1, "repairs": [{"id": 1}, {"id": 2}]}, {"id": 2, "repairs": [{"id": 3}, {"id": 4}]}],
            }
        ],
    ),
    rows(
        "repairs?select=id,workers(id)&id=in.(1,2,8)",
        [{"id": 1, "workers": [{"id": 1}, {"id": 3}]}, {"id": 2, "workers": [{"id": 1}]}, {"id": 8, "workers": []}],
    ),
    rows("repairs?id=eq.1&select=id,theWorkers:workers(id)", [{"id": 1, "theWorkers": [{"id": 1}, {"id": 3}]}]),
    rows("workers?select=id,repairs(id)&id=eq.3", [{"id": 3, "repairs": [{"id": 1}, {"id": 5}]}]),
    rows(
        "shifts?worker_id=eq.2&repair_id=eq.6&select=*, remarks(body)",
        [{"worker_id": 2, "repair_id": 6, "remarks": [{"body": "Soon, please"}]}],
    ),
    rows("countries?select=name,capitals(name)&id=eq.1", [{"name": "Alba", "capitals": {"name": "Aton"}}]),
    rows("capitals?select=name,countries(name)&id=eq.1", [{"name": "Aton", "countries": {"name": "Alba"}}]),
    rows("beings?select=*,parts(*)&limit=1", [{"being": 1, "parts": [{"part": 1}]}]),
]
FILTERED = [
    rows(
        "owners?select=id,boats(id,repairs(id,name))&boats.repairs.name=like.Plan*&id=eq.1",
        [
            {
                "id": 1,
                "boats": [
                    {"id": 1, "repairs": [{"id": 1, "name": "Plan gull"}]},
                    {"id": 2, "repairs": [{"id": 3, "name": "Plan heron"}]},
                ],
            }
        ],
    ),
    rows(
        "workers?select=id,plans:repairs(id),welds:repairs(id)&plans.name=like.*Plan*&welds.name=like.*Weld*",
        [
            {"id": 1, "plans": [{"id": 1}, {"id": 3}], "welds": [{"id": 2}, {"id": 4}]},
            {"id": 2, "plans": [{"id": 5}, {"id": 7}], "welds": [{"id": 6}]},
            {"id": 3, "plans": [{"id": 1}, {"id": 5}], "welds": []},
        ],
    ),
    rows(
        "boats?select=id,plans:repairs(name,workers(id))&plans.name=like.*Plan*&plans.workers.id=in.(1,2)&id=in.(1,5)",
        [{"id": 1, "plans": [{"name": "Plan gull", "workers": [{"id": 1}]}]}, {"id": 5, "plans": []}],
    ),
    rows(
        "boats?id=eq.1&select=id,owners(id),repairs(id)&repairs.id=eq.2",
        [{"id": 1, "repairs": [{"id": 2}], "owners": {"id": 1}}],
    ),
    rows("boats?id=eq.1&select=id, the_repairs:repairs(id)&repairs.id=eq.2", [{"id": 1, "the_repairs": [{"id": 2}]}]),
    not_embedded("owners?select=*&strangers.name=like.*N*", "strangers"),
    not_embedded("owners?select=*,fast:boats(*)&fastt.name=ilike.*A*", "fastt"),
    not_embedded("owners?select=id,boats(id,repairs(id))&boats.repairs2.name=like.P*", "repairs2"),
    not_embedded("boats?select=id,owners(name)&order=ownersx(name).nullsfirst", "ownersx"),
    not_embedded("boats?select=id,owners(name)&ownersx.limit=1", "ownersx"),
    not_embedded("boats?select=id,owners(name)&ownersx.or=(id.eq.1)", "ownersx"),
    refused("boats?select=id,owners(strange)", 400, "42703", "column owners_1.strange does not exist"),
    refused("repairs?select=id,workers(strange)", 400, "42703", "column workers.strange does not exist"),
]
EMPTY = [
    rows("boats?select=id,owners()&id=gt.3", [{"id": 4}, {"id": 5}]),
    rows("boats?select=id,owners!inner()&owners.id=eq.2", [{"id": 3}, {"id": 4}]),
    rows("owners?select=id,name,boats()", [MARA, ANSEL]),
    rows("owners?select=id,name,boats!inner()&boats.name=eq.Ibis", [ANSEL]),
    rows("workers?select=id,repairs!inner()", [{"id": 1}, {"id": 2}, {"id": 3}]),
    rows("workers?select=id,repairs!inner()&repairs.id=eq.3", [{"id": 1}]),
]


@pytest.mark.parametrize("fact", [*SHAPES, *FILTERED, *EMPTY], ids=str)
def test_embed(client: Client, fact: Fact) -> None:
    fact.check(client)
