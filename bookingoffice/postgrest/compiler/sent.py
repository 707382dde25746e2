"""The rows of a body inside SQL: PostgreSQL reads the JSON and types every value, so its own errors come out."""

from __future__ import annotations

from collections.abc import Sequence

from bookingoffice.postgrest.compiler.fields import literal
from bookingoffice.postgrest.compiler.fragments import Fragment, Parameters, declared, join, listed, name, plain
from bookingoffice.postgrest.resources import Column


def sent_rows(
    columns: Sequence[Column], slot: int, parameters: Parameters, *, defaults: bool = False, owner: str | None = None
) -> Fragment:
    """A FROM item called `sent`; with `defaults` an absent key takes its column's default instead of null, but for the owner,
    which the statement itself fills in."""
    body: Fragment = parameters.take(slot)
    if not columns:
        return join(plain("json_array_elements("), body, plain(") AS sent"))
    function = "json_to_recordset("
    if defaults:
        function, body = (
            "jsonb_to_recordset(",
            _completed([each for each in columns if each.name != owner], body, parameters),
        )
    typed = listed(join(name(column.name), plain(f" {column.type}")) for column in columns)
    return join(plain(function), body, plain(") AS sent ("), typed, plain(")"))


def _completed(columns: Sequence[Column], body: Fragment, parameters: Parameters) -> Fragment:
    """Every object over one of defaults, made anew for each so that no two rows share a generated id."""
    return join(
        plain("(SELECT jsonb_agg(jsonb_build_object("),
        listed(default_pairs(columns, parameters)),
        plain(") || row) FROM jsonb_array_elements("),
        body,
        plain(") AS row)"),
    )


def default_pairs(columns: Sequence[Column], parameters: Parameters) -> list[Fragment]:
    """`'name', default` for each column that has one."""
    return [pair for column in columns if (pair := _default(column, parameters))]


def _default(column: Column, parameters: Parameters) -> Fragment | None:
    text = column.on_insert or column.default
    return join(literal(column.name), plain(", "), declared(text, parameters)) if text else None


def keyed_rows(columns: Sequence[Column], slot: int, parameters: Parameters) -> Fragment:
    """Keys to find rows by, as a FROM item called `keyed` whose `place` counts them from 0."""
    typed = listed([plain("place integer"), *(join(name(column.name), plain(f" {column.type}")) for column in columns)])
    return join(plain("json_to_recordset("), parameters.take(slot), plain(") AS keyed ("), typed, plain(")"))
