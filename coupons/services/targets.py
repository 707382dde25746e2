"""What a coupon is for: its links to products, services and plans."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import models, transaction
from psycopg import sql

from bookingoffice.accounts.models import Organization
from bookingoffice.audit.actors import Actor
from bookingoffice.audit.writing import witnessed
from bookingoffice.database.rows import Row, execute, given_rows, insert_rows
from bookingoffice.records import uuid7
from coupons.models import CouponPlan, CouponProduct, CouponService

Target = Literal["product", "service", "plan"]
LINKS: dict[Target, type[models.Model]] = {"product": CouponProduct, "service": CouponService, "plan": CouponPlan}


@transaction.atomic
def add_targets(
    organization: Organization, target: Target, rows: Sequence[Row], *, actor: Actor, moment: datetime
) -> list[UUID]:
    """Rows have `coupon_id` and `<target>_id`. A pair that is linked already is the database's duplicate."""
    if not rows:
        return []
    ready = [{"id": uuid7(), **row} for row in rows]
    ids = _typed_ids(target, ready)
    with witnessed(LINKS[target], organization.pk, ids, actor=actor, moment=moment):
        insert_rows(LINKS[target], organization.pk, ready)
    return ids


def _typed_ids(target: Target, rows: Sequence[Row]) -> list[UUID]:
    """Each row's id as PostgreSQL reads it, which refuses what is none."""
    statement = sql.SQL("SELECT given.id FROM {} ORDER BY given.place").format(given_rows(LINKS[target], ["id"]))
    return [link_id for (link_id,) in execute(statement, rows=rows)]


@transaction.atomic
def remove_targets(
    organization: Organization, target: Target, ids: Collection[UUID], *, actor: Actor, moment: datetime
) -> None:
    """By the links' own ids."""
    with witnessed(LINKS[target], organization.pk, ids, actor=actor, moment=moment):
        links_of(organization, target).filter(id__in=ids)._raw_delete("default")


@transaction.atomic
def set_targets(
    organization: Organization,
    coupon_id: UUID,
    target: Target,
    included: Collection[UUID],
    *,
    excluded: Collection[UUID] | None = None,
    actor: Actor,
    moment: datetime,
) -> None:
    """Makes the links exactly these. Excluding ones stay as they are unless `excluded` is given."""
    wanted = {(target_id, False) for target_id in included} | {(target_id, True) for target_id in excluded or ()}
    links = links_of(organization, target).filter(coupon_id=coupon_id)
    if excluded is None:
        links = links.filter(excluded=False)
    present = {(row[0], row[1]): row[2] for row in links.values_list(f"{target}_id", "excluded", "id")}
    gone = [present[pair] for pair in present.keys() - wanted]
    remove_targets(organization, target, gone, actor=actor, moment=moment)
    new = [
        {"coupon_id": coupon_id, f"{target}_id": target_id, "excluded": is_excluded}
        for target_id, is_excluded in sorted(wanted - present.keys())
    ]
    add_targets(organization, target, new, actor=actor, moment=moment)


def links_of(organization: Organization, target: Target) -> Any:
    return LINKS[target].objects.of(organization.pk)  # type: ignore[attr-defined]
