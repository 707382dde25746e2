"""Many coupons at once: one batch of random codes, all else of them alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from psycopg import sql

from bookingoffice.accounts.models import Organization
from bookingoffice.audit.actors import Actor
from bookingoffice.audit.writing import made_alike, told_of, witnessed
from bookingoffice.database.drawn import drawn as drawn_ids
from bookingoffice.database.drawn import uuid7_of
from bookingoffice.database.rows import column_types, execute, given_rows, insert_rows
from bookingoffice.errors import Fault, Malformed, RuleViolation
from bookingoffice.records import public_ids, uuid7
from coupons import ledger
from coupons.drafts import drafts, value_faults
from coupons.generation import DEFAULT, Pattern, pattern_of, refuse_unless_roomy
from coupons.models import Coupon, CouponBatch

MOST: Final = 1_000_000
PORTION: Final = 5_000
OWN: Final = frozenset(
    {
        "id",
        "public_id",
        "organization_id",
        "batch_id",
        "code",
        "code_generated",
        "created_at",
        "updated_at",
        "deleted_at",
    }
)
"""Columns that a template has no say in."""

MAKE: Final = """
WITH made AS (
    INSERT INTO coupons (organization_id, id, created_at, updated_at, code, code_generated, public_id, batch_id, {columns})
    SELECT %(organization_id)s, {new_id}, %(moment)s, %(moment)s, drawn.code, true, drawn.public_id,
        %(batch_id)s, {values}
    FROM unnest(%(codes)s::text[], %(public_ids)s::text[]) WITH ORDINALITY AS drawn(code, public_id, number), {rows}
    ON CONFLICT (organization_id, code_key) WHERE deleted_at IS NULL DO NOTHING
    RETURNING *
), kept AS ({history})
SELECT count(*) FROM made
"""

GATE: Final = "SELECT pg_advisory_xact_lock(hashtextextended('generate_coupons ' || %(organization_id)s, 0))"
"""Two batches that draw the same codes would wait for each other's: an organization makes one at a time."""

Template = Mapping[str, Any]
Told = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a batch shall be. `template` has the columns of a coupon as `create_coupons` takes them; `quota` is shared by all."""

    count: int
    template: Template
    pattern: str = DEFAULT
    prefix: str = ""
    label: str = ""
    quota: int | None = None


@transaction.atomic
def generate_coupons(
    organization: Organization, wanted: Wanted, *, actor: Actor, moment: datetime, told: Told = lambda number: None
) -> UUID:
    """Exactly `count` coupons with codes that nobody had, all or none; answers the id of their batch.

    `told` hears of every portion that is made. Raises Malformed, RuleViolation, and the database's errors for the template.
    """
    if not 1 <= wanted.count <= MOST:
        raise RuleViolation(
            "count_out_of_range", _("A batch has 1 to %(most)s coupons.") % {"most": format(MOST, ",")}, field="count"
        )
    pattern = pattern_of(wanted.pattern, wanted.prefix)
    refuse_unless_roomy(pattern, wanted.count)
    template = _template(organization, wanted, pattern)
    execute(sql.SQL(GATE), organization_id=str(organization.pk))
    batch_id = _make_batch(organization, wanted, actor=actor, moment=moment)
    parameters = {"organization_id": organization.pk, "batch_id": batch_id, "moment": moment, **told_of(actor)}
    _make_coupons(wanted.count, pattern, template, parameters, told)
    return batch_id


def _template(organization: Organization, wanted: Wanted, pattern: Pattern) -> dict[str, Any]:
    """One row for all, its definition and value columns agreed; without a name, coupons are called by their codes."""
    known = column_types(Coupon).keys() - OWN
    faults = [
        Fault(str(name), "unknown_column", _("A template has no column “%(name)s”.") % {"name": name})
        for name in wanted.template
        if name not in known
    ]
    faults += value_faults(wanted.template)
    if faults:
        raise Malformed(faults)
    [draft] = drafts([{**wanted.template, "code": pattern.draw(1)[0]}], organization.currency)
    return {name: value for name, value in draft.items() if name != "code" and not (name == "name" and not value)}


def _make_batch(organization: Organization, wanted: Wanted, *, actor: Actor, moment: datetime) -> UUID:
    batch_id = uuid7()
    row = {
        "id": batch_id,
        "created_at": moment,
        "label": wanted.label,
        "prefix": wanted.prefix,
        "pattern": wanted.pattern,
        "count": wanted.count,
        "quota": wanted.quota,
    }
    with witnessed(CouponBatch, organization.pk, [batch_id], actor=actor, moment=moment):
        insert_rows(CouponBatch, organization.pk, [row])
    return batch_id


def _make_coupons(
    count: int, pattern: Pattern, template: dict[str, Any], parameters: Mapping[str, Any], told: Told
) -> None:
    """In portions, so that no more than one is in memory. A code that somebody has is drawn anew with the next portion."""
    statement = _statement(template)
    made = drawn = 0
    while made < count:
        number = min(PORTION, count - made)
        if drawn > 2 * count + PORTION:
            raise RuleViolation(
                "pattern_used_up", _("Most codes of this pattern are taken; choose a longer one."), field="pattern"
            )
        drawn_now = {"codes": pattern.draw(number), "public_ids": public_ids("cou_", number), **drawn_ids()}
        [(new,)] = execute(statement, rows=[template], **drawn_now, **parameters)
        made, drawn = made + new, drawn + number
        told(new)


def _statement(template: dict[str, Any]) -> sql.Composed:
    named = sorted(template)
    columns = [sql.Identifier(name) for name in named]
    values: list[sql.Composable] = [sql.SQL("given.{}").format(column) for column in columns]
    own = ["code", "public_id"]
    if "name" not in template:
        columns, values, own = [*columns, sql.Identifier("name")], [*values, sql.SQL("drawn.code")], [*own, "name"]
    return sql.SQL(MAKE).format(
        new_id=sql.SQL(uuid7_of("drawn.number")),
        columns=sql.SQL(", ").join(columns),
        values=sql.SQL(", ").join(values),
        rows=given_rows(Coupon, named),
        history=made_alike(Coupon, label="code", own=own),
    )


@transaction.atomic
def change_batch_quota(
    organization: Organization, batch_id: UUID, quota: int | None, *, actor: Actor, moment: datetime
) -> None:
    """How often the coupons of a batch may be used together. Refuses `quota_below_uses`."""
    with witnessed(CouponBatch, organization.pk, [batch_id], actor=actor, moment=moment):
        ledger.set_batch_quota(organization.pk, batch_id, quota, moment)
