"""A file's rows in a temporary table: PostgreSQL judges every cell by its type, names each bad one, and gives back typed values."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from psycopg import sql

from bookingoffice.database.rows import execute
from bookingoffice.datafiles.columns import Column
from bookingoffice.datafiles.faults import Faults, shortened
from bookingoffice.datafiles.rows import FileRow

TABLE = sql.Identifier("pg_temp", "staged_rows")
DAY = r"\d{4}-\d\d-\d\d"
INSTANT = rf"^{DAY}([T ]\d\d:\d\d(:\d\d(\.\d{{1,6}})?)? ?(Z|[+-]\d\d(:?\d\d)?)?)?$"
FORMS = {"date": f"^{DAY}$", "timestamp with time zone": INSTANT, "numeric": r"^[+-]?\d*\.?\d*([eE][+-]?\d+)?$"}
"""What PostgreSQL would take beyond these (`infinity`, `now`, `NaN`) is no value for a file."""

EXPECTED = {
    "integer": ("not_an_integer", "a whole number from -2147483648 to 2147483647"),
    "smallint": ("not_an_integer", "a whole number from -32768 to 32767"),
    "bigint": ("not_an_integer", "a whole number from -9223372036854775808 to 9223372036854775807"),
    "numeric": ("not_a_number", "a number such as 12.5"),
    "boolean": ("not_a_boolean", "true or false"),
    "date": ("not_a_date", "a date of the calendar such as 2027-04-30"),
    "timestamp with time zone": ("not_an_instant", "an instant such as 2027-04-30T18:00:00+02:00"),
    "uuid": ("not_a_uuid", "an id (UUID)"),
    "jsonb": ("not_json", "JSON that can be kept"),
}


class StagedRow(NamedTuple):
    """`target` is the row of the organization that this one changes; None where it makes one."""

    line: int
    target: UUID | None
    values: dict[str, Any]


class Staging:
    """Lives as long as the transaction. Rows keep the order of the file; `place` counts them from 1."""

    def __init__(self, columns: Sequence[Column], timezone: str) -> None:
        self.columns = columns
        self.timezone = timezone
        self.length = 0
        self._shapes: dict[frozenset[str], int] = {}
        texts = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(column.name)) for column in columns)
        execute(sql.SQL("DROP TABLE IF EXISTS {}").format(TABLE))
        execute(
            sql.SQL(
                "CREATE TEMPORARY TABLE staged_rows (place integer PRIMARY KEY, line integer, shape integer, target uuid, {})"
                " ON COMMIT DROP"
            ).format(texts)
        )

    def fill(self, rows: Iterable[FileRow]) -> None:
        names = sql.SQL(", ").join(sql.Identifier(column.name) for column in self.columns)
        statement = sql.SQL("COPY {} (place, line, shape, {}) FROM STDIN").format(TABLE, names)
        with connection.cursor() as cursor, cursor.copy(statement.as_string(cursor.cursor)) as copy:
            for row in rows:
                self.length += 1
                shape = self._shapes.setdefault(frozenset(row.cells), len(self._shapes))
                texts = [row.cells.get(column.name) for column in self.columns]
                copy.write_row((self.length, row.line, shape, *texts))
        execute(sql.SQL("ANALYZE {}").format(TABLE))

    def find_bad_cells(self, faults: Faults) -> set[int]:
        """Every cell that is not of its column's type, or none of its choices. Answers the places of their rows."""
        judged = [column for column in self.columns if column.type != "text" or column.choices]
        return {place for column in judged for place in self._bad_cells_of(column, faults)}

    def _bad_cells_of(self, column: Column, faults: Faults) -> list[int]:
        statement = sql.SQL(
            "SELECT place, line, {cell} FROM {table} WHERE NOT ({good}) ORDER BY place LIMIT {most}"
        ).format(cell=sql.Identifier(column.name), table=TABLE, good=_good(column), most=sql.Literal(faults.most))
        code, expected = _expectation(column)
        found = execute(statement)
        for _, line, given in found:
            faults.add(line, column.name, code, f"{shortened(given)} is not {expected}.")
        return [place for place, _, _ in found]

    def find_repeated(
        self,
        key: sql.Composable,
        column: str,
        code: str,
        sentence: str,
        faults: Faults,
        *,
        without: Collection[int] = (),
    ) -> set[int]:
        """Rows whose key an earlier row has; `sentence` is told with that row's `{line}`. Answers their places."""
        statement = sql.SQL(
            "SELECT place, line, first_line FROM (SELECT place, line, key, first_value(line) OVER same AS first_line,"
            " row_number() OVER same AS number FROM (SELECT place, line, {key} AS key FROM {table}) AS keyed"
            " WHERE key IS NOT NULL AND place <> ALL(%(without)s) WINDOW same AS (PARTITION BY key ORDER BY place)) AS numbered"
            " WHERE number > 1 ORDER BY place LIMIT {most}"
        ).format(key=key, table=TABLE, most=sql.Literal(faults.most))
        found = execute(statement, without=list(without))
        for _, line, first_line in found:
            faults.add(line, column, code, sentence.format(line=first_line))
        return {place for place, _, _ in found}

    def chunks(self, size: int, without: set[int]) -> Iterator[list[StagedRow]]:
        """Typed rows in the order of the file, leaving out those at the given places."""
        shapes = {number: shape for shape, number in self._shapes.items()}
        for first in range(1, self.length + 1, size):
            rows = self._typed(first, first + size - 1, without)
            yield [StagedRow(line, target, self._given(shapes[shape], values)) for line, target, shape, *values in rows]

    def _typed(self, first: int, last: int, without: set[int]) -> list[tuple[Any, ...]]:
        statement = sql.SQL(
            "SELECT line, target, shape, {cells} FROM {table} WHERE place BETWEEN %(first)s AND %(last)s"
            " AND place <> ALL(%(without)s) ORDER BY place"
        ).format(cells=sql.SQL(", ").join(self._cast(column) for column in self.columns), table=TABLE)
        return execute(statement, first=first, last=last, without=list(without), timezone=self.timezone)

    def _cast(self, column: Column) -> sql.Composed:
        cell = sql.Identifier(column.name)
        if column.element != "timestamp with time zone":
            return sql.SQL("{}::{}").format(cell, sql.SQL(_cast_type(column)))
        bare = sql.SQL("({}::timestamp + {}) AT TIME ZONE %(timezone)s").format(
            cell, sql.Literal("1 day" if column.end_of_day else "0 days")
        )
        return sql.SQL(
            "CASE WHEN {cell} ~ {day} THEN {bare} WHEN {cell} ~ {zoned} THEN {cell}::timestamptz"
            " ELSE {cell}::timestamp AT TIME ZONE %(timezone)s END"
        ).format(cell=cell, day=sql.Literal(f"^{DAY}$"), zoned=sql.Literal(r":.*(Z|[+-]\d\d(:?\d\d)?)$"), bare=bare)

    def _given(self, shape: frozenset[str], values: list[Any]) -> dict[str, Any]:
        """Only what the file gave: a column without a cell keeps its value, or its default."""
        return {
            column.name: _read(column, value)
            for column, value in zip(self.columns, values, strict=True)
            if column.name in shape
        }


