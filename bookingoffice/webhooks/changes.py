"""Entries of the history as changes of whole rows.

An entry keeps what differs. The row as it stands, with what came later taken back entry by entry, is the row as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import sql

from bookingoffice.database.rows import execute
from bookingoffice.webhooks.tellers import Change, Image, read_json

CHUNK = 1000
Pair = tuple[Image | None, Image | None]
Link = Mapping[str, Any]

NEW_ENTRIES = sql.SQL("""
SELECT id, created_at, table_name, row_id, subject_id FROM audit_entries
WHERE organization_id = %(organization_id)s AND id >= public.first_id_at(%(since)s) AND id > %(after)s
AND public.full_xid(xmin, pg_snapshot_xmax(pg_current_snapshot())::text::bigint) >= %(horizon)s
AND table_name = ANY(%(tables)s)
ORDER BY id LIMIT %(most)s
""")

# In one statement, so that a row and its entries are of one moment
CHAINS = """
WITH rows AS (
    SELECT given.row_id, given.first, to_jsonb(kept) AS image
    FROM json_to_recordset(%(rows)s::json) AS given(row_id uuid, first uuid)
    LEFT JOIN {table} AS kept ON kept.organization_id = %(organization_id)s AND kept.id = given.row_id
)
SELECT rows.row_id, rows.image::text, (
    SELECT json_agg(json_build_object('id', id, 'at', created_at, 'action', action, 'changes', changes) ORDER BY id DESC)::text
    FROM audit_entries
    WHERE organization_id = %(organization_id)s AND table_name = %(table_name)s AND row_id = rows.row_id
    AND (id >= rows.first OR rows.image IS NULL)
), (
    SELECT to_jsonb(created_at) #>> '{{}}' FROM audit_entries
    WHERE organization_id = %(organization_id)s AND table_name = %(table_name)s AND row_id = rows.row_id AND id < rows.first
    ORDER BY id DESC LIMIT 1
), (
    SELECT to_jsonb(created_at) #>> '{{}}' FROM audit_entries
    WHERE organization_id = %(organization_id)s AND table_name = %(table_name)s AND row_id = rows.row_id AND action = 'created'
    ORDER BY id DESC LIMIT 1
)
FROM rows
"""


@dataclass(frozen=True, slots=True)
class Entry:
    id: UUID
    moment: datetime
    table: str
    row_id: UUID
    subject_id: UUID | None


def new_entries(
    organization_id: UUID, tables: Sequence[str], *, since: datetime, horizon: int, after: UUID
) -> list[Entry]:
    """In the order of their ids, at most CHUNK of them."""
    found = execute(
        NEW_ENTRIES,
        organization_id=organization_id,
        tables=list(tables),
        since=since,
        horizon=horizon,
        after=after,
        most=CHUNK,
    )
    return [Entry(*row) for row in found]


def whole_changes(organization_id: UUID, entries: Sequence[Entry]) -> list[Change]:
    """In the order of the entries. A row's times are as exact as the history: `updated_at` is that of the change."""
    images: dict[UUID, Pair] = {}
    for table in sorted({entry.table for entry in entries}):
        images |= _images(organization_id, table, [entry for entry in entries if entry.table == table])
    return [
        Change(entry.id, entry.moment, entry.table, entry.row_id, entry.subject_id, *images[entry.id])
        for entry in entries
        if entry.id in images and any(images[entry.id])
    ]


def _images(organization_id: UUID, table: str, entries: Sequence[Entry]) -> dict[UUID, Pair]:
    first: dict[UUID, UUID] = {}
    for entry in entries:
        first.setdefault(entry.row_id, entry.id)
    chains = execute(
        sql.SQL(CHAINS).format(table=sql.Identifier(table)),
        organization_id=organization_id,
        table_name=table,
        rows=[{"row_id": row_id, "first": entry} for row_id, entry in first.items()],
    )
    found: dict[UUID, Pair] = {}
    for row_id, image, links, changed_before, made_at in chains:
        known = {"id": str(row_id), "organization_id": str(organization_id), "created_at": made_at}
        found |= _walked(read_json(image), read_json(links) or [], known, changed_before)
    return found


def _walked(image: Image | None, links: Sequence[Link], known: Image, changed_before: str | None) -> dict[UUID, Pair]:
    """`links` begin with the latest. A row that is gone is made again from its beginning, which history has."""
    if image is None and links and links[-1]["action"] == "created":
        return _walked_forth(list(reversed(links)), known)
    return _walked_back(image, links, known, changed_before)


def _walked_forth(links: Sequence[Link], known: Image) -> dict[UUID, Pair]:
    pairs: dict[UUID, Pair] = {}
    earlier: Image | None = None
    for link in links:
        after = {column: pair[1] for column, pair in link["changes"].items()}
        later = None if link["action"] == "deleted" else {**(earlier or known), **after, "updated_at": link["at"]}
        pairs[UUID(link["id"])] = (earlier, later)
        earlier = later
    return pairs


def _walked_back(
    image: Image | None, links: Sequence[Link], known: Image, changed_before: str | None
) -> dict[UUID, Pair]:
    pairs: dict[UUID, Pair] = {}
    later = image
    times = [*(link["at"] for link in links[1:]), changed_before]
    for link, previous in zip(links, times, strict=True):
        earlier = _before(link, later, known)
        if earlier is not None:
            earlier = {**earlier, "updated_at": previous or earlier.get("created_at")}
        pairs[UUID(link["id"])] = (earlier, later)
        later = earlier
    return pairs


def _before(link: Link, later: Image | None, known: Image) -> Image | None:
    if link["action"] == "created":
        return None
    return {**(later or known), **{column: pair[0] for column, pair in link["changes"].items()}}
