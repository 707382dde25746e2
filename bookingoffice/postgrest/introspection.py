"""Resources read from a database's own catalogue, for schemas that nobody declared by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, LiteralString

from psycopg import Connection

from bookingoffice.postgrest.catalog import Catalog
from bookingoffice.postgrest.resources import Column, ForeignKey, Resource

COLUMNS: LiteralString = """
SELECT r.relname, a.attname, format_type(a.atttypid, a.atttypmod),
       CASE a.attidentity
           WHEN 'd' THEN format('nextval(%%L)', pg_get_serial_sequence(r.oid::regclass::text, a.attname))
           ELSE pg_get_expr(d.adbin, d.adrelid)
       END,
       NOT a.attnotnull, a.attgenerated <> '', a.attidentity <> '',
       (SELECT array_agg(enumlabel ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = a.atttypid)
FROM pg_class r JOIN pg_attribute a ON a.attrelid = r.oid LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (r.oid, a.attnum)
WHERE r.relnamespace = %s::regnamespace AND r.relkind IN ('r', 'p', 'v') AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY r.relname, a.attnum
"""
KEYS: LiteralString = """
SELECT r.relname, c.contype::text, c.conname, f.relname,
       (SELECT array_agg(attname ORDER BY n) FROM unnest(c.conkey) WITH ORDINALITY k(num, n)
        JOIN pg_attribute ON attrelid = c.conrelid AND attnum = num),
       (SELECT array_agg(attname ORDER BY n) FROM unnest(c.confkey) WITH ORDINALITY k(num, n)
        JOIN pg_attribute ON attrelid = c.confrelid AND attnum = num)
FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid LEFT JOIN pg_class f ON f.oid = c.confrelid
WHERE r.relnamespace = %s::regnamespace AND c.contype IN ('p', 'u', 'f') ORDER BY r.relname, c.conname
"""


@dataclass(frozen=True, slots=True)
class _Key:
    kind: str
    name: str
    target: str
    columns: tuple[str, ...]
    references: tuple[str, ...]


def read_catalog(connection: Connection[Any], schema: str, *, tenant_column: str | None = "organization_id") -> Catalog:
    """Every table and view of the schema. A table without the tenant column belongs to everybody."""
    columns: dict[str, list[Column]] = defaultdict(list)
    for table, *column in connection.execute(COLUMNS, [schema]).fetchall():
        columns[table].append(_column(*column))
    keys: dict[str, list[_Key]] = defaultdict(list)
    for table, kind, name, target, ours, theirs in connection.execute(KEYS, [schema]).fetchall():
        keys[table].append(_Key(kind, name, target or "", _wire(ours, tenant_column), _wire(theirs, tenant_column)))
    return Catalog(_resource(name, schema, columns[name], keys[name], tenant_column) for name in columns)


def _wire(columns: Iterable[str] | None, tenant_column: str | None) -> tuple[str, ...]:
    """A key without the organization that leads it; alone it is a key of its own."""
    names = tuple(columns or ())
    return tuple(name for name in names if name != tenant_column) if len(names) > 1 else names


def _column(
    name: str,
    type_name: str,
    default: str | None,
    nullable: bool,
    generated: bool,
    identity: bool,
    labels: list[str] | None,
) -> Column:
    default = None if generated else default
    return Column(
        name, type_name, default=default, nullable=nullable or identity, generated=generated, enum=tuple(labels or ())
    )


def _resource(name: str, schema: str, columns: list[Column], keys: list[_Key], tenant_column: str | None) -> Resource:
    unique = {frozenset(key.columns) for key in keys if key.kind in "pu"}
    owned = any(column.name == tenant_column for column in columns)
    return Resource(
        name=name,
        schema=schema,
        columns=tuple(columns),
        primary_key=next((key.columns for key in keys if key.kind == "p"), ()),
        tenant_column=tenant_column if owned else None,
        complete=True,
        foreign_keys=tuple(
            ForeignKey(key.name, key.columns, key.target, key.references, unique=frozenset(key.columns) in unique)
            for key in keys
            if key.kind == "f"
        ),
    )
