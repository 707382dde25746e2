"""What a write leaves in the history: more common table expressions of the same statement, so that neither is without the other."""

from __future__ import annotations

from typing import Literal

from bookingoffice.postgrest.compiler.chosen import IMAGE, same_key
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
from bookingoffice.postgrest.compiler.tables import physical
from bookingoffice.postgrest.resources import TELLER, Resource

Deed = Literal["insert", "upsert", "update", "delete"]


def witnessed(resource: Resource, deed: Deed, teller: int | None, parameters: Parameters) -> Fragment:
    """`, images AS (…), told AS (INSERT …)`, to follow `written`; nothing where nobody watches. `teller` is a slot."""
    if resource.witness is None or teller is None:
        return NOTHING
    pieces = [declared(piece, parameters) for piece in resource.witness.statement.split(TELLER)]
    told = listed(pieces, parameters.value(str(teller)))
    return join(plain(", images AS ("), _images(resource, deed, parameters), plain("), told AS ("), told, plain(")"))


def _images(resource: Resource, deed: Deed, parameters: Parameters) -> Fragment:
    match deed:
        case "insert":
            return plain("SELECT id, NULL::jsonb AS earlier, to_jsonb(written) AS later FROM written")
        case "delete":
            return plain("SELECT id, to_jsonb(written) AS earlier, NULL::jsonb AS later FROM written")
        case "update":
            return _earlier_and_later(resource)
        case "upsert":
            return _before_and_after(resource, parameters)


def _earlier_and_later(resource: Resource) -> Fragment:
    """History knows rows by their ids: one that gets another went, and one like it came."""
    return join(
        plain("SELECT coalesce(written.id, chosen.id) AS id, "),
        name("chosen", IMAGE),
        plain(" AS earlier, CASE WHEN written.id IS NOT NULL THEN to_jsonb(written) END AS later"),
        plain(" FROM written FULL JOIN chosen ON "),
        same_key(resource, "chosen", rows="written"),
    )


def _before_and_after(resource: Resource, parameters: Parameters) -> Fragment:
    """All parts of a statement see the table as it stood when the statement began. Only a row that another transaction adds or
    changes in that very moment is told as it was before."""
    owner = name("before", resource.tenant_column or "id")
    return join(
        plain("SELECT written.id, to_jsonb(before) AS earlier, to_jsonb(written) AS later FROM written LEFT JOIN "),
        physical(resource),
        plain(" AS before ON "),
        owner,
        plain(" = "),
        parameters.tenant(),
        plain(" AND "),
        same_key(resource, "before", rows="written"),
    )
