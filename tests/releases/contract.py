"""Tables, columns, rights and functions as a release finds them, and what a later one may not take away from it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db import connections

FILE = Path(__file__).with_name("previous.json")

COLUMNS = """
SELECT relname, attname, format_type(atttypid, atttypmod), attnotnull AND NOT atthasdef AND attidentity = '',
    has_column_privilege(%(role)s, pg_class.oid, attnum, 'SELECT')::int::text || has_column_privilege(%(role)s, pg_class.oid, attnum, 'INSERT')::int::text
    || has_column_privilege(%(role)s, pg_class.oid, attnum, 'UPDATE')::int::text || has_table_privilege(%(role)s, pg_class.oid, 'DELETE')::int::text
FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1, 2
"""
FUNCTIONS = """
SELECT oid::regprocedure::text, pg_get_function_result(oid) FROM pg_proc
WHERE pronamespace = 'public'::regnamespace AND has_function_privilege(%(role)s, oid, 'EXECUTE') ORDER BY 1
"""
UNIQUE = """
SELECT relname, string_agg(attname, ',' ORDER BY attname) FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey)
WHERE relnamespace = 'public'::regnamespace AND indisunique AND indexprs IS NULL AND NOT relispartition GROUP BY indexrelid, relname ORDER BY 1, 2
"""
MIGRATIONS = "SELECT app || '.' || name FROM django_migrations ORDER BY 1"


@dataclass(frozen=True)
class Contract:
    """`columns` by table: type, whether a row must bring it, and rights: select, insert, update, delete. `unique` are the
    column sets that an ON CONFLICT can name."""

    release: str
    migrations: list[str]
    columns: dict[str, dict[str, list[object]]]
    functions: dict[str, str]
    unique: list[str]

    def text(self) -> str:
        return json.dumps(asdict(self), indent=1, sort_keys=True) + "\n"


def frozen() -> Contract:
    return Contract(**json.loads(FILE.read_text()))


def found(release: str) -> Contract:
    """As the database is at this moment."""
    with connections["owner"].cursor() as cursor:
        role = {"role": connections["default"].settings_dict["USER"]}
        columns: dict[str, dict[str, list[object]]] = {}
        cursor.execute(COLUMNS, role)
        for table, column, *rest in cursor.fetchall():
            columns.setdefault(table, {})[column] = rest
        cursor.execute(FUNCTIONS, role)
        functions = dict(cursor.fetchall())
        cursor.execute(UNIQUE)
        unique = sorted({f"{table}({names})" for table, names in cursor.fetchall()})
        cursor.execute(MIGRATIONS)
        return Contract(release, [name for (name,) in cursor.fetchall()], columns, functions, unique)


def broken(before: Contract, now: Contract) -> Iterator[str]:
    """What would fail under a process of the release before: each in a sentence."""
    for table, columns in before.columns.items():
        if table not in now.columns:
            yield f"The table {table} is gone."
            continue
        yield from _broken_columns(table, columns, now.columns[table])
    for signature, result in before.functions.items():
        if now.functions.get(signature) != result:
            yield f"The function {signature} is gone, or answers something else."
    for key in sorted(set(before.unique) - set(now.unique)):
        yield f"Nothing is unique on {key} any more, which an ON CONFLICT may name."


def _broken_columns(table: str, before: dict[str, list[object]], now: dict[str, list[object]]) -> Iterator[str]:
    for column, (kind, required, rights) in before.items():
        if column not in now:
            yield f"The column {table}.{column} is gone."
        elif now[column][0] != kind:
            yield f"The column {table}.{column} was {kind} and is {now[column][0]}."
        elif now[column][1] and not required:
            yield f"The column {table}.{column} has to be given now."
        elif any(had == "1" > has for had, has in zip(str(rights), str(now[column][2]), strict=True)):
            yield f"A right to {table}.{column} was taken away."
    for column in sorted(now.keys() - before.keys()):
        if now[column][1]:
            yield f"The new column {table}.{column} has to be given, and the release before does not know it."
