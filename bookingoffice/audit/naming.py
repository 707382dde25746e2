"""The rows that a page of history names, by their names and not by their ids: one statement for the whole page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import sql

from bookingoffice.audit.rows import LABELS
from bookingoffice.database.rows import execute

Wanted = Mapping[str, Collection[str]]


class Named(NamedTuple):
    """`coupon` and `booking` are those of a use; `currency` and `limit_currency` those of a row with amounts. A row that is no
    more is `gone`."""

    label: str
    currency: str | None = None
    limit_currency: str | None = None
    coupon: str | None = None
    booking: str | None = None
    gone: bool = False


PLAIN = """
SELECT {name}, id::text, {label}, image ->> 'currency', image ->> 'limit_currency', NULL, NULL FROM (
    SELECT id, to_jsonb(rows) AS image FROM {table} AS rows
    WHERE rows.{owner} = %(organization_id)s AND rows.id = ANY(%({name_of_ids})s::uuid[])) AS named
"""
USES = """
SELECT 'coupon_uses', uses.id::text, '', uses.currency, NULL, coupons.code,
    coalesce(nullif(bookings.reference, ''), bookings.id::text)
FROM coupon_uses AS uses
JOIN coupons ON coupons.organization_id = %(organization_id)s AND coupons.id = uses.coupon_id
JOIN bookings ON bookings.organization_id = %(organization_id)s AND bookings.id = uses.booking_id
WHERE uses.organization_id = %(organization_id)s AND uses.id = ANY(%(coupon_uses)s::uuid[])
"""
PEOPLE = """
SELECT 'auth_user', id::text, coalesce(nullif(btrim(concat_ws(' ', first_name, last_name)), ''), username), NULL, NULL, NULL, NULL
FROM auth_user WHERE id = ANY(%(auth_user)s::int[])
"""
GONE = """
SELECT DISTINCT ON (table_name, row_id) table_name, row_id::text, row_label, NULL, NULL, NULL, NULL FROM audit_entries
WHERE organization_id = %(organization_id)s AND action = 'deleted' AND row_label <> ''
AND (table_name, row_id) IN (SELECT * FROM unnest(%(tables)s::text[], %(gone)s::uuid[]))
ORDER BY table_name, row_id, created_at DESC
"""
KEPT_IN = frozenset({"coupon_uses", "auth_user"})


def names_of(organization_id: UUID, wanted: Wanted) -> dict[tuple[str, str], Named]:
    """By table and id. A row that is gone has the name it was deleted under, which takes a second statement."""
    asked = {table: sorted(ids) for table, ids in wanted.items() if ids and (table in LABELS or table in KEPT_IN)}
    if not asked:
        return {}
    statement = sql.SQL(" UNION ALL ").join(map(_part, asked))
    parameters: dict[str, Any] = {"organization_id": organization_id, **asked}
    found = _read(execute(statement, **parameters))
    gone = [(table, row_id) for table, ids in asked.items() for row_id in ids if (table, row_id) not in found]
    return found | (_gone(organization_id, gone) if gone else {})


def _part(table: str) -> sql.Composable:
    if table == "coupon_uses":
        return sql.SQL(USES)
    if table == "auth_user":
        return sql.SQL(PEOPLE)
    return sql.SQL(PLAIN).format(
        name=sql.Literal(table),
        label=sql.SQL(LABELS[table]),
        table=sql.Identifier(table),
        owner=sql.Identifier("id" if table == "organizations" else "organization_id"),
        name_of_ids=sql.SQL(table),
    )


def _gone(organization_id: UUID, rows: list[tuple[str, str]]) -> dict[tuple[str, str], Named]:
    rows = [(table, row_id) for table, row_id in rows if table != "auth_user"]
    tables, ids = [table for table, _ in rows], [row_id for _, row_id in rows]
    found = _read(execute(sql.SQL(GONE), organization_id=organization_id, tables=tables, gone=ids))
    return {key: named._replace(gone=True) for key, named in found.items()}


def _read(rows: list[tuple[Any, ...]]) -> dict[tuple[str, str], Named]:
    return {(table, row_id): Named(label or "", *others) for table, row_id, label, *others in rows}
