"""A table as a file, streamed as PostgreSQL writes it: one statement, one moment, whatever the length."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager

from django.db import connection
from psycopg import Copy, sql

from bookingoffice.accounts.models import Organization
from bookingoffice.datafiles.columns import Column
from bookingoffice.datafiles.sheets import Sheet
from bookingoffice.datafiles.sources import Format

INSTANT = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'


def exported(
    sheet: Sheet, organization: Organization, file_format: Format, *, only: sql.Composable | None = None
) -> Generator[bytes, None, None]:
    """Oldest rows first; with `only`, a statement that answers ids, no others. Runs in the organization's scope."""
    query = _query(sheet, organization, file_format, only)
    yield from _csv(query) if file_format == "csv" else _json(query)


def _csv(query: sql.Composed) -> Generator[bytes, None, None]:
    """An empty cell is null, `""` an empty text."""
    statement = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv, HEADER)").format(query)
    with _copying(statement) as copy:
        for piece in copy:
            yield bytes(piece)


def _json(query: sql.Composed) -> Generator[bytes, None, None]:
    """An array with an object on each line."""
    statement = sql.SQL("COPY (SELECT row_to_json(exported) FROM ({}) AS exported) TO STDOUT").format(query)
    with _copying(statement) as copy:
        before = b"[\n"
        for (text,) in copy.rows():
            yield before + text.encode()
            before = b",\n"
        yield b"[]\n" if before == b"[\n" else b"\n]\n"


@contextmanager
def _copying(statement: sql.Composed) -> Iterator[Copy]:
    with connection.cursor() as cursor, cursor.copy(statement.as_string(cursor.cursor)) as copy:
        yield copy


def _query(sheet: Sheet, organization: Organization, file_format: Format, only: sql.Composable | None) -> sql.Composed:
    table = sql.Identifier(sheet.model._meta.db_table)
    cells = [
        sql.SQL("{} AS {}").format(_cell(sheet, column, organization, file_format), sql.Identifier(column.name))
        for column in sheet.columns
    ]
    chosen = sql.SQL(" AND {}.id IN ({})").format(table, only) if only else sql.SQL("")
    return sql.SQL("SELECT {} FROM {} WHERE {}.organization_id = {}{} ORDER BY {}.created_at, {}.id").format(
        sql.SQL(", ").join(cells), table, table, sql.Literal(organization.pk), chosen, table, table
    )


def _cell(sheet: Sheet, column: Column, organization: Organization, file_format: Format) -> sql.Composable:
    """One way to write each value, so that files of equal rows are equal byte for byte."""
    cell: sql.Composable = sql.Identifier(sheet.model._meta.db_table, column.name)
    if column.name in sheet.expressions:
        cell = sql.SQL(sheet.expressions[column.name]).format(organization_id=sql.Literal(organization.pk))
    if column.element == "timestamp with time zone":
        return sql.SQL("to_char({} AT TIME ZONE 'UTC', {})").format(cell, sql.Literal(INSTANT))
    if column.element == "numeric":
        return sql.SQL("trim_scale({})").format(cell)
    if column.is_list and file_format == "csv":
        return sql.SQL("array_to_string({}, ' ')").format(cell)
    return sql.SQL("({})::text").format(cell) if column.type == "boolean" and file_format == "csv" else cell
