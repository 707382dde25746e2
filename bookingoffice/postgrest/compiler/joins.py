"""Where a level reads from, and how its rows meet the row above."""

from __future__ import annotations

from bookingoffice.postgrest.compiler.fragments import AND, Fragment, Parameters, join, listed, name, plain
from bookingoffice.postgrest.compiler.places import Joined, Place
from bookingoffice.postgrest.compiler.tables import exposed, exposed_from


def source(place: Place, joined: Joined | None, parameters: Parameters) -> Fragment:
    """The scoped table under its alias, with the link table beside it where the way leads through one."""
    table = exposed_from(place.resource, parameters, place.rows) if place.rows else exposed(place.resource, parameters)
    own = join(table, plain(" AS "), name(place.alias))
    return join(own, _link(joined, parameters)) if joined and joined.relationship.link else own


def _link(joined: Joined, parameters: Parameters) -> Fragment:
    link = joined.relationship.link
    assert link is not None
    pairs = zip(link.far.columns, link.far.references, strict=True)
    on = listed((_equal(joined.link, ours, joined.place.alias, theirs) for ours, theirs in pairs), AND)
    table = exposed(link.resource, parameters)
    return join(plain(" INNER JOIN "), table, plain(" AS "), name(joined.link), plain(" ON "), on)


def meeting(joined: Joined) -> list[Fragment]:
    """The equalities between an embed and its parent, both of them scoped by their own sub-queries."""
    link = joined.relationship.link
    if link:
        pairs = zip(link.near.columns, link.near.references, strict=True)
        return [_equal(joined.link, ours, joined.parent, theirs) for ours, theirs in pairs]
    return [_equal(joined.place.alias, theirs, joined.parent, ours) for ours, theirs in joined.relationship.pairs]


def _equal(left: str, left_column: str, right: str, right_column: str) -> Fragment:
    return join(name(left, left_column), plain(" = "), name(right, right_column))
