"""Writing webhooks in the row grammar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone
from psycopg import sql

from bookingoffice.accounts.acting import actor_of
from bookingoffice.audit.renaming import renamed
from bookingoffice.database.rows import execute, given_rows
from bookingoffice.postgrest.callers import Caller
from bookingoffice.postgrest.resources import Conflict, Key, Row
from bookingoffice.postgrest.rows import named_rows, once_each, refuse_nulls
from bookingoffice.records import uuid7
from bookingoffice.webhooks import services
from bookingoffice.webhooks.models import Webhook

NEVER_NULL = ("id", "created_at", "updated_at", "description", "source", "endpoint", "events")


class WebhookWriter:
    def insert(
        self, caller: Caller, rows: Sequence[Row], *, columns: Sequence[str], conflict: Conflict | None, defaults: bool
    ) -> Sequence[Key]:
        named = [{"id": str(uuid7()), **row} for row in named_rows(rows, columns, defaults=defaults)]
        for row in named:
            refuse_nulls("webhooks", row, NEVER_NULL)
        if conflict is None:
            return self._create(caller, named)
        return self._upsert(caller, named, conflict)

    def update(self, caller: Caller, keys: Sequence[Key], changes: Row) -> Sequence[Key]:
        refuse_nulls("webhooks", changes, NEVER_NULL)
        owned = {name: value for name, value in changes.items() if name not in {"organization_id", "id"}}
        ids = [UUID(key[0]) for key in keys]
        act: Any = {"actor": actor_of(caller), "moment": timezone.now()}
        services.change_webhooks(caller.organization_id, ids, owned, **act)
        if "id" not in changes:
            return keys
        return [(renamed(Webhook, caller.organization_id, webhook, changes["id"], **act),) for webhook in ids]

    def delete(self, caller: Caller, keys: Sequence[Key]) -> None:
        ids = [UUID(key[0]) for key in keys]
        services.delete_webhooks(caller.organization_id, ids, actor=actor_of(caller), moment=timezone.now())

    def _create(self, caller: Caller, rows: Sequence[Row]) -> list[Key]:
        typed = [row_id for row_id, _ in self._known(caller, rows)] if rows else []
        ready = [{**row, "id": row_id} for row, row_id in zip(rows, typed, strict=True)]
        actor, moment = actor_of(caller), timezone.now()
        made = services.create_webhooks(caller.organization_id, ready, actor=actor, moment=moment)
        return [(str(webhook),) for webhook in made]

    def _upsert(self, caller: Caller, rows: Sequence[Row], conflict: Conflict) -> list[Key]:
        """The primary key is the only unique rule of webhooks."""
        known = zip(rows, self._known(caller, rows), strict=True)
        wanted = once_each(((row_id, (row, row_id, there)) for row, (row_id, there) in known), conflict)
        made = iter(self._create(caller, [row for row, _, there in wanted if not there]))
        keys: list[Key] = []
        for row, row_id, there in wanted:
            if not there:
                keys.append(next(made))
            elif conflict.merge:
                keys += self.update(caller, [(str(row_id),)], {name: row[name] for name in row if name != "id"})
        return keys

    def _known(self, caller: Caller, rows: Sequence[Row]) -> list[tuple[UUID, bool]]:
        """Each row's id as PostgreSQL reads it, and whether the organization has that webhook."""
        statement = sql.SQL(
            "SELECT given.id, webhooks.id IS NOT NULL FROM {rows} LEFT JOIN webhooks"
            " ON webhooks.organization_id = %(organization_id)s AND webhooks.id = given.id ORDER BY place"
        ).format(rows=given_rows(Webhook, ["id"]))
        found = execute(statement, organization_id=caller.organization_id, rows=rows)
        return [(row_id, there) for row_id, there in found]
