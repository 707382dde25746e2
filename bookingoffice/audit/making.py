"""History of many rows in as many statements as of one: of new rows together with them, of changes just before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.db import models
from psycopg import sql

from bookingoffice.audit.actors import Actor
from bookingoffice.audit.bulk import entries, of_change, of_creation
from bookingoffice.audit.writing import told_of
from bookingoffice.database.batches import Query
from bookingoffice.database.drawn import drawn, uuid7_of
from bookingoffice.database.pipeline import row_of
from bookingoffice.database.rows import Row, given_rows, of_given, query
from bookingoffice.records import uuid7

MAKE: Final = """
WITH made AS (
    INSERT INTO {table} (organization_id, {names}) SELECT %(organization_id)s::uuid, {values} FROM {rows}
    RETURNING {table}.id, {table}.{label} AS label, {changes} AS changes
), kept AS ({history})
SELECT string_agg(id::text, ',') FROM made
"""

NEW_ID: Final = uuid7_of("(given.place - 1)")

CHANGING: Final = """
SELECT {table}.id, {label} AS label, {changes} AS changes FROM {rows}
JOIN {table} ON {table}.organization_id = %(organization_id)s::uuid AND {table}.id = given.id
"""


def make_rows(
    model: type[models.Model], organization_id: UUID, rows: Sequence[Row], *, label: str, actor: Actor, moment: datetime
) -> list[UUID]:
    """Answers the ids in the order of the rows. Absent keys take defaults; rows with the same keys share a statement.

    Raises Django's database errors. `label` is the column by which history calls a row.
    """
    told = {"organization_id": organization_id, "moment": moment, **told_of(actor), **drawn()}
    groups = _grouped(rows)
    if len(groups) > 1:  # of rows that do not travel together, the ids would not be in their order
        groups = _grouped([{"id": uuid7(), **row} for row in rows])
    made: dict[int, UUID] = {}
    for columns, alike in groups.items():
        asked = query(_making(model, columns, label), rows=list(alike.values()), **told)
        made.update(zip(alike, _answered(asked), strict=True))
    return [made[place] for place in range(len(rows))]


def keep_changes(
    model: type[models.Model], organization_id: UUID, rows: Sequence[Row], *, label: str, actor: Actor, moment: datetime
) -> None:
    """What will be different in rows that are locked and have not been changed yet; each names its `id` and what changes."""
    told = {"organization_id": organization_id, "moment": moment, **told_of(actor)}
    for columns, alike in _grouped(rows).items():
        row_of(query(_changing(model, columns, label), rows=list(alike.values()), **told))


@lru_cache(maxsize=256)
def _changing(model: type[models.Model], columns: tuple[str, ...], label: str) -> str:
    table = model._meta.db_table
    pairs = {column: (sql.Identifier(table, column), sql.Identifier("given", column)) for column in columns}
    told = sql.SQL(CHANGING).format(
        table=sql.Identifier(table),
        label=pairs[label][1] if label in pairs else sql.Identifier(table, label),
        changes=of_change(pairs),
        rows=given_rows(model, columns),
    )
    return entries(action="changed", table=table, entry_id="public.uuid7()", told=told).as_string(None)


def _grouped(rows: Sequence[Row]) -> dict[tuple[str, ...], dict[int, Row]]:
    """By their keys, and then by their places."""
    first = rows[0].keys()
    if all(row.keys() == first for row in rows):
        return {tuple(sorted(first)): dict(enumerate(rows))}
    found: dict[tuple[str, ...], dict[int, Row]] = {}
    for place, row in enumerate(rows):
        found.setdefault(tuple(sorted(row)), {})[place] = row
    return found


@lru_cache(maxsize=256)
def _making(model: type[models.Model], columns: tuple[str, ...], label: str) -> str:
    """An id that the statement makes, is made once, and serves its entry too; one that is given may be of any clock."""
    table = model._meta.db_table
    names, values = sql.SQL(", ").join(map(sql.Identifier, columns)), of_given(columns)
    if "id" not in columns:
        names, values = sql.SQL("id, ") + names, sql.SQL(NEW_ID + ", ") + values
    return (
        sql.SQL(MAKE)
        .format(
            table=sql.Identifier(table),
            label=sql.Identifier(label),
            names=names,
            values=values,
            rows=given_rows(model, columns),
            changes=of_creation(model, table, columns),
            history=entries(
                action="created",
                table=table,
                entry_id="public.uuid7()" if "id" in columns else "told.id",
                told=sql.SQL("SELECT * FROM made"),
            ),
        )
        .as_string(None)
    )


def _answered(asked: Query) -> list[UUID]:
    [ids] = row_of(asked)
    return list(map(UUID, (ids or b"").decode().split(",")))
