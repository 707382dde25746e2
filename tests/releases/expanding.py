"""Whether a migration only adds: judged from its operations, before it ever runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.db.migrations import Migration, operations
from django.db.migrations.state import ProjectState
from django.db.models import NOT_PROVIDED

TAKING = (
    operations.RemoveField,
    operations.RenameField,
    operations.RenameModel,
    operations.DeleteModel,
    operations.AlterModelTable,
)
TAKING_SQL = re.compile(
    r"\bdrop\s+(?:table|column|function|view|schema|type)\b|\brename\s+(?:to|column)\b|\bset\s+not\s+null\b"
    r"|\balter\s+column\s+\S+\s+(?:set\s+data\s+)?type\b|\bdrop\s+default\b|\brevoke\b(?!.*\bpublic\b)|\btruncate\b",
    re.IGNORECASE,
)


def takings(migration: Migration, state: ProjectState) -> Iterator[str]:
    """What a process of the release before would miss. `state` is that of before the migration, and is moved on."""
    made: set[str] = set()
    for operation in migration.operations:
        for each in _flat(operation):
            if isinstance(each, operations.CreateModel):
                made.add(each.name_lower)
            if not _of_a_new_table(each, made):
                yield from _taken(each, state, migration.app_label)
        operation.state_forwards(migration.app_label, state)


def _flat(operation: Any) -> Iterator[Any]:
    if isinstance(operation, operations.SeparateDatabaseAndState):
        for each in operation.database_operations:
            yield from _flat(each)
    else:
        yield operation


def _of_a_new_table(operation: Any, made: set[str]) -> bool:
    return getattr(operation, "model_name_lower", None) in made


def _taken(operation: Any, state: ProjectState, app_label: str) -> Iterator[str]:
    told = operation.describe()
    match operation:
        case operations.AddField(field=field) if not field.many_to_many and not _fills_itself(field):
            yield f"{told}: a row without it is refused"
        case operations.AlterField(name=name, field=field, model_name_lower=model):
            before = state.models[app_label, model].fields[name]
            if _stricter(before, field):
                yield f"{told}: a row that was allowed is refused"
        case operations.RunSQL(sql=sql):
            yield from (f"SQL: {text.strip()[:200]}" for text in _texts(sql) if TAKING_SQL.search(text))
        case _ if isinstance(operation, TAKING):
            yield told


def _fills_itself(field: Any) -> bool:
    return bool(field.null or field.db_default is not NOT_PROVIDED or getattr(field, "generated", False))


def _stricter(before: Any, after: Any) -> bool:
    other_type = type(before) is not type(after) or before.db_column != after.db_column
    return other_type or (_fills_itself(before) and not _fills_itself(after))


def _texts(sql: Any) -> Iterator[str]:
    for each in [sql] if isinstance(sql, str) else sql:
        yield each if isinstance(each, str) else each[0]
