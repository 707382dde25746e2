"""Staged rows as typed rows in SQL, a portion at a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from psycopg import sql

from bookingoffice.database.rows import execute
from bookingoffice.datafiles.columns import Column
from bookingoffice.datafiles.staging import TABLE, Staging

TYPED: Final = """
(SELECT place, target, {cells} FROM {staged} WHERE place BETWEEN %(first)s AND %(last)s AND place <> ALL(%(without)s)) AS typed
"""


@dataclass(frozen=True, slots=True)
class Portion:
    """Places from `first` to `last`, but not those in `without`."""

    first: int
    last: int
    without: Collection[int]


class TypedRows:
    """`always` are the parameters that every statement may use."""

    def __init__(self, staging: Staging, always: Mapping[str, Any]) -> None:
        self.staging = staging
        self._always = {**always, "timezone": staging.timezone}

    @property
    def given(self) -> list[Column]:
        """The columns of the file."""
        return [column for column in self.staging.columns if column.name in self.staging.given]

    def table(self) -> sql.Composed:
        """Every column that a file can have, null where this one has it not."""
        cells: list[sql.Composable] = [
            sql.SQL("({})::{} AS {}").format(self._cell(column), sql.SQL(column.unlimited), sql.Identifier(column.name))
            for column in self.staging.columns
        ]
        cells += [sql.Identifier(name) for name in self.staging.keys]
        return sql.SQL(TYPED).format(cells=sql.SQL(", ").join(cells), staged=TABLE)

    def run(self, statement: sql.Composed, portion: Portion, **parameters: Any) -> list[tuple[Any, ...]]:
        places: dict[str, Any] = {"first": portion.first, "last": portion.last, "without": list(portion.without)}
        return execute(statement, **places, **self._always, **parameters)

    def _cell(self, column: Column) -> sql.Composable:
        return self.staging.cast(column) if column.name in self.staging.given else sql.SQL("NULL")
