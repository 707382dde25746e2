"""Orders by an embed, and tests of whether it has a row."""

from __future__ import annotations

import pytest

from .conftest import Client
from .facts import Fact, counted, ids, refused, rows

MAIN_OR_TABBY = (
    "clients?select=id,infos(),contacts()&infos.other=ilike.*main*&contacts.name=ilike.*tabby*"
    "&or=(infos.not.is.null,contacts.not.is.null)"
)
NOT_TO_ONE = "'{}' and '{}' do not form a many-to-one or one-to-one relationship"
ONLY_NULL = "Only is null or not is null filters are allowed on embedded resources"

ORDERS = [
    ids("boats?select=id,owners()&order=owners(name).nullsfirst,id", 5, 3, 4, 1, 2),
    ids("boats?select=id,owner:owners()&order=owner(name).asc,id.desc", 4, 3, 2, 1, 5),
    ids("countries?select=id,capitals()&order=capitals(data->key).asc", 2, 3, 1),
    ids("countries?select=id,capitals()&order=capitals(data->key).desc", 1, 3, 2),
    rows(
        "workers?select=name,repairs(id,boats(id))&repairs.order=boats(id).desc,name&limit=1",
        [
            {
                "name": "Ada",
                "repairs": [
                    {"id": 3, "boats": {"id": 2}},
                    {"id": 4, "boats": {"id": 2}},
                    {"id": 1, "boats": {"id": 1}},
                    {"id": 2, "boats": {"id": 1}},
                ],
            }
        ],
    ),
    refused(
        "owners?select=*,boats(*)&order=boats(id)",
        400,
        "PGRST118",
        "A related order on 'boats' is not possible",
        NOT_TO_ONE.format("owners", "boats"),
    ),
    refused(
        "owners?select=*,fast:boats(*)&order=fast(id)",
        400,
        "PGRST118",
        "A related order on 'fast' is not possible",
        NOT_TO_ONE.format("owners", "fast"),
    ),
]
PRESENCE = [
    ids("boats?select=id,owners()&owners=not.is.null", 1, 2, 3, 4),
    ids("boats?select=id,owners()&owners=is.null", 5),
    ids("plants?select=id,branches()&branches=not.is.null", 1, 2),
    ids("plants?select=id,branches()&branches=is.null", 3, 4),
    ids("plants?select=id,twigs:branches()&twigs=is.null", 3, 4),
    ids("workers?select=id,repairs()&repairs.id=eq.1&repairs=not.is.null", 1, 3),
    ids("workers?select=id,repairs()&repairs.id=eq.1&repairs=is.null", 2),
    rows(
        "plants?select=id,branches(id,leaves())&branches.leaves=not.is.null&branches=not.is.null",
        [{"id": 1, "branches": [{"id": 1}, {"id": 2}]}],
    ),
    ids(MAIN_OR_TABBY, 1, 2),
    counted(MAIN_OR_TABBY, "0-1/2"),
    counted("boats?select=id,owners(name)&owners=not.is.null", "0-3/4"),
    counted("boats?select=id,owners()&owners=is.null", "0-0/1"),
    rows(
        "table_b?select=name,table_a(name)&table_a=not.is.null",
        [{"name": "Test 1", "table_a": {"name": "Not null 1"}}, {"name": "Test 2", "table_a": {"name": None}}],
    ),
    rows("table_b?select=name,table_a()&table_a=is.null", [{"name": "Test 3"}]),
    ids("boats?select=id,owner:owner_id()&owner_id=eq.2", 3, 4),
    refused(
        "boats?select=id,owners()&owners=eq.1",
        400,
        "PGRST120",
        "Bad operator on the 'owners' embedded resource",
        ONLY_NULL,
    ),
    refused(
        "boats?select=id,o:owners()&or=(o.gt.2,id.eq.1)",
        400,
        "PGRST120",
        "Bad operator on the 'owners' embedded resource",
        ONLY_NULL,
    ),
]


@pytest.mark.parametrize("fact", [*ORDERS, *PRESENCE], ids=str)
def test_relation(client: Client, fact: Fact) -> None:
    fact.check(client)
