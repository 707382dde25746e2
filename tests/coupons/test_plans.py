"""What PostgreSQL means to do for the statements that are sent most: an index for each, no sort, no table read from end to end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookingoffice.api import engine
from bookingoffice.audit.writing import recording
from bookingoffice.database import pipeline
from bookingoffice.database.batches import Query
from bookingoffice.database.remembered import ORGANIZATION, remember
from bookingoffice.database.scope import tenant_scope
from bookingoffice.postgrest.execution import PageRead
from bookingoffice.postgrest.views.asks import Head
from bookingoffice.postgrest.views.reading import _made
from bookingoffice.records import uuid7
from coupons.models import Coupon, CouponUse
from tests import databases
from tests.bookingoffice.accounts.desks import Desk, make_desk
from tests.builders import TESTER, make_organization

COUPONS, USES, BOOKINGS = 3_000, 30_000, 6_000
ID = "('00000000-0000-7000-%s-' || lpad(to_hex(%s), 12, '0'))::uuid"
COUPON = "00000000-0000-7000-9000-000000000007"
TABLES = ("coupons", "coupon_uses", "bookings")
BUSY = "00000000-0000-7000-9000-000000000000"
TRIED = 5
"""So often PostgreSQL plans a statement for its values, before it compares that with one plan for all of them."""

FILL = f"""
INSERT INTO coupons (organization_id, id, created_at, code, name, kind, percent, definition)
SELECT organizations.id, {ID % ("9000", "n")}, '2027-01-01'::timestamptz + n * interval '1 minute',
    'CODE' || n, 'Code', 'percent', 15, '{{"type": "relative", "value": -15, "restrictions": []}}'
FROM organizations, generate_series(0, {COUPONS - 1}) AS n;
INSERT INTO bookings (organization_id, id)
SELECT organizations.id, {ID % ("8000", "n")} FROM organizations, generate_series(0, {BOOKINGS - 1}) AS n;
INSERT INTO coupon_uses (organization_id, id, created_at, coupon_id, booking_id, state, redeemed_at)
SELECT organizations.id, {ID % ("a000", "n")}, '2027-01-01'::timestamptz + n * interval '1 second',
    {ID % ("9000", f"CASE WHEN n < {BOOKINGS} THEN 0 ELSE 1 + n % {COUPONS - 1} END")},
    {ID % ("8000", f"n % {BOOKINGS}")}, 'redeemed', now()
