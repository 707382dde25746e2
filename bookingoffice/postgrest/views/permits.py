"""What a write is refused for before the database sees it: columns that are not there, rows of others, scopes that are missing."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from bookingoffice.postgrest import errors
from bookingoffice.postgrest.callers import UNFILTERED_WRITES, Caller
from bookingoffice.postgrest.errors import Problem
from bookingoffice.postgrest.nodes import Compare, Level
from bookingoffice.postgrest.resources import Column, Resource, Row
from bookingoffice.postgrest.views.asks import Ask


def sent_columns(resource: Resource, keys: Sequence[str]) -> tuple[Column, ...]:
    """The columns that a body names; raises PGRST204 for the first that is none."""
    for key in keys:
        if key not in resource.by_name or resource.by_name[key].hidden:
            raise errors.unknown_column(key, resource.name)
    return tuple(resource.by_name[key] for key in keys)


def refuse_unwritable(resource: Resource, columns: Sequence[Column], *, inserting: bool) -> None:
    for column in columns:
        if column.generated:
            raise _generated(column.name, inserting=inserting)
        if not column.writable:
            raise denied(resource)


def _generated(column: str, *, inserting: bool) -> Problem:
    message = f'column "{column}" can only be updated to DEFAULT'
    if inserting:
        message = f'cannot insert a non-DEFAULT value into column "{column}"'
    return Problem(400, "428C9", message, f'Column "{column}" is a generated column.')


def refuse_unless_permitted(ask: Ask, resource: Resource) -> None:
    if ask.method not in resource.methods or not ask.caller.may(resource.write_scope):
        raise denied(resource)


def denied(resource: Resource) -> Problem:
    return Problem(403, "42501", f"permission denied for table {resource.name}")


def refuse_unfiltered(ask: Ask) -> None:
    """Every row at once only for a key that may."""
    if not ask.query.root.conditions and not ask.caller.may(UNFILTERED_WRITES):
        raise errors.unfiltered_write("UPDATE" if ask.method == "PATCH" else "DELETE")


def refuse_foreign_owner(resource: Resource, caller: Caller, rows: Sequence[Row]) -> None:
    """What is no UUID at all is left to PostgreSQL, which says so."""
    owner = resource.tenant_column
    if owner and any(_names_another(row.get(owner), caller.organization_id) for row in rows):
        message = f'new row violates row-level security policy for table "{resource.name}"'
        raise Problem(403, "42501", message)


def _names_another(value: object, organization_id: UUID) -> bool:
    try:
        return isinstance(value, str) and UUID(value) != organization_id
    except ValueError:
        return False


def examine(resource: Resource, rows: Sequence[Row]) -> None:
    if resource.examine:
        resource.examine(rows)


def put_key(level: Level, resource: Resource) -> dict[str, str]:
    """The key in the filters of a PUT; raises PGRST105 unless they are the primary key and nothing else."""
    key: dict[str, str] = {}
    for condition in level.conditions:
        match condition:
            case Compare(operator="eq", negated=False, quantifier=None, field=field) if not field.path:
                key[field.column] = condition.value
            case _:
                raise errors.bad_put_filters()
    if not key or set(key) != set(resource.primary_key) or _filters_embeds(level):
        raise errors.bad_put_filters()
    return key


def _filters_embeds(level: Level) -> bool:
    return any(embed.level.conditions or _filters_embeds(embed.level) for embed in level.embeds)
