"""A table as its caller may see it: the declared columns of one organization's rows, under the table's own name.

Because every reference reads from this sub-query, hidden columns can be neither named nor suggested by PostgreSQL's hints.
"""

from __future__ import annotations

from bookingoffice.postgrest.compiler.fragments import (
    AND,
    NOTHING,
    Fragment,
    Parameters,
    clause,
    declared,
    join,
    listed,
    name,
    plain,
)
from bookingoffice.postgrest.resources import Column, Resource


def physical(resource: Resource) -> Fragment:
    return name(resource.schema, resource.table)


def exposed(resource: Resource, parameters: Parameters, *more: Fragment) -> Fragment:
    """The scoped sub-query, in brackets and without an alias; `more` is shown beside the declared columns."""
    return _view(resource, parameters, physical(resource), scope(resource, parameters), more)


def exposed_from(resource: Resource, parameters: Parameters, rows: str) -> Fragment:
    """The same columns over the raw rows of a common table expression, which a write has scoped already."""
    return _view(resource, parameters, join(name(rows), plain(" AS "), name(resource.table)), [], ())


def scope(resource: Resource, parameters: Parameters) -> list[Fragment]:
    """What every statement on the table must say: whose rows, and the resource's own predicate."""
    conditions: list[Fragment] = []
    if resource.tenant_column:
        conditions.append(owned(resource, resource.tenant_column, parameters))
    if resource.predicate:
        conditions.append(join(plain("("), declared(resource.predicate, parameters), plain(")")))
    return conditions


def owned(resource: Resource, column: str, parameters: Parameters) -> Fragment:
    return join(name(resource.table, column), plain(" = "), parameters.tenant())


def _view(
    resource: Resource, parameters: Parameters, source: Fragment, conditions: list[Fragment], more: tuple[Fragment, ...]
) -> Fragment:
    shown = [_shown(resource, column, parameters) for column in resource.columns]
    columns = listed([*shown, *more])
    where = clause(" WHERE ", conditions, AND) if conditions else NOTHING
    return join(plain("(SELECT "), columns, plain(" FROM "), source, where, plain(")"))


def _shown(resource: Resource, column: Column, parameters: Parameters) -> Fragment:
    if column.expression is None:
        return name(resource.table, column.name)
    return join(plain("("), declared(column.expression, parameters), plain(") AS "), name(column.name))
