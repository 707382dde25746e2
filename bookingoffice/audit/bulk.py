"""History of many rows in the statement that makes or changes them: what `audit_difference` would say, built column by column.

Comparing images of whole rows takes longer than writing the rows. A test holds the two together.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from itertools import groupby
from typing import Any, Final

from django.db import models
from django.db.models import NOT_PROVIDED, Expression, Value
from psycopg import sql

UNTOLD: Final = frozenset({"id", "organization_id", "created_at", "updated_at", "fts", "code_key", "slots", "digest"})
"""As in `audit_difference`."""

ENTRIES: Final = """
INSERT INTO audit_entries (organization_id, id, created_at, actor_kind, actor_id, actor_label,
    action, table_name, row_id, row_label, changes)
SELECT %(organization_id)s::uuid, {entry_id}, %(moment)s::timestamptz,
    %(actor_kind)s::text, %(actor_id)s::text, %(actor_label)s::text,
    {action}, {table}, told.id, coalesce(told.label, ''), told.changes
FROM ({told}) AS told WHERE told.changes <> '{{}}'
"""


def entries(*, action: str, table: str, entry_id: str, told: sql.Composable) -> sql.Composed:
    """`told` selects `id`, `label` and `changes`. The parameters are `organization_id`, `moment` and those of `told_of`."""
    return sql.SQL(ENTRIES).format(
        action=sql.Literal(action), table=sql.Literal(table), entry_id=sql.SQL(entry_id), told=told
    )


def of_creation(model: type[models.Model], row: str, given: Collection[str]) -> sql.Composed:
    """What a new row says of itself. Most columns have their defaults, which are the same text for all; `given` are the others."""
    fields = [field for field in model._meta.concrete_fields if field.column not in UNTOLD]
    fields.sort(key=lambda field: (len(field.column), field.column))  # in the order in which PostgreSQL keeps them
    parts: list[sql.Composable] = []
    for is_said, alike in groupby(fields, key=lambda field: field.column in given or _by_chance(field)):
        if is_said:
            parts += [_said(field, row) for field in alike]
        elif text := ", ".join(filter(None, map(_by_default, alike))):
            parts.append(sql.Literal(text))
    return _object(parts)


def of_change(pairs: Mapping[str, tuple[sql.Composable, sql.Composable]]) -> sql.Composed:
    """Columns with what they were and what they become."""
    return _object(_moved(column, *pair) for column, pair in pairs.items() if column not in UNTOLD)


def _by_chance(field: Any) -> bool:
    """Whether the default is another one for each row."""
    return isinstance(field.db_default, Expression) and not isinstance(field.db_default, Value)


def _by_default(field: Any) -> str:
    default = field.db_default
    if default in (NOT_PROVIDED, None):
        return ""
    return f'"{field.column}": [null, {json.dumps(default.value if isinstance(default, Value) else default)}]'


def _said(field: Any, row: str) -> sql.Composed:
    """Null where the value is: a text that is joined to nothing is nothing."""
    value: sql.Composable = sql.Identifier(row, field.column)
    if isinstance(field, models.JSONField):
        value = sql.SQL("nullif({}, 'null')").format(value)
    return sql.SQL("{} || to_json({})::text || ']'").format(sql.Literal(f'"{field.column}": [null, '), value)


def _moved(column: str, before: sql.Composable, after: sql.Composable) -> sql.Composed:
    return sql.SQL("CASE WHEN {} IS DISTINCT FROM {} THEN {} || {} || ', ' || {} || ']' END").format(
        before, after, sql.Literal(f'"{column}": ['), _text(before), _text(after)
    )


def _text(value: sql.Composable) -> sql.Composed:
    return sql.SQL("coalesce(to_json({})::text, 'null')").format(value)


def _object(parts: Iterable[sql.Composable]) -> sql.Composed:
    return sql.SQL("('{{' || concat_ws(', ', {}) || '}}')::jsonb").format(sql.SQL(", ").join([sql.SQL("NULL"), *parts]))
