"""A key that may only read writes by no path: every address of every dialect, with every method."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from bookingoffice.accounts.models import Scope
from bookingoffice.api import engine
from tests.bookingoffice.postgrest_fuzz.scene import TABLES, Tenant, fingerprint
from tests.bookingoffice.postgrest_fuzz.undoing import undone
from tests.builders import make_key

NOBODY = "01a1fdc0-6113-7b74-b569-6d3586ae6f5d"
WRITING = ("POST", "PUT", "PATCH", "DELETE")
ASKING = frozenset(name for name, function in engine.functions.items() if function.reads_only)


@pytest.fixture(scope="module")
def reader(ours: Tenant) -> str:
    return make_key(ours.organization, [Scope.READ])


@pytest.fixture(scope="module")
def ids(ask) -> dict[str, Any]:
    return {table: next(iter(ask.rows(table, "limit=1")), {}) for table in TABLES}


def addresses(ours: Tenant, ids) -> list[tuple[str, str]]:
    coupon, public_id = ids["coupons"]["id"], ids["coupons"].get("public_id") or ids["coupons"]["id"]
    project = ours.organization.pk
    found = [(f"/v1/{table}?{key_of(table, ids)}", table) for table in TABLES]
    found += [(f"/bookingmood/v1/{table}?{key_of(table, ids)}", table) for table in TABLES]
    found += [(f"/v1/rpc/{name}", name) for name in engine.functions]
    for prefix in ("/hyperline/v1", "/v1"):
        found += [(f"{prefix}/coupons", ""), (f"{prefix}/coupons/{public_id}", "")]
    for prefix in ("/fynn", ""):
        found += [(f"{prefix}/coupons", ""), (f"{prefix}/coupons/{coupon}", "")]
    for prefix in ("/botsubscription", ""):
        root = f"{prefix}/v2/projects/{project}/coupons"
        found += [(root, ""), (f"{root}/{coupon}", "")]
    return found


def key_of(table: str, ids) -> str:
    return "&".join(f"{name}=eq.{ids[table].get(name, NOBODY)}" for name in engine.catalog.resources[table].primary_key)


def bodies(word: str, ids) -> list[str]:
    row = ids.get(word, {})
    arguments = {
        "coupon_id": ids["coupons"]["id"],
        "booking_id": ids["bookings"]["id"],
        "until": "2999-01-01T00:00:00Z",
    }
    arguments |= {"count": 3, "coupon": {}, "from": 2027, "to": 2028, "season_id": ids["seasons"]["id"]}
    dialects = {"name": "x", "code": "NEW-ONE", "type": "percent", "discount_percent": 5, "coupon_type": "percentage"}
    dialects |= {
        "percentage": 5,
        "frequency": "once",
        "expiration_date": None,
        "description": None,
        "redemption_limit": 1,
    }
    return [json.dumps(body) for body in (row, [row], arguments, dialects)]


def test_no_path_writes_for_a_key_that_reads(ours: Tenant, reader: str, ids) -> None:
    """A function that only reads may answer; whatever is answered, every table is as it was."""
    client, before, let_in = Client(raise_request_exception=False), fingerprint(ours), []
    with undone():
        for address, word in addresses(ours, ids):
            for method in WRITING:
                for body in bodies(word, ids):
                    headers = {"Authorization": f"Bearer {reader}", "Prefer": "resolution=merge-duplicates"}
                    answer = client.generic(method, address, body, "application/json", headers=headers)
                    assert answer.status_code < 500, (method, address, body)
                    if answer.status_code < 300 and word not in ASKING:
                        let_in.append((method, address, answer.status_code))
        assert fingerprint(ours) == before
    assert let_in == []


def test_a_key_that_may_write_is_let_in_where_the_other_was_not(ours: Tenant, ids) -> None:
    """So that the walk above is refused for the scope and not for a mistake in it."""
    client, writer = Client(raise_request_exception=False), ours.token
    with undone():
        for address, body in [
            (f"/v1/coupons?id=eq.{ids['coupons']['id']}", {"description": "x"}),
            (f"/v1/products?id=eq.{ids['products']['id']}", {"timezone": "Europe/Oslo"}),
        ]:
            headers = {"Authorization": f"Bearer {writer}"}
            answer = client.generic("PATCH", address, json.dumps(body), "application/json", headers=headers)
            assert answer.status_code in (200, 204), answer.content
