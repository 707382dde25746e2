"""The rows that a PATCH or DELETE is about: found by their conditions, locked, and known by their keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bookingoffice.postgrest.compiler.conditions import condition_sql
from bookingoffice.postgrest.compiler.counts import matched_rows
from bookingoffice.postgrest.compiler.fragments import AND, Fragment, Parameters, clause, join, listed, name, plain
from bookingoffice.postgrest.compiler.order import order_sql, page_sql
from bookingoffice.postgrest.compiler.places import Place
from bookingoffice.postgrest.compiler.tables import exposed
from bookingoffice.postgrest.resources import Resource

IMAGE = "chosen_image"
"""The whole row as it stands under the lock, for a witness."""


def key_columns(resource: Resource) -> tuple[str, ...]:
    """A table without a primary key has the place of the row in it, which holds while the row is locked."""
    return resource.primary_key or ("ctid",)


def same_key(resource: Resource, other: str, rows: str | None = None) -> Fragment:
    pairs = (
        join(name(rows or resource.table, column), plain(" = "), name(other, column))
        for column in key_columns(resource)
    )
    return listed(pairs, AND)


def chosen_rows(place: Place, parameters: Parameters, *, images: bool = False) -> Fragment:
    """A common table expression called `chosen`, with the rows' `images` where they are wanted. The lock makes the conditions
    true of the row as it is when it is changed."""
    resource = place.resource
    columns = dict.fromkeys([*key_columns(resource), *ordering(place), *([IMAGE] if images else [])])
    table = _with_keys(resource, parameters, [_image(resource)] if images else [])
    tests = [
        condition_sql(place, each, parameters, lambda joined: matched_rows(joined, parameters))
        for each in place.level.conditions
    ]
    picked = join(
        plain("SELECT "),
        listed(name(place.alias, column) for column in columns),
        plain(" FROM "),
        table,
        plain(" AS "),
        name(place.alias),
        clause(" WHERE ", tests, AND),
        order_sql(_alone(place), parameters, by_key=True),
        page_sql(place, parameters, cap=None),
        join(plain(" FOR NO KEY UPDATE OF "), name(place.alias)) if resource.locked else plain(""),
    )
    return join(plain("chosen AS ("), _found_again(place, picked), plain(")"))


def _found_again(place: Place, picked: Fragment) -> Fragment:
    """PostgREST v11.1 finds what a limit picked by the values it was ordered by. A null equals nothing, so such a row takes its
    place in the page and stays as it is."""
    columns = [place.resource.by_name[column] for column in ordering(place) if column in place.resource.by_name]
    tests = [join(name("picked", column.name), plain(" IS NOT NULL")) for column in columns if column.nullable]
    if not tests:
        return picked
    return join(plain("SELECT picked.* FROM ("), picked, plain(") AS picked"), clause(" WHERE ", tests, AND))


def _with_keys(resource: Resource, parameters: Parameters, more: Sequence[Fragment] = ()) -> Fragment:
    """The scoped table; the place of a row is no declared column, yet a client may order by it."""
    keys = () if resource.primary_key else key_columns(resource)
    return exposed(resource, parameters, *(name(resource.table, key) for key in keys), *more)


def _image(resource: Resource) -> Fragment:
    return join(plain("to_jsonb("), name(resource.table), plain(") AS "), name(IMAGE))


def _alone(place: Place) -> Place:
    """Without the orders by embeds, which are not joined here."""
    order = tuple(term for term in place.level.order if not term.relation)
    return replace(place, level=replace(place.level, order=order))


def ordering(place: Place) -> list[str]:
    """The columns whose values tell which rows a page means; none where all are meant."""
    level = place.level
    terms = () if level.limit is None and level.offset is None else level.order
    return [term.field.column for term in terms if not term.relation]


def tied_rows(place: Place, parameters: Parameters) -> Fragment:
    """How many rows have the same values as the chosen ones in the columns that were ordered by: more than the limit, and the
    limit does not tell them apart."""
    columns = ordering(place) if place.level.limit is not None else []
    if not columns:
        return plain("0::bigint")
    same = listed((join(name(place.alias, column), plain(" = "), name("chosen", column)) for column in columns), AND)
    table = join(_with_keys(place.resource, parameters), plain(" AS "), name(place.alias))
    return join(
        plain("(SELECT count(*) FROM "), table, plain(" WHERE EXISTS (SELECT 1 FROM chosen WHERE "), same, plain("))")
    )
