"""The statement that keeps the making of rows that are there now, in the words of `audit_difference` but without an image."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from django.db import models
from psycopg import sql

from bookingoffice.audit.bulk import of_creation
from bookingoffice.audit.rows import LABELS, SECRETS, owner_of, subject_of
from bookingoffice.database.drawn import uuid7_of

# The ids stand in a SELECT of their own: whoever plans cannot see how many there are, and would plan each number anew.
RECORD_MADE: Final = """
INSERT INTO audit_entries (organization_id, id, created_at, actor_kind, actor_id, actor_label,
    action, table_name, row_id, row_label, subject_id, reason, changes)
SELECT %(organization_id)s::uuid, {entry_id}, %(moment)s::timestamptz, %(kind)s::text, %(actor)s::text, %(label)s::text,
    'created', %(table_name)s::text, rows.id, coalesce({label}, ''), {subject}, %(reason)s::text, {changes}
FROM unnest((SELECT %(ids)s::uuid[])) WITH ORDINALITY AS given(id, number)
CROSS JOIN LATERAL (SELECT * FROM {table} WHERE {owner} = %(organization_id)s::uuid AND id = given.id OFFSET 0) AS rows
"""


@cache
def of_made(model: type[models.Model]) -> str:
    """Its parameters are those of `recording`, and what `drawn` answers."""
    table = model._meta.db_table
    told = {field.column for field in model._meta.concrete_fields} - {SECRETS.get(table)}
    return (
        sql.SQL(RECORD_MADE)
        .format(
            table=sql.Identifier(table),
            owner=owner_of(model),
            entry_id=sql.SQL(uuid7_of("(given.number - 1)")),
            label=sql.SQL(_of_row(LABELS[table])),
            subject=sql.SQL(_of_row(subject_of(table))),
            changes=of_creation(model, "rows", told),
        )
        .as_string(None)
    )


def _of_row(expression: str) -> str:
    """An expression over `image`, over the row itself."""
    return re.sub(
        r"image -> '(\w+)'", r"to_jsonb(rows.\1)", re.sub(r"image ->> '(\w+)'", r"(rows.\1)::text", expression)
    )