def _read(column: Column, value: Any) -> Any:
    return json.loads(value, parse_float=Decimal) if column.type == "jsonb" and value is not None else value


def _cast_type(column: Column) -> str:
    """A number's limits and an enum's labels were judged; Python takes them as they are."""
    known = column.element in EXPECTED
    return (column.element if known else "text") + ("[]" if column.is_list else "")


def _good(column: Column) -> sql.Composed:
    cell, kind = sql.Identifier(column.name), sql.Literal(_cast_type(column))
    conditions = [sql.SQL("pg_input_is_valid({}, {})").format(cell, kind)]
    if column.choices:
        conditions.append(sql.SQL("{} = ANY({})").format(cell, sql.Literal(list(column.choices))))
    if column.element in FORMS:
        conditions.append(_has_form(column))
    parts = [sql.SQL("CASE WHEN {0} THEN {1} ELSE false END").format(conditions[0], rest) for rest in conditions[1:]]
    good = sql.SQL(" AND ").join(parts or conditions)
    return sql.SQL("{} IS NULL OR {}").format(cell, good)


def _has_form(column: Column) -> sql.Composed:
    """Of a list, each item. An instant at either end of time would not fit Python's calendar in every time zone."""
    cell, form = sql.Identifier(column.name), sql.Literal(FORMS[column.element])
    if column.is_list:
        return sql.SQL("(SELECT coalesce(bool_and(item ~ {form}), true) FROM unnest({cell}::text[]) AS item)").format(
            form=form, cell=cell
        )
    if column.element == "timestamp with time zone":
        return sql.SQL("{0} ~ {1} AND left({0}, 4) BETWEEN '0002' AND '9998'").format(cell, form)
    return sql.SQL("{} ~ {}").format(cell, form)


def _expectation(column: Column) -> tuple[str, str]:
    if column.choices and not column.is_list:
        return "unknown_choice", f"one of {', '.join(column.choices)}"
    code, expected = EXPECTED.get(column.element, ("not_valid", "valid here"))
    return (code, f"a list, each item {expected}") if column.is_list else (code, expected)
