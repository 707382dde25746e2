"""ORDER BY, LIMIT and OFFSET, with the primary key behind what was asked for, so that pages never overlap."""

from __future__ import annotations

from collections.abc import Sequence

from bookingoffice.postgrest.compiler.fields import addressed, column_sql
from bookingoffice.postgrest.compiler.fragments import NOTHING, Fragment, Parameters, clause, join, name, plain
from bookingoffice.postgrest.compiler.places import Place, related
from bookingoffice.postgrest.nodes import OrderTerm

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
    asked = {term.field.column for term in place.level.order if not (term.relation or term.field.path)}
    return [name(place.alias, column) for column in place.resource.primary_key if column not in asked]


def page_sql(place: Place, parameters: Parameters, *, cap: int | None) -> Fragment:
    """A bound limit is already within the cap; the cap itself stands where no limit was asked for."""
    level = place.level
    limit: Fragment = NOTHING
    if level.limit is not None:
        limit = join(plain(" LIMIT "), parameters.take(level.limit))
    elif cap is not None:
        limit = plain(f" LIMIT {cap}")
    offset = join(plain(" OFFSET "), parameters.take(level.offset)) if level.offset is not None else NOTHING
    return join(limit, offset)
