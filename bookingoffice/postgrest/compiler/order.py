"""ORDER BY, LIMIT and OFFSET, with the primary key behind what was asked for, so that pages never overlap.

The key goes the way of the last term, so that one index serves an order and its opposite.
"""

from __future__ import annotations

from collections.abc import Sequence

from bookingoffice.postgrest.compiler.fields import addressed, column_sql
from bookingoffice.postgrest.compiler.fragments import NOTHING, Fragment, Parameters, clause, join, name, plain
from bookingoffice.postgrest.compiler.places import Place, related
from bookingoffice.postgrest.nodes import OrderTerm
from bookingoffice.postgrest.resources import Resource

DIRECTIONS = {"asc": " ASC", "desc": " DESC", None: ""}
NULLS = {"nullsfirst": " NULLS FIRST", "nullslast": " NULLS LAST", None: ""}


def order_sql(place: Place, parameters: Parameters, *, by_key: bool) -> Fragment:
    """`by_key` appends the primary key where it is missing."""
    asked = [_term(place, term, parameters) for term in place.level.order]
    return clause(" ORDER BY ", [*asked, *(_key(place) if by_key else [])])


def _term(place: Place, term: OrderTerm, parameters: Parameters) -> Fragment:
    joined = related(place, term)
    field = (
        addressed(joined.place, joined.alias, term.field, parameters)
        if joined
        else column_sql(place, term.field, parameters)
    )
    return join(field, plain(DIRECTIONS[term.direction] + NULLS[term.nulls]))


def _key(place: Place) -> Sequence[Fragment]:
    order = place.level.order
    way = plain(DIRECTIONS["desc" if order and order[-1].direction == "desc" else None])
    return [join(name(place.alias, column), way) for column in key_behind(place.resource, order)]


def key_behind(resource: Resource, order: Sequence[OrderTerm]) -> list[str]:
    """The columns of the primary key that the order itself does not name."""
    asked = {term.field.column for term in order if not (term.relation or term.field.path)}
    return [column for column in resource.primary_key if column not in asked]


def page_sql(place: Place, parameters: Parameters, *, cap: int | None) -> Fragment:
    """A bound limit is already within the cap; the cap itself stands where no limit was asked for."""
    level = place.level
    most = cap if level.limit is None else level.limit
    limit = NOTHING if most is None else plain(f" LIMIT {most:d}")
    offset = join(plain(" OFFSET "), parameters.take(level.offset)) if level.offset is not None else NOTHING
    return join(limit, offset)
