"""Inner joins and spreads."""

from __future__ import annotations

import pytest

from .conftest import Client
from .facts import Fact, counted, ids, rows

LEVELS = "repairs?select=id,boats{}(id,owners!inner(id))&boats.owners.id=eq.2"
SUPPLIED = "products?select=id,suppliers!inner(id,unions{}(id))&suppliers.unions.id=eq.3"

TO_ONE = [
    rows(
        "boats?select=id,owners!inner(id)",
        [{"id": n, "owners": {"id": o}} for n, o in ((1, 1), (2, 1), (3, 2), (4, 2))],
    ),
    rows("boats?select=id,owners!left(id)&id=gt.3", [{"id": 4, "owners": {"id": 2}}, {"id": 5, "owners": None}]),
    counted("boats?select=id,owners!inner(id)", "0-3/4"),
    counted("boats?select=id,owners(id)", "0-4/5"),
    rows("boats?select=id,owners!inner(id)&owners.id=eq.2", [{"id": n, "owners": {"id": 2}} for n in (3, 4)]),
    rows("boats?select=id,owners!inner(id)&owners.id=eq.0", []),
    counted("boats?select=id,owners!inner(id)&owners.id=eq.1", "0-1/2"),
    rows(LEVELS.format("!inner"), [{"id": n, "boats": {"id": 3 + n // 7, "owners": {"id": 2}}} for n in (5, 6, 7, 8)]),
    counted(LEVELS.format("!inner"), "0-3/4"),
    rows(
        LEVELS.format("") + "&id=in.(4,5)",
        [{"id": 4, "boats": None}, {"id": 5, "boats": {"id": 3, "owners": {"id": 2}}}],
    ),
    counted(LEVELS.format(""), "0-7/8"),
]
TO_MANY = [
    rows(
        "plants?select=id,branches!inner(id)",
        [
            {"id": 1, "branches": [{"id": 1}, {"id": 2}, {"id": 4}, {"id": 5}]},
            {"id": 2, "branches": [{"id": 3}, {"id": 6}]},
        ],
    ),
    rows("plants?select=id,branches!left(id)&id=gt.2", [{"id": 3, "branches": []}, {"id": 4, "branches": []}]),
    counted("plants?select=id,branches!inner(id)", "0-1/2"),
    rows("plants?select=id,branches!inner(id)&branches.id=eq.1", [{"id": 1, "branches": [{"id": 1}]}]),
    rows("plants?select=id,branches!inner(id)&branches.id=eq.0", []),
    counted("plants?select=id,branches!inner(id)&branches.id=eq.1", "0-0/1"),
    rows(
        "plants?select=id,branches!inner(id,leaves!inner(id))&branches.leaves.id=in.(1,5)",
        [{"id": 1, "branches": [{"id": 1, "leaves": [{"id": 1}]}, {"id": 2, "leaves": [{"id": 5}]}]}],
    ),
    counted("plants?select=id,branches!inner(id,leaves!inner(id))&branches.leaves.id=in.(1,5)", "0-0/1"),
    counted("plants?select=id,branches!inner(id,leaves(id))&branches.leaves.id=eq.2", "0-1/2"),
]
THROUGH_LINKS = [
    rows(
        "products?select=id,suppliers!inner(id)",
        [{"id": 1, "suppliers": [{"id": 1}, {"id": 2}]}, {"id": 2, "suppliers": [{"id": 1}, {"id": 3}]}],
    ),
    rows("products?select=id,suppliers!left(id)&id=eq.3", [{"id": 3, "suppliers": []}]),
    counted("products?select=id,suppliers!inner(id)", "0-1/2"),
    rows("products?select=id,suppliers!inner(id)&suppliers.id=eq.2", [{"id": 1, "suppliers": [{"id": 2}]}]),
    counted("products?select=id,suppliers!inner(id)&suppliers.id=eq.2", "0-0/1"),
    rows(SUPPLIED.format("!inner"), [{"id": 1, "suppliers": [{"id": 2, "unions": [{"id": 3}]}]}]),
    counted(SUPPLIED.format("!inner"), "0-0/1"),
    rows(
        SUPPLIED.format(""),
        [
            {"id": 1, "suppliers": [{"id": 1, "unions": []}, {"id": 2, "unions": [{"id": 3}]}]},
            {"id": 2, "suppliers": [{"id": 1, "unions": []}, {"id": 3, "unions": []}]},
        ],
    ),
    counted(SUPPLIED.format(""), "0-1/2"),
    rows(
        "shifts?select=repairs!inner(id),workers!inner(name)&repairs.id=eq.7",
        [{"repairs": {"id": 7}, "workers": {"name": "Bo"}}],
    ),
]
SPREADS = [
    rows(
        "boats?select=id,...owners(owner_name:name)&id=gt.3",
        [{"id": 4, "owner_name": "Ansel"}, {"id": 5, "owner_name": None}],
    ),
    rows(
        "leaves?select=name,...branches(branch:name,...plants(plant:name))&limit=2",
        [{"name": f"leaf {n}", "branch": "branch 1", "plant": "plant 1"} for n in (1, 2)],
    ),
    rows(
        "leaves?select=name,on:branches(name,...plants(plant:name))&limit=1",
        [{"name": "leaf 1", "on": {"name": "branch 1", "plant": "plant 1"}}],
    ),
    rows("countries?select=name,...capitals(capital:name)&id=eq.2", [{"name": "Bora", "capital": "Bton"}]),
    rows(
        "workers?select=*,tasks:shifts(*,...repairs(*))&id=eq.3",
        [
            {
                "id": 3,
                "name": "Cy",
                "tasks": [
                    {"worker_id": 3, "repair_id": 1, "id": 1, "name": "Plan gull", "boat_id": 1},
                    {"worker_id": 3, "repair_id": 5, "id": 5, "name": "Plan ibis", "boat_id": 3},
                ],
            }
        ],
    ),
    rows("workers?select=id,tasks:shifts(...repairs(id))&id=eq.3", [{"id": 3, "tasks": [{"id": 1}, {"id": 5}]}]),
    ids("boats?select=id,...owners!inner()&owners.id=eq.1", 1, 2),
]
SPREADS_TO_MANY = [
    rows(
        "factories?select=factory:name,...processes(name,category_id)&id=lte.2",
        [
            {"factory": "Factory A", "name": ["A1", "A2"], "category_id": [1, 2]},
            {"factory": "Factory B", "name": ["B1", "B2"], "category_id": [1, 1]},
        ],
    ),
    rows(
        "factories?select=factory:name,...processes(names:name)&processes=is.null",
        [{"factory": "Factory D", "names": []}],
    ),
    rows(
        "factories?select=factory:name,...processes(*)&id=eq.1",
        [{"factory": "Factory A", "id": [1, 2], "name": ["A1", "A2"], "factory_id": [1, 1], "category_id": [1, 2]}],
    ),
    rows(
        "factories?select=factory:name,...processes(process:name,...costs(cost))&id=eq.2",
        [{"factory": "Factory B", "process": ["B1", "B2"], "cost": [180.0, 70.0]}],
    ),
    rows(
        "factories?select=factory:name,...processes(process:name,costs(cost))&id=eq.2",
        [{"factory": "Factory B", "process": ["B1", "B2"], "costs": [{"cost": 180.0}, {"cost": 70.0}]}],
    ),
    rows(
        "processes?select=*,...supervisors(who:name)&id=eq.4",
        [{"id": 4, "name": "B2", "factory_id": 2, "category_id": 1, "who": ["Mary", "John"]}],
    ),
]


@pytest.mark.parametrize("fact", [*TO_ONE, *TO_MANY, *THROUGH_LINKS, *SPREADS, *SPREADS_TO_MANY], ids=str)
def test_join(client: Client, fact: Fact) -> None:
    fact.check(client)
