"""Rows that need no closer look, thousands in one statement each. All others go through the service, which tells what is wrong.

A subject says in SQL which rows those are; for them PostgreSQL computes what the service would, and a test holds the two
together. What the database refuses is no matter here: the whole portion is then given to the service.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from django.db import models
from psycopg import sql

from bookingoffice.accounts.models import Organization
from bookingoffice.audit.actors import Actor
from bookingoffice.audit.bulk import entries, of_change, of_creation
from bookingoffice.audit.writing import told_of
from bookingoffice.database.rows import column_types, execute
from bookingoffice.datafiles.staging import Staging
from bookingoffice.datafiles.typed import Portion, TypedRows

VERDICTS: Final = """
SELECT place, verdict FROM (
    SELECT place, CASE
        WHEN typed.target IS NULL THEN CASE WHEN {plain} THEN 'make' ELSE 'service' END
        WHEN NOT ({differs}) THEN 'unchanged'
        WHEN {changeable} AND NOT ({apart}) THEN 'change'
        ELSE 'service' END AS verdict
    FROM {typed} LEFT JOIN {table} ON {table}.organization_id = %(organization_id)s AND {table}.id = typed.target
) AS judged WHERE verdict <> 'make'
"""

MAKE: Final = """
WITH made AS (
    INSERT INTO {table} (organization_id, {names})
    SELECT %(organization_id)s, {values} FROM {typed} WHERE typed.target IS NULL ORDER BY place
    RETURNING {table}.id, {table}.{label} AS label, {changes} AS changes
), kept AS ({history})
SELECT count(*) FROM made
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

NEVER: Final = "false"

DEFAULTS: Final = """
SELECT attname::text, pg_get_expr(adbin, adrelid) FROM pg_attrdef
JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum WHERE adrelid = %(table)s::regclass AND attgenerated = ''
"""


@dataclass(frozen=True)
class Bulk:
    """SQL over `typed`, the file's columns with their types, and over the table's own name for what is kept.

    `plain` is true of a new row that the service would keep as it stands, `changeable` of such a change. `made` and `changed`
    say how columns come about that are not simply the cell. A change in one of the columns `apart` is for the service.
    """

    label: str = "id"
    plain: str = NEVER
    changeable: str = NEVER
    made: Mapping[str, str] = field(default_factory=dict)
    changed: Mapping[str, str] = field(default_factory=dict)
    apart: frozenset[str] = frozenset()


class Verdicts(NamedTuple):
    """Places of rows, by what is to be done with them; all others are to be made."""

    service: list[int]
    change: list[int]
    unchanged: list[int]


class BulkPut:
    def __init__(
        self,
        bulk: Bulk,
        model: type[models.Model],
        expressions: Mapping[str, str],
        staging: Staging,
        organization: Organization,
        actor: Actor,
        moment: datetime,
    ) -> None:
        always = {"organization_id": organization.pk, "currency": organization.currency, "moment": moment}
        self._bulk = bulk
        self._model = model
        self._name = model._meta.db_table
        self._own = column_types(model)
        self._organization = sql.Literal(organization.pk)
        self._expressions = expressions
        self._rows = TypedRows(staging, {**always, **told_of(actor)})
        self._parts = {"table": sql.Identifier(self._name), "typed": self._rows.table()}

    def verdicts(self, portion: Portion) -> Verdicts:
        statement = sql.SQL(VERDICTS).format(
            plain=sql.SQL(self._bulk.plain),
            changeable=sql.SQL(self._bulk.changeable if self._rows.staging.alike else NEVER),
            differs=self._differs(self._pairs()),
            apart=self._differs({name: pair for name, pair in self._pairs().items() if name in self._bulk.apart}),
            **self._parts,
        )
        found = self._rows.run(statement, portion)
        return Verdicts(*([place for place, verdict in found if verdict == word] for word in Verdicts._fields))

    def make(self, portion: Portion) -> int:
        """How many new rows there are now."""
        if self._bulk.plain == NEVER:
            return 0
        values = self._new_values()
        # A row is made once, so an id that was made for it serves its entry too.
        entry_id = "public.uuid7()" if "id" in self._rows.staging.given else "told.id"
        statement = sql.SQL(MAKE).format(
            names=sql.SQL(", ").join(map(sql.Identifier, values)),
            values=sql.SQL(", ").join(values.values()),
            label=sql.Identifier(self._bulk.label),
            changes=of_creation(self._model, self._name, values.keys()),
            history=entries(action="created", table=self._name, entry_id=entry_id, told=sql.SQL("SELECT * FROM made")),
            **self._parts,
        )
        return int(self._rows.run(statement, portion)[0][0])

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

    def _new_values(self) -> dict[str, sql.Composable]:
        """An empty cell of what is never null is its default."""
        defaults = dict(execute(sql.SQL(DEFAULTS), table=self._name))
        values: dict[str, sql.Composable] = {"id": sql.SQL(defaults["id"])}
        for column in self._rows.given:
            if column.name in self._own:
                value: sql.Composable = sql.Identifier("typed", column.name)
                if column.name in defaults and not column.nullable:
                    value = sql.SQL("coalesce({}, {})").format(value, sql.SQL(defaults[column.name]))
                values[column.name] = value
        return {**values, **{name: sql.SQL(text) for name, text in self._bulk.made.items()}}
