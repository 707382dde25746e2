"""History is written beside the change, in its transaction: images before, the act, then one statement for what differs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import models
from psycopg import sql

from bookingoffice.audit.actors import Actor
from bookingoffice.audit.made import of_made
from bookingoffice.audit.rows import LABELS, image_of, owner_of, subject_of
from bookingoffice.database.batches import Query
from bookingoffice.database.drawn import drawn
from bookingoffice.database.jsontext import Written, json_text
from bookingoffice.database.pipeline import row_of
from bookingoffice.database.rows import query

RECORD = """
WITH before AS (
    SELECT id, image FROM json_to_recordset(%(before)s::json) AS given(id uuid, image jsonb)
), after AS (
    SELECT id, {image} AS image FROM {table} AS rows
    WHERE {owner} = %(organization_id)s AND id = ANY((SELECT %(ids)s::uuid[])::uuid[])
), both_images AS (
    SELECT id, before.image AS earlier, after.image AS later, coalesce(after.image, before.image) AS image
    FROM before FULL JOIN after USING (id)
)
INSERT INTO audit_entries (organization_id, id, created_at, actor_kind, actor_id, actor_label,
    action, table_name, row_id, row_label, subject_id, reason, changes)
SELECT %(organization_id)s::uuid, public.uuid7(), %(moment)s::timestamptz, %(kind)s::text, %(actor)s::text, %(label)s::text,
    CASE WHEN earlier IS NULL THEN 'created' WHEN later IS NULL THEN 'deleted' ELSE %(action)s::text END,
    %(table_name)s::text, id, coalesce({label}, ''), {subject}, %(reason)s::text, public.audit_difference(earlier, later)
FROM both_images WHERE earlier IS NULL OR later IS NULL OR public.audit_difference(earlier, later) <> '{{}}'
ORDER BY id
"""

IMAGES = """
SELECT coalesce(json_agg(json_build_object('id', id, 'image', {image})), '[]')::text FROM {table} AS rows
WHERE {owner} = %(organization_id)s AND id = ANY((SELECT %(ids)s::uuid[])::uuid[])
"""

MADE_ALIKE = """
INSERT INTO audit_entries (organization_id, id, created_at, actor_kind, actor_id, actor_label,
    action, table_name, row_id, row_label, changes)
SELECT %(organization_id)s, made.id, %(moment)s, %(actor_kind)s, %(actor_id)s, %(actor_label)s,
    'created', {name}, made.id, made.{label}, alike.changes || jsonb_build_object({own})
FROM made, (SELECT public.audit_difference(NULL, to_jsonb(made)) AS changes FROM made LIMIT 1) AS alike
"""


@contextmanager
def witnessed(
    model: type[models.Model],
    organization_id: UUID,
    ids: Collection[UUID],
    *,
    actor: Actor,
    moment: datetime,
    action: str = "changed",
    reason: str | None = None,
    images: Mapping[UUID, Mapping[str, Any]] | None = None,
) -> Iterator[None]:
    """Keeps what the block does to these rows: created, deleted, or `action` with each column's before and after.

    `reason` is what a person gave for it. `images` are the rows as they stand, each as `to_jsonb` tells it, from a caller that
    has locked and read them already.
    """
    before = images_of(model, organization_id, ids) if images is None else images
    yield
    told: Any = {"actor": actor, "moment": moment, "action": action, "reason": reason}
    row_of(recording(model, organization_id, ids, images=before, **told))


def recording(
    model: type[models.Model],
    organization_id: UUID,
    ids: Collection[UUID],
    *,
    actor: Actor,
    moment: datetime,
    action: str = "changed",
    reason: str | None = None,
    images: Mapping[UUID, Mapping[str, Any]] | Written,
) -> Query:
    """The statement that `witnessed` ends with, for a caller who sends it along with the act; without images all rows are new."""
    return query(
        _record_of(model) if images else of_made(model),
        before=images.text if isinstance(images, Written) else _told(images),
        organization_id=organization_id,
        ids=sorted(map(str, ids)),
        moment=moment,
        kind=actor.kind,
        actor=actor.id,
        label=actor.label,
        action=action,
        reason=reason or None,
        table_name=model._meta.db_table,
        **drawn(),
    )


@cache
def _record_of(model: type[models.Model]) -> str:
    table = model._meta.db_table
    parts = {"image": image_of(table), "label": LABELS[table], "subject": subject_of(table)}
    return (
        sql.SQL(RECORD)
        .format(
            table=sql.Identifier(table),
            owner=owner_of(model),
            **{name: sql.SQL(part) for name, part in parts.items()},
        )
        .as_string(None)
    )


def made_alike(model: type[models.Model], *, label: str, own: Sequence[str]) -> sql.Composed:
    """The statement that keeps the making of the rows of `made` (all columns), which differ in the columns `own` alone.

    Its parameters are `organization_id`, `moment` and those of `told_of`. A row is made once, so its id serves the entry too.
    Comparing each row with nothing would take longer than making it.
    """
    pairs = [
        sql.SQL("{}, jsonb_build_array(NULL, made.{})").format(sql.Literal(column), sql.Identifier(column))
        for column in own
    ]
    return sql.SQL(MADE_ALIKE).format(
        name=sql.Literal(model._meta.db_table), label=sql.Identifier(label), own=sql.SQL(", ").join(pairs)
    )


def told_of(actor: Actor) -> dict[str, str]:
    return {"actor_kind": actor.kind, "actor_id": actor.id, "actor_label": actor.label}


def _told(images: Mapping[UUID, Mapping[str, Any]]) -> str:
    return json_text([{"id": row_id, "image": image} for row_id, image in images.items()])


def images_of(model: type[models.Model], organization_id: UUID, ids: Collection[UUID]) -> Written:
    """The rows as they stand, as one JSON text."""
    [text] = row_of(query(_images_of(model), organization_id=organization_id, ids=list(ids)))
    return Written((text or b"").decode())


@cache
def _images_of(model: type[models.Model]) -> str:
    table = model._meta.db_table
    parts = {"image": sql.SQL(image_of(table)), "table": sql.Identifier(table), "owner": owner_of(model)}
    return sql.SQL(IMAGES).format(**parts).as_string(None)
