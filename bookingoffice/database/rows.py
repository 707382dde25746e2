"""Many rows in one statement: they come as JSON and PostgreSQL does all typing, so its own errors say what is wrong.

Every statement names the organization. Column names come from models, never from a request.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection, models
from psycopg import sql

from bookingoffice.database.batches import Query
from bookingoffice.database.jsontext import json_text

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
Row = Mapping[str, Any]


@cache
def column_types(model: type[models.Model]) -> dict[str, str]:
    """Each stored column of a model with its PostgreSQL type."""
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    return {field.column: str(field.db_type(connection)) for field in fields}


def insert_rows(model: type[models.Model], organization_id: UUID, rows: Sequence[Row]) -> None:
    """Absent keys take the database's defaults; rows with the same keys share a statement."""
    for columns, alike in groupby(sorted(rows, key=_columns), key=_columns):
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        statement = sql.SQL(
            "INSERT INTO {table} (organization_id, {names}) SELECT {organization}, {values} FROM {rows}"
        ).format(
            table=sql.Identifier(model._meta.db_table),
            names=names,
            organization=sql.Placeholder("organization_id"),
            values=of_given(columns),
            rows=given_rows(model, columns),
        )
        execute(statement, organization_id=organization_id, rows=list(alike))


def update_rows(model: type[models.Model], organization_id: UUID, rows: Sequence[Row]) -> None:
    """Each row names its `id`; the other keys are what changes. `updated_at` is now unless a row says otherwise."""
    for columns, alike in groupby(sorted(rows, key=_columns), key=_columns):
        changing = [column for column in columns if column != "id"]
        settings = [sql.SQL("{0} = given.{0}").format(sql.Identifier(column)) for column in changing]
        if "updated_at" in column_types(model) and "updated_at" not in changing:
            settings.append(sql.Composed([sql.SQL("updated_at = clock_timestamp()")]))
        if not settings:
            continue
        statement = sql.SQL(
            "UPDATE {table} AS kept SET {settings} FROM {rows} WHERE kept.organization_id = {organization} AND kept.id = given.id"
        ).format(
            table=sql.Identifier(model._meta.db_table),
            settings=sql.SQL(", ").join(settings),
            rows=given_rows(model, columns),
            organization=sql.Placeholder("organization_id"),
        )
        execute(statement, organization_id=organization_id, rows=list(alike))


def change_id(model: type[models.Model], organization_id: UUID, row_id: UUID, new_id: object) -> str:
    """Gives a row another id and answers it as PostgreSQL spells it; keys that point at the row refuse."""
    statement = sql.SQL(
        "UPDATE {} SET id = %(new_id)s::uuid"
        " WHERE organization_id = %(organization_id)s AND id = %(row_id)s RETURNING id::text"
    ).format(sql.Identifier(model._meta.db_table))
    return str(execute(statement, organization_id=organization_id, row_id=row_id, new_id=str(new_id))[0][0])


def given_rows(model: type[models.Model], columns: Iterable[str]) -> sql.Composed:
    """The parameter `rows` as a table `given` of the model's columns, in the order they were given (`place` from 1)."""
    types = column_types(model)
    named = [sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(types[column])) for column in columns]
    return sql.SQL("ROWS FROM (json_to_recordset({}::json) AS ({})) WITH ORDINALITY AS given({}, place)").format(
        sql.Placeholder("rows"), sql.SQL(", ").join(named), sql.SQL(", ").join(map(sql.Identifier, columns))
    )


def execute(
    statement: sql.Composable, *, rows: Sequence[Row] | None = None, **parameters: Any
) -> list[tuple[Any, ...]]:
    """Runs one statement in the current transaction; `rows` travel as JSON text."""
    values = {**parameters, "rows": json_text(rows)} if rows is not None else parameters
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(cursor.cursor), values)
        return cursor.fetchall() if cursor.description else []


def query(statement: str, *, rows: Sequence[Row] | None = None, **parameters: Any) -> Query:
    """The same `%(name)s` statement for the wire: prepared where it comes often, and fit to leave together with others.

    Parameters are texts there, arrays of UUIDs among them; where PostgreSQL cannot tell a type, the statement casts.
    """
    text, names = _numbered(statement)
    values = {**parameters, "rows": json_text(rows)} if rows is not None else parameters
    return Query(text, [_text(values[name]) for name in names])


@lru_cache(maxsize=1024)
def _numbered(statement: str) -> tuple[bytes, tuple[str, ...]]:
    names = tuple(dict.fromkeys(PLACEHOLDER.findall(statement)))
    text = PLACEHOLDER.sub(lambda found: f"${names.index(found[1]) + 1}", statement)
    return text.encode(), names


def _text(value: Any) -> str | None:
    match value:
        case None | str():
            return value
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat()
        case bytes():
            return f"\\x{value.hex()}"
        case list() | tuple():
            return f"{{{','.join(map(str, value))}}}"
    return str(value)


def _columns(row: Row) -> tuple[str, ...]:
    return tuple(sorted(row))


def of_given(columns: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.SQL("given.{}").format(sql.Identifier(column)) for column in columns)