FROM organizations, generate_series(0, {USES - 1}) AS n ON CONFLICT DO NOTHING;
"""


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker, kept_tables) -> Iterator[Any]:
    """Two organizations, rows enough that a wrong plan would be taken, and the planner told of them."""
    with django_db_blocker.unblock():
        try:
            organization = make_organization()
            make_organization("Stranger")
            with connections["owner"].cursor() as cursor:
                for table in TABLES:
                    cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
                cursor.execute(FILL)
                for table in TABLES:
                    cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
                    cursor.execute(f"VACUUM ANALYZE {table}")
            yield organization
        finally:
            connections["default"].close()
            databases.clear(keep=kept_tables)


def nodes_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes_of(child)


def read_of(organization: Any, table: str, query: str, prefer: str | None = None) -> Query:
    made = _made(engine.catalog, engine.bounds, table, Head("GET", query.encode(), prefer))
    return Query(made.read.statement.text, made.read.statement.parameters(organization.pk, made.texts))


def explained(organization: Any, table: str, query: str, prefer: str | None = None) -> list[dict[str, Any]]:
    asked = read_of(organization, table, query, prefer)
    explain = Query(b"EXPLAIN (FORMAT JSON) " + asked.text, asked.parameters)
    [row] = pipeline.read(pipeline.Read(organization.pk, [explain]))
    return list(nodes_of(json.loads(row[0] or b"")[0]["Plan"]))


def explained_once_for_all(organization: Any, table: str, query: str) -> list[dict[str, Any]]:
    """The plan that is kept for whatever values come."""
    text = read_of(organization, table, query).text
    with tenant_scope(organization.pk), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        result = cursor.connection.pgconn.exec_(b"EXPLAIN (GENERIC_PLAN, FORMAT JSON) " + text)
    return list(nodes_of(json.loads(result.get_value(0, 0) or b"")[0]["Plan"]))


AFTER = '"2027-01-01T05:00:00%2B00:00"'
CURSOR = (
    "created_at=lte.2027-01-01T05:00:00%2B00:00&or=(created_at.lt." + AFTER + ",and(created_at.eq." + AFTER + ",or("
    f'coupon_id.lt."{COUPON}",and(coupon_id.eq."{COUPON}",booking_id.lt."{COUPON}"))))'
)
A_USE = {"coupon_uses_pkey"}, {"coupon_uses_of_coupon_idx"}
"""Either: the second has all columns in it, and of an average coupon few rows, so where all are old enough it costs the same."""

READS: dict[str, Any] = {
    "the list of uses": ("coupon_uses", "order=created_at.desc&limit=100", {"coupon_uses_newest_idx"}),
    "the oldest uses": ("coupon_uses", "order=created_at.asc&limit=100", {"coupon_uses_newest_idx"}),
    "the next page": ("coupon_uses", f"order=created_at.desc&limit=100&{CURSOR}", {"coupon_uses_newest_idx"}),
    "uses in no order": ("coupon_uses", "limit=100", {"coupon_uses_pkey"}),
    "uses of a coupon": (
        "coupon_uses",
        f"coupon_id=eq.{COUPON}&order=created_at.desc&limit=20",
        {"coupon_uses_of_coupon_idx"},
    ),
    "uses of a busy coupon": (
        "coupon_uses",
        f"coupon_id=eq.{BUSY}&order=created_at.desc&limit=20",
        {"coupon_uses_of_coupon_idx"},
    ),
    "a use": ("coupon_uses", f"coupon_id=eq.{COUPON}&booking_id=eq.{COUPON}", A_USE),
    "a coupon": ("coupons", f"id=eq.{COUPON}", {"coupons_pkey"}),
    "a code": ("coupons", "code=eq.CODE7", {"coupons_code_idx"}),
    "the list of coupons": ("coupons", "order=created_at.desc&limit=100", {"coupons_newest_idx"}),
    "uses with their coupons": (
        "coupon_uses",
        "select=*,coupons(code)&order=created_at.desc&limit=100",
        {"coupon_uses_newest_idx", "coupons_pkey"},
    ),
}


@pytest.mark.parametrize("plan", [explained, explained_once_for_all])
@pytest.mark.parametrize(("table", "query", "indexes"), READS.values(), ids=READS)
def test_a_read_goes_by_its_index(house, plan, table, query, indexes):
    nodes = plan(house, table, query)

    kinds = [node["Node Type"] for node in nodes]
    found = {node["Index Name"] for node in nodes if "Index Name" in node} - {"organizations_pkey"}
    assert found in (indexes if isinstance(indexes, tuple) else [indexes]), nodes
    assert not [kind for kind in kinds if "Sort" in kind or "Bitmap" in kind], kinds
    assert not [
        node for node in nodes if node["Node Type"] == "Seq Scan" and node["Relation Name"] != "organizations"
    ], nodes


def planned_anew(house, statement: bytes) -> int:
    with tenant_scope(house.pk), connection.cursor() as cursor:
        cursor.execute(
            "SELECT custom_plans FROM pg_prepared_statements WHERE statement = %s AND generic_plans + custom_plans > 0",
            [statement.decode()],
        )
        return int(cursor.fetchall()[-1][0])


def settled_by(house, query: str) -> bool:
    """Whether one plan is asked for, whatever the values."""
    made = _made(engine.catalog, engine.bounds, "coupon_uses", Head("GET", query.encode(), None))
    return PageRead.of(house.pk, made.read, made.texts, cap=1000).asked.one_plan


def test_a_page_behind_a_place_is_never_planned_for_its_values(house):
    table, query, _ = READS["the next page"]
    asked = read_of(house, table, query)
    for _ in range(12):
        pipeline.read(pipeline.Read(house.pk, [asked], one_plan=settled_by(house, query)))

    assert planned_anew(house, asked.text) == 0


@pytest.mark.parametrize(
    ("query", "settled"),
    [
        (f"order=created_at.desc&limit=100&{CURSOR}", True),
        ("order=created_at.asc&created_at=gt.2027-01-01", True),
        ("order=created_at.desc,coupon_id&created_at=lt.2027-01-01&coupon_id=lt." + COUPON, True),
        ("order=created_at.desc&limit=100", False),
        ("order=created_at.desc&created_at=eq.2027-01-01", False),
        ("order=created_at.desc&created_at=not.lt.2027-01-01", False),
        ("order=created_at.desc&or=(created_at.lt.2027-01-01,coupon_id.lt." + COUPON + ")", False),
        ("created_at=lt.2027-01-01", False),
        ("order=created_at.desc&created_at=lt.2027-01-01&id=eq." + COUPON, False),
        ("order=created_at.desc&created_at=lt.2027-01-01&select=*,coupons(code)", False),
    ],
)
def test_only_a_page_behind_a_place_alone_is(house, query, settled):
    assert settled_by(house, query) is settled


@pytest.mark.parametrize("name", sorted(READS.keys() - {"the next page"}))  # which is never planned for its values
def test_a_read_that_comes_often_is_planned_no_more(house, name):
    table, query, _ = READS[name]
    asked = read_of(house, table, query)
    for _ in range(12):
        pipeline.read(pipeline.Read(house.pk, [asked]))

    assert planned_anew(house, asked.text) == TRIED


def test_a_page_of_another_dialect_that_comes_often_is_planned_no_more(house):
    statement = remember(lambda: Coupon.objects.of(ORGANIZATION).order_by("-created_at").values("id"))
    for _ in range(12):
        with tenant_scope(house.pk):
            statement.page(limit=50, organization_id=house.pk)

    with tenant_scope(house.pk), connection.cursor() as cursor:
        cursor.execute("SELECT custom_plans FROM pg_prepared_statements WHERE statement LIKE '%LIMIT 50%AS page%'")
        assert cursor.fetchall() == [(TRIED,)]


def test_the_history_of_what_was_made_is_planned_once(house):
    for _ in range(12):
        with tenant_scope(house.pk):
            asked = recording(CouponUse, house.pk, [uuid7()], actor=TESTER, moment=timezone.now(), images={})
            pipeline.first_row(pipeline.connection_of(), asked)

    assert planned_anew(house, asked.text) == TRIED


def test_the_list_of_uses_is_read_from_its_index_alone(house):
    kinds = [node["Node Type"] for node in explained(house, "coupon_uses", "order=created_at.desc&limit=100")]

    assert "Index Only Scan" in kinds


def test_an_estimated_count_looks_at_no_more_rows_than_its_bound(house):
    nodes = explained(house, "coupon_uses", "order=created_at.desc&limit=100", "count=estimated")

    limits = [node["Plan Rows"] for node in nodes if node["Node Type"] == "Limit"]
    assert max(limits) == engine.bounds.answer_rows + 1


@pytest.fixture(scope="module")
def desk(house: Any, django_db_blocker: Any) -> Iterator[Desk]:
    with django_db_blocker.unblock():
        yield make_desk("owner", house)


LISTED = (
    "coupons/coupon/", "coupons/coupon/?expiring=week", "coupons/coupon/?expiring=month", "coupons/coupon/?when=2027",
    "coupons/couponuse/", "coupons/couponuse/?state=reserved", "coupons/couponuse/?state=lapsed", "coupons/couponuse/?currency=CHF",
    f"coupons/couponuse/?coupon={COUPON}", "coupons/couponuse/?coupon=code+7", "coupons/couponuse/?when=2027-01",
    "references/booking/", "audit/auditentry/?q=code+7",
)  # fmt: skip


@pytest.mark.parametrize("page", LISTED)
def test_a_list_of_the_admin_reads_no_large_table_from_end_to_end(page: str, desk: Desk) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert desk.client.get(f"/admin/{page}").status_code == 200
    statements = [query["sql"] for query in captured if any(f'"{table}"' in query["sql"] for table in TABLES)]
    if page == "coupons/coupon/":  # what nothing narrows is counted in whatever order it lies, up to the bound
        statements = [statement for statement in statements if not statement.startswith("SELECT COUNT(*)")]
    assert statements

    with desk.scope(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}")
            [[plan]] = cursor.fetchall()
            read = [node for node in nodes_of(plan[0]["Plan"]) if node["Node Type"] == "Seq Scan"]
            assert not [node for node in read if node["Relation Name"] in TABLES], statement
