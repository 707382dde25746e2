"""Which relationship a word means: constraints, columns, link tables, rows of the same table, and near misses."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from .conftest import Client
from .facts import JSON, Fact, refused, rows

Way = tuple[str, str]


def ambiguous(origin: str, target: str, ways: Sequence[Way], hints: Sequence[str]) -> Fact:
    details = [{"cardinality": kind, "embedding": f"{origin} with {target}", "relationship": way} for kind, way in ways]
    choices = ", ".join(f"'{target}!{hint}'" for hint in hints)
    hint = f"Try changing '{target}' to one of the following: {choices}. Find the desired relationship in the 'details' key."
    message = f"Could not embed because more than one relationship was found for '{origin}' and '{target}'"
    body = {"code": "PGRST201", "details": details, "hint": hint, "message": message}
    return Fact("GET", f"{origin}?select=*,{target}(*)", body, 300, headers={"Content-Type": JSON})


def unrelated(origin: str, select: str, target: str, hint: str | None = None, using: str = "") -> Fact:
    between = f"between '{origin}' and '{target}'"
    message = f"Could not find a relationship {between} in the schema cache"
    details = (
        f"Searched for a foreign key relationship {between}{using} in the schema 'public', but no matches were found."
    )
    return refused(f"{origin}?select={select}", 400, "PGRST200", message, details, hint)


def instead(meant: str, written: str) -> str:
    return f"Perhaps you meant '{meant}' instead of '{written}'."


AMBIGUOUS = [
    ambiguous(
        "yards",
        "docks",
        [
            ("many-to-one", "main_dock using yards(main_dock_id) and docks(id)"),
            ("many-to-many", "moorings using moorings_yard_id_fkey(yard_id) and moorings_dock_id_fkey(dock_id)"),
        ],
        ["main_dock", "moorings"],
    ),
    ambiguous(
        "captains",
        "fleets",
        [
            ("many-to-one", "captains_fleet_id_fkey using captains(fleet_id) and fleets(id)"),
            ("one-to-many", "fleets_head_id_fkey using captains(id) and fleets(head_id)"),
        ],
        ["captains_fleet_id_fkey", "fleets_head_id_fkey"],
    ),
    ambiguous(
        "ports",
        "wares",
        [
            ("many-to-many", f"hauls using hauls_port_{p}_fkey(port_{p}) and hauls_ware_{w}_fkey(ware_{w})")
            for p, w in ((1, 1), (1, 2), (2, 1), (2, 2))
        ],
        ["hauls"] * 4,
    ),
    ambiguous(
        "firsts",
        "seconds",
        [("one-to-one", f"firsts_second_{n}_fkey using firsts(second_{n}) and seconds(id)") for n in (1, 2)],
        ["firsts_second_1_fkey", "firsts_second_2_fkey"],
    ),
]
HINTED = [
    rows("boats?id=eq.1&select=id,boats_owner_id_fkey(name)", [{"id": 1, "boats_owner_id_fkey": {"name": "Mara"}}]),
    rows("boats?id=eq.1&select=id,owner_id(name)", [{"id": 1, "owner_id": {"name": "Mara"}}]),
    rows("boats?id=eq.1&select=owner_id,o:owner_id(name)", [{"owner_id": 1, "o": {"name": "Mara"}}]),
    rows("remarks?select=body,author_id(name)", [{"body": "Soon, please", "author_id": {"name": "Ada"}}]),
    rows("remarks?select=about(worker_id)", [{"about": {"worker_id": 2}}]),
    rows(
        "orders?id=eq.1&select=name,billing(address),shipping(address)",
        [{"name": "order 1", "billing": {"address": "address 1"}, "shipping": {"address": "address 2"}}],
    ),
    rows(
        "orders?id=eq.1&select=billing_id(id),shipping(id)",
        [{"billing_id": {"id": 1}, "shipping": {"id": 2}}],
    ),
    rows(
        "messages?select=id,from:persons!sender(name),to:persons!recipient(name)&id=eq.1",
        [{"id": 1, "from": {"name": "John"}, "to": {"name": "Jane"}}],
    ),
    rows(
        "messages?select=id,persons!messages_sender_fkey(name)&id=eq.1",
        [{"id": 1, "persons": {"name": "John"}}],
    ),
    rows("owners?id=eq.1&select=boats!owner_id(id)", [{"boats": [{"id": 1}, {"id": 2}]}]),
    rows("owners?id=eq.1&select=boats!id(id)", [{"boats": [{"id": 1}, {"id": 2}]}]),
    rows("yards?select=name,main_dock(name)&id=eq.1", [{"name": "yard 1", "main_dock": {"name": "dock 1"}}]),
    rows("yards?select=id,docks!main_dock(name)&id=eq.2", [{"id": 2, "docks": None}]),
    rows(
        "yards?select=id,docks!moorings(name)",
        [{"id": 1, "docks": [{"name": "dock 1"}]}, {"id": 2, "docks": [{"name": "dock 1"}, {"name": "dock 2"}]}],
    ),
    rows("ports?select=hauls!port_1(...wares!ware_2(*))", []),
    rows(
        "posters?select=id,by:follows!subscribed(...posters!subscriber(name))&id=eq.1",
        [{"id": 1, "by": [{"name": "Elon"}, {"name": "Bill"}]}],
    ),
]
TO_ITSELF = [
    rows(
        "family?id=in.(3,4)&select=id,parent(id,parent(id,parent(*)))",
        [
            {"id": "3", "parent": {"id": "1", "parent": None}},
            {"id": "4", "parent": {"id": "2", "parent": {"id": "1", "parent": None}}},
        ],
    ),
    rows(
        "family?id=eq.1&select=name,children:family!parent(id,children:family!parent(id))",
        [
            {
                "name": "Elder",
                "children": [{"id": "2", "children": [{"id": "4"}]}, {"id": "3", "children": [{"id": "5"}]}],
            }
        ],
    ),
    rows("family?id=eq.1&select=children:family(id)", [{"children": [{"id": "2"}, {"id": "3"}]}]),
    rows(
        "family?id=eq.2&select=parent(name,children:family!parent(id))",
        [{"parent": {"name": "Elder", "children": [{"id": "2"}, {"id": "3"}]}}],
    ),
    rows(
        "firms?select=name,referee(name),auditor(name)&id=eq.3",
        [{"name": "Acme", "referee": {"name": "Referees"}, "auditor": {"name": "Auditors"}}],
    ),
    rows("firms?select=id,judged:firms!referee(id)&id=eq.1", [{"id": 1, "judged": [{"id": 3}, {"id": 4}]}]),
    rows("firms?select=id,audited:firms!auditor(id)&id=eq.2", [{"id": 2, "audited": [{"id": 3}, {"id": 4}]}]),
    rows(
        "firms?select=managers(name),referee(name,managers(name),auditor(name,managers(name)))&id=eq.5",
        [
            {
                "managers": {"name": "Rita"},
                "referee": {
                    "name": "Acme",
                    "managers": {"name": "Cleo"},
                    "auditor": {"name": "Auditors", "managers": {"name": "Aldo"}},
                },
            }
        ],
    ),
    ambiguous(
        "firms",
        "firms",
        [
            ("one-to-many", "firms_auditor_fkey using firms(id) and firms(auditor)"),
            ("one-to-many", "firms_referee_fkey using firms(id) and firms(referee)"),
        ],
        ["firms_auditor_fkey", "firms_referee_fkey"],
    ),
]
UNRELATED = [
    unrelated("messages", "id,sender:persons!space(name)", "persons", None, " using the hint 'space'"),
    unrelated("ends_1", "ends_2(*)", "ends_2"),
    unrelated("family", "parents(*)", "parents"),
    unrelated(
        "car_models",
        "id,car_model_sales_202101(id)",
        "car_model_sales_202101",
        instead("car_model_sales", "car_model_sales_202101"),
    ),
    unrelated("car_model_sales", "id,car_models_old(id)", "car_models_old", instead("car_models", "car_models_old")),
    unrelated(
        "car_model_sales_202101", "car_models(id)", "car_models", instead("car_model_sales", "car_model_sales_202101")
    ),
    unrelated(
        "car_models_default", "car_model_sales(id)", "car_model_sales", instead("car_model_sales", "car_models_default")
    ),
    unrelated("boats", "id,owner(name)", "owner", instead("owners", "owner")),
    unrelated("boat", "id,owners(name)", "owners", instead("boats", "boat")),
    unrelated("Boats", "id,owners(name)", "owners", instead("boats", "Boats")),
    unrelated("boats", "id,Owners(name)", "Owners"),
    refused(
        "boats?select=id,repairs(id,worker(name))",
        400,
        "PGRST200",
        "Could not find a relationship between 'repairs' and 'worker' in the schema cache",
        "Searched for a foreign key relationship between 'repairs' and 'worker' in the schema 'public', but no matches were found.",
        "Perhaps you meant 'workers' instead of 'worker'.",
    ),
    unrelated("boats", "id,xyzzyxyzzy(name)", "xyzzyxyzzy"),
    unrelated("qqqqqqq", "id,xyzzyxyzzy(name)", "xyzzyxyzzy"),
]


@pytest.mark.parametrize("fact", [*AMBIGUOUS, *HINTED, *TO_ITSELF, *UNRELATED], ids=str)
def test_choice(client: Client, fact: Fact) -> None:
    fact.check(client)
