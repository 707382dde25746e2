"""Plain new rows of a file: a portion of them in one statement, with their history, or in a rehearsal that leaves nothing."""

from __future__ import annotations

from functools import cached_property
from typing import Final, NamedTuple

from django.db import models
from psycopg import sql

from bookingoffice.audit.bulk import entries, of_creation
from bookingoffice.database.drawn import drawn, uuid7_of
from bookingoffice.database.rows import column_types, execute
from bookingoffice.datafiles.bulk import NEVER, NUMBER, Bulk
from bookingoffice.datafiles.typed import Portion, TypedRows

MAKE: Final = """
WITH judged AS MATERIALIZED (
    SELECT typed.*, {plain} AS is_plain FROM {typed} WHERE typed.target IS NULL ORDER BY place
), made AS (
    INSERT INTO {table} (organization_id, {names})
    SELECT %(organization_id)s, {values} FROM judged AS typed WHERE is_plain
    RETURNING {told}
){history}
SELECT (SELECT count(*) FROM made), (SELECT coalesce(array_agg(place), '{{}}') FROM judged WHERE NOT is_plain)
"""

HISTORY: Final = ", kept AS ({entries})"

TWIN: Final = sql.Identifier("pg_temp", "rehearsed_rows")
AS_THE_TABLE: Final = """
CREATE TEMPORARY TABLE IF NOT EXISTS {twin} (LIKE {table} INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING CONSTRAINTS)
ON COMMIT DROP
"""
"""It refuses by itself whatever the table refuses, but for what another row has."""

LEAVE: Final = "SELECT 0, coalesce(array_agg(place), '{{}}') FROM {typed} WHERE typed.target IS NULL"
"""Where the subject calls no row plain."""

DEFAULTS: Final = """
SELECT attname::text, pg_get_expr(adbin, adrelid) FROM pg_attrdef
JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum WHERE adrelid = %(table)s::regclass AND attgenerated = ''
"""


class Made(NamedTuple):
    """How many new rows there are now, and the places of those that are left to the service."""

    number: int
    service: list[int]


class Making:
    """`rehearsed` asks only the table's rules, and writes no index, history or log. Rows that bring names go the whole way."""

    def __init__(self, bulk: Bulk, model: type[models.Model], rows: TypedRows, *, rehearsed: bool) -> None:
        self._bulk = bulk
        self._model = model
        self._name = model._meta.db_table
        self._rows = rows
        self._rehearsed = rehearsed and not bulk.names & rows.staging.given

    def make(self, portion: Portion) -> Made:
        """Raises Django's database errors."""
        if self._rehearsed:
            execute(sql.SQL(AS_THE_TABLE).format(twin=TWIN, table=sql.Identifier(self._name)))
        [(number, service)] = self._rows.run(self._statement, portion, **drawn())
        if self._rehearsed:  # what has passed need not lie about until the end
            execute(sql.SQL("TRUNCATE {}").format(TWIN))
        return Made(number, service)

    @cached_property
    def _statement(self) -> sql.Composed:
        if self._bulk.plain == NEVER:
            return sql.SQL(LEAVE).format(typed=self._rows.table())
        values = self._new_values()
        return sql.SQL(MAKE).format(
            plain=sql.SQL(self._bulk.plain),
            names=sql.SQL(", ").join(map(sql.Identifier, values)),
            values=sql.SQL(", ").join(values.values()),
            table=TWIN if self._rehearsed else sql.Identifier(self._name),
            typed=self._rows.table(),
            told=sql.SQL("1") if self._rehearsed else self._told(values),
            history=sql.SQL("") if self._rehearsed else self._history(),
        )

    def _told(self, values: dict[str, sql.Composable]) -> sql.Composed:
        return sql.SQL("{table}.id, {table}.{label} AS label, {changes} AS changes").format(
            table=sql.Identifier(self._name),
            label=sql.Identifier(self._bulk.label),
            changes=of_creation(self._model, self._name, values.keys()),
        )

    def _history(self) -> sql.Composed:
        # A row is made once, so an id that was made for it serves its entry too.
        entry_id = "public.uuid7()" if "id" in self._rows.staging.given else "told.id"
        told = sql.SQL("SELECT * FROM made")
        return sql.SQL(HISTORY).format(
            entries=entries(action="created", table=self._name, entry_id=entry_id, told=told)
        )

    def _new_values(self) -> dict[str, sql.Composable]:
        """An empty cell of what is never null is its default."""
        own = column_types(self._model)
        defaults = {**dict(execute(sql.SQL(DEFAULTS), table=self._name)), "id": uuid7_of(NUMBER)}
        values: dict[str, sql.Composable] = {"id": sql.SQL(defaults["id"])}
        for column in self._rows.given:
            if column.name in own:
                value: sql.Composable = sql.Identifier("typed", column.name)
                if column.name in defaults and not column.nullable:
                    value = sql.SQL("coalesce({}, {})").format(value, sql.SQL(defaults[column.name]))
                values[column.name] = value
        return {**values, **{name: sql.SQL(text) for name, text in self._bulk.made.items()}}
