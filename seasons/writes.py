"""Creating, changing and deleting seasons, with their history. Faults of every row are told at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from psycopg import sql

from bookingoffice.accounts.models import Organization
from bookingoffice.audit.actors import Actor
from bookingoffice.audit.writing import witnessed
from bookingoffice.database.rows import Row, execute, given_rows, insert_rows, update_rows
from bookingoffice.errors import Fault, Malformed
from bookingoffice.localized import name_faults
from bookingoffice.records import uuid7
from bookingoffice.references.naming import refuse_while_named
from seasons.expressions import value_faults
from seasons.models import Season


@transaction.atomic
def create_seasons(organization: Organization, rows: Sequence[Row], *, actor: Actor, moment: datetime) -> list[UUID]:
    """Answers the ids in the order of the rows."""
    if not rows:
        return []
    refuse_malformed(rows)
    ready = [{"id": uuid7(), **row} for row in rows]
    ids = [season_id for season_id, _ in known_ids(organization.pk, ready)]
    with witnessed(Season, organization.pk, ids, actor=actor, moment=moment):
        insert_rows(Season, organization.pk, ready)
    return ids


@transaction.atomic
def change_seasons(
    organization: Organization, ids: Sequence[UUID], changes: Row, *, actor: Actor, moment: datetime
) -> None:
    """The same change for each, judged once; `value` is replaced as a whole."""
    if ids:
        refuse_malformed([changes])
    _change(organization, [{**changes, "id": season_id} for season_id in ids], actor=actor, moment=moment)


@transaction.atomic
def change_each(organization: Organization, rows: Sequence[Row], *, actor: Actor, moment: datetime) -> None:
    """Each row, which has been judged, names its season's `id` and what is to change of it."""
    _change(organization, rows, actor=actor, moment=moment)


@transaction.atomic
def put_seasons(organization: Organization, rows: Sequence[Row], *, actor: Actor, moment: datetime) -> list[UUID]:
    """A row whose `id` exists changes that season, every other row makes one."""
    identified = [{"id": uuid7(), **row} for row in rows]
    known = known_ids(organization.pk, identified) if rows else []
    refuse_malformed(rows)
    _change(
        organization,
        [row for row, (_, there) in zip(identified, known, strict=True) if there],
        actor=actor,
        moment=moment,
    )
    new = [row for row, (_, there) in zip(identified, known, strict=True) if not there]
    create_seasons(organization, new, actor=actor, moment=moment)
    return [season_id for season_id, _ in known]


@transaction.atomic
def delete_seasons(organization: Organization, ids: Sequence[UUID], *, actor: Actor, moment: datetime) -> None:
    """Final: a season has no mark of deletion. Refuses with `still_named` while a coupon that is not deleted names one."""
    _lock(organization.pk, ids)
    refuse_while_named("seasons", organization.pk, ids)
    with witnessed(Season, organization.pk, ids, actor=actor, moment=moment):
        Season.objects.of(organization.pk).filter(id__in=ids)._raw_delete("default")


def refuse_malformed(rows: Sequence[Row]) -> None:
    """Every fault of every name and value at once, as Malformed."""
    faults = [fault for place, row in enumerate(rows) for fault in _faults(row, place)]
    if faults:
        raise Malformed(faults)


def _faults(row: Row, place: int) -> list[Fault]:
    faults = name_faults(row["name"], row=place) if row.get("name") is not None else []
    return faults + value_faults(row.get("value"), row=place)


def _change(organization: Organization, rows: Sequence[Row], *, actor: Actor, moment: datetime) -> None:
    if not rows:
        return
    with witnessed(Season, organization.pk, [row["id"] for row in rows], actor=actor, moment=moment):
        update_rows(Season, organization.pk, rows)


def _lock(organization_id: UUID, ids: Sequence[UUID]) -> None:
    list(Season.objects.of(organization_id).filter(id__in=ids).order_by("id").select_for_update().values_list("id"))


def known_ids(organization_id: UUID, rows: Sequence[Row]) -> list[tuple[UUID, bool]]:
    """Each row's id as PostgreSQL reads it, and whether the organization has that season."""
    statement = sql.SQL(
        "SELECT given.id, seasons.id IS NOT NULL FROM {rows}"
        " LEFT JOIN seasons ON seasons.organization_id = %(organization_id)s AND seasons.id = given.id ORDER BY place"
    ).format(rows=given_rows(Season, ["id"]))
    return [(season_id, known) for season_id, known in execute(statement, organization_id=organization_id, rows=rows)]
