"""Deeds that change no row of an organization and belong in its history all the same."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from bookingoffice.audit.actors import Actor
from bookingoffice.audit.models import AuditEntry
from bookingoffice.database.functions import NewUUID


def note(
    organization_id: UUID,
    table_name: str,
    row_id: UUID,
    label: str,
    *,
    action: str,
    actor: Actor,
    moment: datetime,
    changes: dict[str, Any] | None = None,
) -> None:
    """Told on the page of that row. Runs in the organization's scope."""
    AuditEntry.objects.create(
        id=NewUUID(),  # by the clock that puts all entries in order
        organization_id=organization_id,
        created_at=moment,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_label=actor.label,
        action=action,
        table_name=table_name,
        row_id=row_id,
        row_label=label,
        changes=changes or {},
    )
