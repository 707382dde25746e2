"""History of plain rows, kept by the row grammar within the statement that writes them."""

from __future__ import annotations

from bookingoffice.audit.actors import Actor
from bookingoffice.audit.rows import LABELS, subject_of
from bookingoffice.database.jsontext import json_text
from bookingoffice.postgrest.resources import ORGANIZATION, TELLER

KEPT = """
INSERT INTO public.audit_entries (organization_id, id, created_at, actor_kind, actor_id, actor_label,
    action, table_name, row_id, row_label, subject_id, changes)
SELECT {organization}, public.uuid7(), clock_timestamp(), teller ->> 'kind', teller ->> 'id', teller ->> 'label',
    CASE WHEN earlier IS NULL THEN 'created' WHEN later IS NULL THEN 'deleted' ELSE 'changed' END,
    '{table}', id, coalesce({label}, ''), {subject}, changes
FROM (SELECT *, coalesce(later, earlier) AS image, public.audit_difference(earlier, later) AS changes FROM images) AS seen,
    (SELECT {teller}::json AS teller) AS asked
WHERE earlier IS NULL OR later IS NULL OR changes <> '{{}}'
"""


def kept(table: str) -> str:
    """The statement of a `Witness` of this table."""
    return KEPT.format(
        organization=ORGANIZATION, teller=TELLER, table=table, label=LABELS[table], subject=subject_of(table)
    )


def word_of(actor: Actor) -> str:
    return json_text({"kind": actor.kind, "id": actor.id, "label": actor.label})
