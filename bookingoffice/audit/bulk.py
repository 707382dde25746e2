"""History of many rows in the statement that makes or changes them: what `audit_difference` would say, built column by column.

Comparing images of whole rows takes longer than writing the rows. A test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db import models
from psycopg import sql

UNTOLD: Final = frozenset({"id", "organization_id", "created_at", "updated_at", "fts", "code_key", "slots", "digest"})
"""As in `audit_difference`."""

ENTRIES: Final = """
INSERT INTO audit_entries (organization_id, id, created_at, actor_kind, actor_id, actor_label,
    action, table_name, row_id, row_label, changes)
SELECT %(organization_id)s, {entry_id}, %(moment)s, %(actor_kind)s, %(actor_id)s, %(actor_label)s,
    {action}, {table}, told.id, coalesce(told.label, ''), told.changes
FROM ({told}) AS told WHERE told.changes <> '{{}}'
"""


def entries(*, action: str, table: str, entry_id: str, told: sql.Composable) -> sql.Composed:
    """`told` selects `id`, `label` and `changes`. The parameters are `organization_id`, `moment` and those of `told_of`."""
    return sql.SQL(ENTRIES).format(
        action=sql.Literal(action), table=sql.Literal(table), entry_id=sql.SQL(entry_id), told=told
    )


def of_creation(model: type[models.Model], row: str) -> sql.Composed:
    """What a new row says of itself."""
    return _object(_said(field, row) for field in _told_fields(model))


def of_change(pairs: Mapping[str, tuple[sql.Composable, sql.Composable]]) -> sql.Composed:
    """Columns with what they were and what they become."""
    return _object(_moved(column, *pair) for column, pair in pairs.items() if column not in UNTOLD)


def _told_fields(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.column not in UNTOLD]


def _said(field: Any, row: str) -> sql.Composed:
    value = sql.Identifier(row, field.column)
    there = sql.SQL("{} IS NOT NULL").format(value)
    if isinstance(field, models.JSONField):
        there = sql.SQL("nullif({}, 'null') IS NOT NULL").format(value)
    return sql.SQL("CASE WHEN {} THEN {} || 'null, ' || {} || ']' END").format(there, _key(field.column), _text(value))


def _moved(column: str, before: sql.Composable, after: sql.Composable) -> sql.Composed:
    return sql.SQL("CASE WHEN {} IS DISTINCT FROM {} THEN {} || {} || ', ' || {} || ']' END").format(
        before, after, _key(column), _text(before), _text(after)
    )


def _key(column: str) -> sql.Literal:
    return sql.Literal(f', "{column}": [')


def _text(value: sql.Composable) -> sql.Composed:
    return sql.SQL("coalesce(to_json({})::text, 'null')").format(value)


def _object(parts: Iterable[sql.Composable]) -> sql.Composed:
    return sql.SQL("('{{' || substr(concat({}), 3) || '}}')::jsonb").format(
        sql.SQL(", ").join([sql.Literal(""), *parts])
    )
