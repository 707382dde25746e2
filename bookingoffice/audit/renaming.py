"""A row that gets another id. History and who is told of it know rows by their ids: one went, and one like it came."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import models

from bookingoffice.audit.actors import Actor
from bookingoffice.audit.writing import images_of, recording
from bookingoffice.database.pipeline import row_of
from bookingoffice.database.rows import change_id


def renamed(
    model: type[models.Model], organization_id: UUID, row_id: UUID, new_id: object, *, actor: Actor, moment: datetime
) -> str:
    """Answers the new id as PostgreSQL spells it, and keeps nothing where it is the old one; keys that point at the row refuse."""
    if new_id == str(row_id):  # most programs send back the id that they read
        return str(row_id)
    before = images_of(model, organization_id, [row_id])
    spelled = change_id(model, organization_id, row_id, new_id)
    ids = {row_id, UUID(spelled)}
    row_of(recording(model, organization_id, ids, actor=actor, moment=moment, images=before))
    return spelled
