"""Aggregates of PostgREST 12, in groups, embeds and spreads."""

from __future__ import annotations

import pytest

from .conftest import Client
from .facts import Fact, rows

TOTALS = [(4, 4100, 4000, 100), (3, 3200, 2000, 1200), (2, 1200, 700, 500), (1, 300, 200, 100)]

FACTS = [
    rows("plants?select=count()", [{"count": 4}]),
    rows("plants?select=count", [{"count": 4}]),
    rows("plants?select=cnt:count()", [{"cnt": 4}]),
    rows("plants?select=count()::text", [{"count": "4"}]),
    rows(
        "boats?select=c:count(),owner_id&order=owner_id.desc",
        [{"c": 1, "owner_id": None}, {"c": 2, "owner_id": 2}, {"c": 2, "owner_id": 1}],
    ),
    rows("owners?select=name,boats(count)'", [{"name": name, "boats": [{"count": 2}]} for name in ("Mara", "Ansel")]),
    rows("invoices?select=total.sum()", [{"sum": 8800}]),
    rows("invoices?select=total.avg()", '[{"avg":1100.0000000000000000}]'),
    rows("invoices?select=total.min()", [{"min": 100}]),
    rows("invoices?select=total.max()", [{"max": 4000}]),
    rows("invoices?select=total.count()", [{"count": 8}]),
    rows(
        "invoices?select=total.sum(),total.max(),total.min(),boat_id&order=boat_id.desc",
        [{"sum": total, "max": most, "min": least, "boat_id": boat} for boat, total, most, least in TOTALS],
    ),
    rows(
        "invoices?select=charged:total.sum(),b:boat_id&order=boat_id.desc",
        [{"charged": total, "b": boat} for boat, total, _, _ in TOTALS],
    ),
    rows("invoices?select=t:total.sum()::text,boat_id&boat_id=eq.1", [{"t": "300", "boat_id": 1}]),
    rows("capitals?select=data->>key::integer.sum()", [{"sum": 24}]),
    rows("capitals?select=s:data->>key::integer.sum()::text", [{"s": "24"}]),
    rows(
        "invoices?select=boat_id,t:total.sum(),boats(name)&order=boat_id&boat_id=lt.3",
        [
            {"boat_id": 1, "t": 300, "boats": {"name": "Gull"}},
            {"boat_id": 2, "t": 1200, "boats": {"name": "Heron"}},
        ],
    ),
    rows(
        "boats?select=id,invoices(total.sum(),total.max())&id=in.(1,5)",
        [{"id": 1, "invoices": [{"sum": 300, "max": 200}]}, {"id": 5, "invoices": [{"sum": None, "max": None}]}],
    ),
    rows(
        "boats?select=id,invoices(count())&id=in.(1,5)",
        [{"id": 1, "invoices": [{"count": 2}]}, {"id": 5, "invoices": [{"count": 0}]}],
    ),
    rows(
        "processes?select=...costs(cost.sum()),...categories(name)&order=categories(name)",
        [{"sum": 400.0, "name": "Batch"}, {"sum": 310.0, "name": "Mass"}],
    ),
    rows("processes?select=...costs(t:cost.sum())", [{"t": 710.0}]),
    rows(
        "process_supervisor?select=...processes(factory_id,...costs(cost.sum()))&order=processes(factory_id)",
        [{"factory_id": 1, "sum": 350.0}, {"factory_id": 2, "sum": 500.0}, {"factory_id": 3, "sum": 110.0}],
    ),
    rows(
        "process_supervisor?select=supervisor_id,...processes(count())&order=supervisor_id",
        [{"supervisor_id": n, "count": count} for n, count in ((1, 2), (2, 2), (3, 3), (4, 1))],
    ),
    rows(
        "process_supervisor?select=...supervisors(id,count())&order=supervisors(id)",
        [{"id": n, "count": count} for n, count in ((1, 2), (2, 2), (3, 3), (4, 1))],
    ),
    Fact("GET", "invoices?select=total.median()", status=400),
]


@pytest.mark.parametrize("fact", FACTS, ids=str)
def test_aggregate(client: Client, fact: Fact) -> None:
    fact.check(client)
