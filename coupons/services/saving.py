"""Creating and changing coupons, one or thousands, in a constant number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from psycopg import sql

from bookingoffice.accounts.models import Organization
from bookingoffice.audit.actors import Actor
from bookingoffice.audit.making import keep_changes, make_rows
from bookingoffice.database.rows import Row, execute, given_rows, update_rows
from bookingoffice.records import public_ids, uuid7
from coupons import ledger
from coupons.drafts import drafts, refuse_malformed
from coupons.models import Coupon

TYPED_IDS = (
    "SELECT given.id, coupons.id IS NOT NULL FROM {rows}"
    " LEFT JOIN coupons ON coupons.organization_id = %(organization_id)s AND coupons.id = given.id ORDER BY place"
)


@transaction.atomic
def create_coupons(organization: Organization, rows: Sequence[Row], *, actor: Actor, moment: datetime) -> list[UUID]:
    """Answers the ids in the order of the rows. Raises Malformed for codes and definitions, the database's errors for the rest."""
    if not rows:
        return []
    new = [
        _named(draft, public_id)
        for draft, public_id in zip(drafts(rows, organization.currency), public_ids("cou_", len(rows)), strict=True)
    ]
    return make_rows(Coupon, organization.pk, new, label="code", actor=actor, moment=moment)


@transaction.atomic
def change_coupons(
    organization: Organization, ids: Sequence[UUID], changes: Row, *, actor: Actor, moment: datetime
) -> None:
    """The same change for each coupon. Limits go through the ledger's door, which refuses to go below live uses."""
    _change(organization, [{**changes, "id": coupon_id} for coupon_id in ids], actor=actor, moment=moment)


@transaction.atomic
def change_each(organization: Organization, rows: Sequence[Row], *, actor: Actor, moment: datetime) -> None:
    """Each row names its coupon's `id` and what is to change of it."""
    _change(organization, rows, actor=actor, moment=moment)


@transaction.atomic
def put_coupons(organization: Organization, rows: Sequence[Row], *, actor: Actor, moment: datetime) -> list[UUID]:
    """A row whose `id` exists changes that coupon, every other row makes one. Answers the ids in the order of the rows."""
    identified = [{"id": uuid7(), **row} for row in rows]
    refuse_malformed(identified, organization.currency)
    known = dict(_known_ids(organization.pk, identified)) if rows else {}
    present = [known[UUID(str(row["id"]))] for row in identified]
    _change(
        organization, [row for row, there in zip(identified, present, strict=True) if there], actor=actor, moment=moment
    )
    new = [row for row, there in zip(identified, present, strict=True) if not there]
    create_coupons(organization, new, actor=actor, moment=moment)
    return [UUID(str(row["id"])) for row in identified]


def _change(organization: Organization, rows: Sequence[Row], *, actor: Actor, moment: datetime) -> None:
    if not rows:
        return
    ready = drafts(rows, organization.currency)
    kinds = {_limits_in(row) for row in ready} - {()}
    moving = [{name: row[name] for name in ("id", "limit_currency")} for row in ready if "limit_currency" in row]
    _lock(organization.pk, [row["id"] for row in ready], limits=bool(kinds or moving))
    keep_changes(Coupon, organization.pk, ready, label="code", actor=actor, moment=moment)
    if kinds:  # a budget is judged in the currency that comes with it
        update_rows(Coupon, organization.pk, moving)
    for columns in sorted(kinds):
        limited = [row for row in ready if _limits_in(row) == columns]
        ledger.set_limits(organization.pk, limited, columns=columns, moment=moment)
    others = [{name: row[name] for name in row if name not in ledger.LIMITS} for row in ready] if kinds else ready
    update_rows(Coupon, organization.pk, others)
    if moving:
        ledger.follow_currency(organization.pk, [row["id"] for row in moving], moment)


def _limits_in(row: Row) -> tuple[str, ...]:
    return tuple(name for name in ledger.LIMITS if name in row)


def _named(draft: dict[str, Any], public_id: str) -> dict[str, Any]:
    """A coupon without a name is called by its code."""
    return {"public_id": public_id, "name": draft.get("code"), **draft}


def _known_ids(organization_id: UUID, rows: Sequence[Row]) -> list[tuple[UUID, bool]]:
    """Each row's id as PostgreSQL reads it, and whether the organization has that coupon."""
    statement = sql.SQL(TYPED_IDS).format(rows=given_rows(Coupon, ["id"]))
    return [(coupon_id, known) for coupon_id, known in execute(statement, organization_id=organization_id, rows=rows)]


def _lock(organization_id: UUID, ids: Sequence[UUID], *, limits: bool) -> None:
    """In the order of their ids, so that two bulk acts over the same coupons wait for each other instead of crossing.

    Who changes limits waits for everyone who has one of the coupons in hands, before the first counter is touched.
    """
    statement = sql.SQL(
        "SELECT id FROM coupons WHERE organization_id = %(organization_id)s AND id = ANY(%(ids)s::uuid[])"
        " ORDER BY id FOR {strength}"
    ).format(strength=sql.SQL("UPDATE" if limits else "NO KEY UPDATE"))
    execute(statement, organization_id=organization_id, ids=list(ids))
