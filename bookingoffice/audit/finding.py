"""What a person looks for in the history: a code, a name, an id, or what somebody on the staff called it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final
from uuid import UUID

from django.db.models import Q
from psycopg import sql

from bookingoffice.audit.rows import LABELS
from bookingoffice.audit.words import TABLES
from bookingoffice.database.rows import execute

Finder = Callable[[UUID, str], dict[str, list[UUID]]]
"""From an organization and what was typed to ids by table."""

SMALL: Final = ("seasons", "coupon_batches", "products", "services", "plans", "members", "api_keys")
"""Tables of which an organization has few rows: each is read whole for a part of a name."""
MOST_FOUND: Final = 200
NAMED = """
SELECT {table}, id FROM (
    SELECT id, to_jsonb(rows) AS image FROM {from_table} AS rows WHERE rows.organization_id = %(organization_id)s) AS named
WHERE strpos(lower({label}), lower(%(term)s)) > 0
"""

_finders: list[Finder] = []


def finds(finder: Finder) -> None:
    """Lets a room with many rows look them up by an index of its own."""
    _finders.append(finder)


def condition_of(organization_id: UUID, term: str) -> Q:
    """Rows that are here are found first. What is no more is found by the name that people and commands left of it: the history of
    programs is too long to be read for that."""
    found = Q()
    for table, ids in _found(organization_id, term):
        found |= Q(table_name=table, row_id__in=ids) | Q(subject_id__in=ids)
    return found or Q(row_label__icontains=term) & ~Q(actor_kind="key")


def _found(organization_id: UUID, term: str) -> Iterator[tuple[str, list[UUID]]]:
    if row_id := _as_uuid(term):
        yield from ((table, [row_id]) for table in TABLES)
        return
    for finder in _finders:
        yield from ((table, ids) for table, ids in finder(organization_id, term).items() if ids)
    named: dict[str, list[UUID]] = {}
    for table, row_id in _named(organization_id, term):
        named.setdefault(table, []).append(row_id)
    yield from named.items()


def _named(organization_id: UUID, term: str) -> list[tuple[str, UUID]]:
    parts = [
        sql.SQL(NAMED).format(table=sql.Literal(table), from_table=sql.Identifier(table), label=sql.SQL(LABELS[table]))
        for table in SMALL
    ]
    statement = sql.SQL("{} LIMIT {}").format(sql.SQL(" UNION ALL ").join(parts), sql.Literal(MOST_FOUND))
    return [(str(table), row_id) for table, row_id in execute(statement, organization_id=organization_id, term=term)]


def _as_uuid(term: str) -> UUID | None:
    try:
        return UUID(term)
    except ValueError:
        return None
