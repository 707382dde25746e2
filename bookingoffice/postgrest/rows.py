"""What a service behind a resource does first with a body's rows: which keys count, and which nulls PostgreSQL would not take."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from bookingoffice.postgrest import errors
from bookingoffice.postgrest.errors import Problem
from bookingoffice.postgrest.resources import Conflict, Row

Kept = TypeVar("Kept")


def named_rows(rows: Sequence[Row], columns: Sequence[str], *, defaults: bool) -> list[dict[str, Any]]:
    """Only the named columns; an absent one is null, or left to its default. The organization is the key's to say."""
    names = [column for column in columns if column != "organization_id"]
    if defaults:
        return [{name: row[name] for name in names if name in row} for row in rows]
    return [{name: row.get(name) for name in names} for row in rows]


def once_each(keyed: Iterable[tuple[Hashable, Kept]], conflict: Conflict) -> list[Kept]:
    """What an upsert has to do with: the first of every key, where None is nobody's key yet. A merge takes no second one."""
    first: dict[Hashable, Kept] = {}
    for place, (key, kept) in enumerate(keyed):
        if key in first and conflict.merge:
            raise errors.changed_twice()
        first.setdefault((place,) if key is None else key, kept)
    return list(first.values())


def refuse_nulls(table: str, row: Mapping[str, Any], columns: Iterable[str]) -> None:
    """A null where the wire promises none, although the column itself would take it."""
    for column in columns:
        if column in row and row[column] is None:
            raise Problem(
                400, "23502", f'null value in column "{column}" of relation "{table}" violates not-null constraint'
            )


def refuse_absent(table: str, row: Mapping[str, Any], columns: Iterable[str]) -> None:
    for column in columns:
        if row.get(column) is None:
            raise Problem(
                400, "23502", f'null value in column "{column}" of relation "{table}" violates not-null constraint'
            )
