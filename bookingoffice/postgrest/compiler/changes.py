"""INSERT, UPDATE and DELETE, each as the common table expressions that end in `written`: the raw rows it touched."""

from __future__ import annotations

from dataclasses import dataclass

from bookingoffice.postgrest.compiler.chosen import same_key
from bookingoffice.postgrest.compiler.conflicts import on_conflict, update_settings
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
from bookingoffice.postgrest.compiler.sent import keyed_rows, sent_rows
from bookingoffice.postgrest.compiler.tables import owned, physical
from bookingoffice.postgrest.resources import Column, Conflict, Resource

WRITTEN = "written"


@dataclass(frozen=True, slots=True)
class Body:
    """The rows of a request: the columns that are read from them and the slot that holds their JSON array."""

    columns: tuple[Column, ...]
    slot: int
    defaults: bool = False


def inserted(
    resource: Resource,
    body: Body,
    parameters: Parameters,
    conflict: Conflict | None = None,
    only: tuple[tuple[str, str], ...] = (),
) -> Fragment:
    """`only` are pairs of column and slot: nothing but the rows that carry these values is written."""
    assignments = _insert_assignments(resource, body, parameters)
    columns = listed(name(column) for column, _ in assignments)
    into = join(plain("INSERT INTO "), physical(resource), *([plain(" ("), columns, plain(")")] if assignments else []))
    rows = sent_rows(body.columns, body.slot, parameters, defaults=body.defaults, owner=resource.tenant_column)
    matching = [join(name("sent", column), plain(" = "), parameters.value(slot)) for column, slot in only]
    select = join(
        plain(" SELECT "),
        listed(value for _, value in assignments),
        plain(" FROM "),
        rows,
        clause(" WHERE ", matching, AND),
    )
    upsert = on_conflict(resource, body.columns, conflict, parameters) if conflict else NOTHING
    return _written(into, select, upsert, resource)


def _insert_assignments(resource: Resource, body: Body, parameters: Parameters) -> list[tuple[str, Fragment]]:
    """The owner is the caller's organization whatever was sent; a null that was sent stays null and is refused by the database."""
    sent = [column.name for column in body.columns]
    assignments = [(column, _sent(column)) for column in sent if column != resource.tenant_column]
    if owner := resource.tenant_column:
        tenant: Fragment = parameters.tenant()
        if owner in sent and not body.defaults:
            tenant = join(
                plain("CASE WHEN "),
                _sent(owner),
                plain(" IS NULL THEN "),
                _sent(owner),
                plain(" ELSE "),
                tenant,
                plain(" END"),
            )
        assignments.append((owner, tenant))
    assigned = {column for column, _ in assignments}
    supplied = (column for column in resource.columns if column.on_insert and column.name not in assigned)
    return assignments + [(column.name, declared(column.on_insert or "", parameters)) for column in supplied]


def _sent(column: str) -> Fragment:
    return name("sent", column)


def updated(resource: Resource, body: Body, chosen: Fragment, parameters: Parameters) -> Fragment:
    """The chosen rows, changed as the first row of the body says."""
    rows = sent_rows(body.columns, body.slot, parameters, defaults=body.defaults, owner=resource.tenant_column)
    one = join(plain("(SELECT sent.* FROM "), rows, plain(" LIMIT 1) AS sent, chosen"))
    settings = listed(update_settings(resource, body.columns, "sent", parameters))
    update = join(plain("UPDATE "), physical(resource), plain(" SET "), settings, plain(" FROM "), one)
    return join(chosen, plain(", "), _written(update, _on_chosen(resource, parameters), NOTHING, resource))


def deleted(resource: Resource, chosen: Fragment, parameters: Parameters) -> Fragment:
    delete = join(plain("DELETE FROM "), physical(resource), plain(" USING chosen"))
    return join(chosen, plain(", "), _written(delete, _on_chosen(resource, parameters), NOTHING, resource))


def found(resource: Resource, slot: int, parameters: Parameters) -> Fragment:
    """No change: the rows of given keys, in the order of the keys."""
    keys = [resource.by_name[column] for column in resource.primary_key]
    keyed = keyed_rows(keys, slot, parameters)
    where = clause(" WHERE ", [*_own(resource, parameters), same_key(resource, "keyed")], AND)
    columns = join(name(resource.table), plain(".*"))
    return join(
        plain("written AS (SELECT "),
        columns,
        plain(" FROM "),
        physical(resource),
        plain(", "),
        keyed,
        where,
        plain(" ORDER BY keyed.place)"),
    )


def nothing(resource: Resource, parameters: Parameters) -> Fragment:
    """No row at all, with the columns of the table."""
    where = clause(" WHERE ", [*_own(resource, parameters), plain("false")], AND)
    return join(
        plain("written AS (SELECT "), name(resource.table), plain(".* FROM "), physical(resource), where, plain(")")
    )


def _on_chosen(resource: Resource, parameters: Parameters) -> Fragment:
    return clause(" WHERE ", [*_own(resource, parameters), same_key(resource, "chosen")], AND)


def _own(resource: Resource, parameters: Parameters) -> list[Fragment]:
    return [owned(resource, resource.tenant_column, parameters)] if resource.tenant_column else []


def _written(change: Fragment, middle: Fragment, end: Fragment, resource: Resource) -> Fragment:
    returning = join(plain(" RETURNING "), name(resource.table), plain(".*)"))
    return join(plain("written AS ("), change, middle, end, returning)
