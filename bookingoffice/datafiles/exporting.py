"""A table as a file, streamed as PostgreSQL writes it: one statement, one moment, whatever the length."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import Final

from django.db import connection
from psycopg import Copy, sql

from bookingoffice.accounts.middleware import zone_of
from bookingoffice.accounts.models import Organization
from bookingoffice.datafiles.columns import Column
from bookingoffice.datafiles.sheets import Sheet
from bookingoffice.datafiles.sources import Format

PIECE: Final = 64 * 1024
RISKY: Final = r"^'*[=+\-@\t\r]"
"""A spreadsheet would run what begins like a formula: an apostrophe goes before it, and before what looks escaped already."""
BEGINNINGS: Final = [ord(character) for character in "'=+-@\t\r"]
"""What such a text begins with, which is told faster."""
INSTANT: Final = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'


def exported(
    sheet: Sheet, organization: Organization, file_format: Format, *, only: sql.Composable | None = None
) -> Generator[bytes, None, None]:
    """Oldest rows first; with `only`, a statement that answers ids, no others. Runs in the organization's scope."""
    query = query_of(sheet, organization, file_format, only)
    if file_format == "xlsx":
        yield from _workbook(query, sheet, organization)
    else:
        yield from gathered(_csv(query) if file_format == "csv" else _json(query))


def gathered(pieces: Iterable[bytes]) -> Generator[bytes, None, None]:
    """PostgreSQL sends a row at a time; a row at a time to a socket would cost more than the row."""
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= PIECE:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)


def _csv(query: sql.Composed) -> Generator[bytes, None, None]:
    """An empty cell is null, `""` an empty text."""
    with _copying(sql.SQL("COPY ({}) TO STDOUT (FORMAT csv, HEADER)").format(query)) as copy:
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


def _workbook(query: sql.Composed, sheet: Sheet, organization: Organization) -> Generator[bytes, None, None]:
    """A workbook is a zip archive, whose list of contents comes last: it is written to a file and read from there."""
    from bookingoffice.datafiles.xlsx_writing import write_workbook  # whose library is a tenth of a command's start

    with TemporaryFile() as kept:
        with _copying(sql.SQL("COPY ({}) TO STDOUT").format(query)) as copy:
            zone = zone_of(organization)
            write_workbook(kept, sheet.columns, copy.rows(), title=sheet.plural.capitalize(), timezone=zone)
        kept.seek(0)
        while piece := kept.read(PIECE):
            yield piece


@contextmanager
def _copying(statement: sql.Composed) -> Iterator[Copy]:
    with connection.cursor() as cursor, cursor.copy(statement.as_string(cursor.cursor)) as copy:
        yield copy


def query_of(
    sheet: Sheet, organization: Organization, file_format: Format, only: sql.Composable | None = None
) -> sql.Composed:
    """The columns of a file, as the format writes them."""
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
    if file_format == "json":
        return cell
    if column.is_list:
        return sql.SQL("array_to_string({}, ' ')").format(cell)
    if column.is_free_text and file_format == "csv":
        return sql.SQL("CASE WHEN ascii({0}) = ANY({2}) AND {0} ~ {1} THEN '''' || {0} ELSE {0} END").format(
            cell, sql.Literal(RISKY), sql.Literal(BEGINNINGS)
        )
    return sql.SQL("({})::text").format(cell) if column.type == "boolean" else cell
