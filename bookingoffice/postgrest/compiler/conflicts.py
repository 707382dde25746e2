"""ON CONFLICT: which unique rule an upsert means, and what it does to the row that is there."""

from __future__ import annotations

from collections.abc import Sequence

from bookingoffice.postgrest.compiler.fragments import (
    NOTHING,
    Fragment,
    Parameters,
    declared,
    join,
    listed,
    name,
    plain,
)
from bookingoffice.postgrest.errors import Problem
from bookingoffice.postgrest.resources import Column, Conflict, ConflictTarget, Resource


def on_conflict(resource: Resource, columns: Sequence[Column], conflict: Conflict, parameters: Parameters) -> Fragment:
    """A target that no unique rule answers is PostgreSQL's own 42P10; an unknown column of the wire is 42703."""
    target = physical_target(resource, conflict.target)
    if not target.physical:
        return NOTHING
    where = join(plain(" WHERE "), declared(target.where, parameters)) if target.where else NOTHING
    unique = listed(name(column) for column in target.physical)
    return join(plain(" ON CONFLICT ("), unique, plain(")"), where, _act(resource, columns, conflict, parameters))


def refuse_unruled(resource: Resource, asked: Sequence[str]) -> None:
    """What PostgreSQL refuses of a target, for rows that no ON CONFLICT of ours will meet: a service writes them."""
    physical_target(resource, asked)
    owner = resource.tenant_column or ""
    rules = [frozenset(resource.primary_key), *(target.columns for target in resource.conflict_targets)]
    if frozenset(asked) - {owner} not in [rule - {owner} for rule in rules]:
        message = "there is no unique or exclusion constraint matching the ON CONFLICT specification"
        raise Problem(400, "42P10", message)


def physical_target(resource: Resource, asked: Sequence[str]) -> ConflictTarget:
    """The declared meaning of the columns asked for, or else those columns behind the organization."""
    for column in asked:
        if column not in resource.by_name or resource.by_name[column].hidden:
            raise Problem(400, "42703", f'column "{column}" does not exist')
    owner = resource.tenant_column or ""
    wanted = frozenset(asked) - {owner}
    for target in resource.conflict_targets:
        if target.columns - {owner} == wanted:
            return target
    others = tuple(column for column in dict.fromkeys(asked) if column != owner)
    return ConflictTarget(frozenset(asked), (owner, *others) if asked and owner else others)


def _act(resource: Resource, columns: Sequence[Column], conflict: Conflict, parameters: Parameters) -> Fragment:
    """The organization of a row never changes, so it is never set."""
    sent = [column for column in columns if column.name != resource.tenant_column]
    if not conflict.merge or not sent:
        return plain(" DO NOTHING")
    settings = listed(update_settings(resource, sent, "excluded", parameters))
    return join(plain(" DO UPDATE SET "), settings)


def update_settings(
    resource: Resource, columns: Sequence[Column], source: str, parameters: Parameters
) -> list[Fragment]:
    """`column = source.column`, and what changes by itself with every update."""
    sent = {column.name for column in columns}
    settings: list[Fragment] = [join(name(column.name), plain(" = "), name(source, column.name)) for column in columns]
    touched = [column for column in resource.columns if column.on_update and column.name not in sent]
    return settings + [
        join(name(each.name), plain(" = "), declared(each.on_update or "", parameters)) for each in touched
    ]
