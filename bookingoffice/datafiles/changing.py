"""Rows of a file that the organization has: which of them change plainly, and those changed a portion at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple
from uuid import UUID

from django.db import models
from psycopg import sql

from bookingoffice.audit.bulk import entries, of_change
from bookingoffice.datafiles.bulk import NEVER, Bulk
from bookingoffice.datafiles.typed import Portion, TypedRows

KNOWN: Final = """
SELECT place, CASE
    WHEN NOT ({differs}) THEN 'unchanged'
    WHEN {changeable} AND NOT ({apart}) THEN 'change'
    ELSE 'service' END AS verdict
FROM {typed} LEFT JOIN {table} ON {table}.organization_id = %(organization_id)s AND {table}.id = typed.target
WHERE typed.target IS NOT NULL
"""

LOCK: Final = """
SELECT id FROM {table} WHERE organization_id = %(organization_id)s
AND id IN (SELECT target FROM {typed} WHERE place = ANY(%(places)s)) ORDER BY id FOR NO KEY UPDATE
"""

CHANGING: Final = """
SELECT {table}.id AS id, {label} AS label, {changes} AS changes FROM {typed}
JOIN {table} ON {table}.organization_id = %(organization_id)s AND {table}.id = typed.target WHERE place = ANY(%(places)s)
"""

CHANGE: Final = """
UPDATE {table} SET {settings} FROM {typed}
WHERE {table}.organization_id = %(organization_id)s AND {table}.id = typed.target AND place = ANY(%(places)s)
"""


class Verdicts(NamedTuple):
    """Places of rows that the organization has, by what is to be done with them."""

    service: list[int]
    change: list[int]
    unchanged: list[int]


class Changing:
    def __init__(
        self,
        bulk: Bulk,
        model: type[models.Model],
        expressions: Mapping[str, str],
        rows: TypedRows,
        organization_id: UUID,
    ) -> None:
        self._bulk = bulk
        self._name = model._meta.db_table
        self._expressions = expressions
        self._rows = rows
        self._organization = sql.Literal(organization_id)
        self._parts = {"table": sql.Identifier(self._name), "typed": rows.table()}

    def verdicts(self, portion: Portion) -> Verdicts:
        """Of a file of new rows alone there are none, and nothing is asked."""
        if not self._rows.staging.any_known:
            return Verdicts([], [], [])
        statement = sql.SQL(KNOWN).format(
            changeable=sql.SQL(self._bulk.changeable if self._rows.staging.alike else NEVER),
            differs=self._differs(self._pairs()),
            apart=self._differs({name: pair for name, pair in self._pairs().items() if name in self._bulk.apart}),
            **self._parts,
        )
        found = self._rows.run(statement, portion)
        return Verdicts(*([place for place, verdict in found if verdict == word] for word in Verdicts._fields))

    def change(self, portion: Portion, places: list[int]) -> None:
        """Locks as the service does, keeps what will be different, and changes it."""
        pairs = self._changes()
        told = sql.SQL(CHANGING).format(
            label=sql.Identifier(self._name, self._bulk.label), changes=of_change(pairs), **self._parts
        )
        settings = [sql.SQL("{} = {}").format(sql.Identifier(name), new) for name, (_, new) in pairs.items()]
        if "updated_at" not in pairs:
            settings.append(sql.Composed([sql.SQL("updated_at = clock_timestamp()")]))
        for statement in (
            sql.SQL(LOCK).format(**self._parts),
            entries(action="changed", table=self._name, entry_id="public.uuid7()", told=told),
            sql.SQL(CHANGE).format(settings=sql.SQL(", ").join(settings), **self._parts),
        ):
            self._rows.run(statement, portion, places=places)

    def _pairs(self) -> dict[str, tuple[sql.Composable, sql.Composable]]:
        """Of each column of the file, what is kept and what it says; an empty cell of what is never null says nothing."""
        pairs: dict[str, tuple[sql.Composable, sql.Composable]] = {}
        for column in self._rows.given:
            kept: sql.Composable = sql.Identifier(self._name, column.name)
            if column.name in self._expressions:
                kept = sql.SQL(self._expressions[column.name]).format(organization_id=self._organization)
            said: sql.Composable = sql.Identifier("typed", column.name)
            pairs[column.name] = (kept, said if column.nullable else sql.SQL("coalesce({}, {})").format(said, kept))
        return pairs

    def _changes(self) -> dict[str, tuple[sql.Composable, sql.Composable]]:
        pairs = {name: pair for name, pair in self._pairs().items() if name not in self._bulk.apart and name != "id"}
        changed = {name: (sql.Identifier(self._name, name), sql.SQL(text)) for name, text in self._bulk.changed.items()}
        return {**pairs, **changed}

    @staticmethod
    def _differs(pairs: Mapping[str, tuple[sql.Composable, sql.Composable]]) -> sql.Composed:
        different = [sql.SQL("{} IS DISTINCT FROM {}").format(*pair) for pair in pairs.values()]
        return sql.SQL(" OR ").join([sql.SQL("false"), *different])
