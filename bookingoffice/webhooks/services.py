"""Webhooks are made, changed, tried and taken away. History knows of each act, and nothing of the secret."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from bookingoffice.audit.actors import Actor
from bookingoffice.audit.writing import witnessed
from bookingoffice.database.rows import insert_rows, update_rows
from bookingoffice.errors import Fault, Malformed
from bookingoffice.records import uuid7
from bookingoffice.webhooks import events
from bookingoffice.webhooks.endpoints import endpoint_fault
from bookingoffice.webhooks.models import Cursor, Notification, Status, Webhook
from bookingoffice.webhooks.queue import LOST_AFTER
from bookingoffice.webhooks.signing import new_secret

Row = Mapping[str, Any]


@transaction.atomic
def create_webhooks(organization_id: UUID, rows: Sequence[Row], *, actor: Actor, moment: datetime) -> list[UUID]:
    """They are told what is committed from now on. Raises Malformed with every fault of every row."""
    refuse_malformed(rows)
    if not rows:
        return []
    begin_reading(organization_id)
    ready = [{"id": str(uuid7()), "signing_secret": new_secret(), **row} for row in rows]
    ids = [UUID(str(row["id"])) for row in ready]
    with witnessed(Webhook, organization_id, ids, actor=actor, moment=moment):
        insert_rows(Webhook, organization_id, ready)
    return ids


def begin_reading(organization_id: UUID) -> None:
    """Where nobody listened so far, history is read from here on. Two who begin at once wait for each other."""
    if not Webhook.objects.of(organization_id).exists():
        Cursor.objects.of(organization_id).delete()
    Cursor.objects.bulk_create([Cursor(organization_id=organization_id)], ignore_conflicts=True)


@transaction.atomic
def change_webhooks(
    organization_id: UUID, ids: Sequence[UUID], changes: Row, *, actor: Actor, moment: datetime
) -> None:
    """A receiver at another address is tried at once, whatever the last one did."""
    refuse_malformed([changes], whole=False)
    fresh = {"failures": 0, "resting_until": None} if "endpoint" in changes else {}
    with witnessed(Webhook, organization_id, ids, actor=actor, moment=moment):
        update_rows(Webhook, organization_id, [{**changes, **fresh, "id": str(webhook)} for webhook in ids])


@transaction.atomic
def delete_webhooks(organization_id: UUID, ids: Sequence[UUID], *, actor: Actor, moment: datetime) -> None:
    """Their notifications go with them, sent or not."""
    with witnessed(Webhook, organization_id, ids, actor=actor, moment=moment):
        Webhook.objects.of(organization_id).filter(id__in=ids)._raw_delete("default")


@transaction.atomic
def rotate_secret(organization_id: UUID, webhook_id: UUID, *, actor: Actor, moment: datetime) -> str:
    """The new secret; what is sent from now on is signed with it, earlier events included."""
    secret = new_secret()
    change = {"id": str(webhook_id), "signing_secret": secret, "secret_changed_at": moment}
    with witnessed(Webhook, organization_id, [webhook_id], actor=actor, moment=moment, action="renewed"):
        update_rows(Webhook, organization_id, [change])
    return secret


@transaction.atomic
def ping(organization_id: UUID, webhook_id: UUID, *, moment: datetime) -> UUID:
    """A notification of nothing, to see whether the receiver takes it. It wakes one that rests, and waits for no earlier ping."""
    Webhook.objects.of(organization_id).filter(id=webhook_id).update(resting_until=None)
    ping_id = uuid7()
    note = Notification(
        id=ping_id,
        organization_id=organization_id,
        webhook_id=webhook_id,
        event_type=events.PING,
        payload={"new": None, "old": None},
        happened_at=moment,
        subject=ping_id,
        cause=str(ping_id),
    )
    note.save(force_insert=True)
    return note.pk


@transaction.atomic
def replay(organization_id: UUID, ids: Sequence[UUID], *, actor: Actor, moment: datetime) -> int:
    """Sends what was sent or given up again, as it was; answers how many. What rests between two tries is tried at once; what is
    on its way, or may be, is not sent beside itself."""
    chosen = Notification.objects.of(organization_id).filter(id__in=ids)
    webhooks = list(chosen.values_list("webhook_id", flat=True).distinct())
    with witnessed(Webhook, organization_id, webhooks, actor=actor, moment=moment, action="replayed"):
        Webhook.objects.of(organization_id).filter(id__in=webhooks).update(resting_until=None, replayed_at=moment)
        chosen.filter(status=Status.PENDING, due_at__gt=moment + LOST_AFTER, tries__gt=0).update(due_at=moment)
        return int(
            chosen.exclude(status=Status.PENDING).update(
                status=Status.PENDING, tries=0, due_at=moment, queued_at=moment, updated_at=moment
            )
        )


def refuse_malformed(rows: Sequence[Row], *, whole: bool = True) -> None:
    faults = [fault for place, row in enumerate(rows) for fault in faults_of(row, place, whole=whole)]
    if faults:
        raise Malformed(faults)


def faults_of(row: Row, place: int = 0, *, whole: bool = True) -> list[Fault]:
    """`whole` rows must have an address and events; a change need not."""
    faults: list[Fault] = []
    if whole or "endpoint" in row:
        sentence = endpoint_fault(row.get("endpoint"), private=settings.WEBHOOKS_PRIVATE)
        faults += [Fault("endpoint", "bad_endpoint", sentence, row=place)] if sentence else []
    if whole or "events" in row:
        faults += _event_faults(row.get("events"), place)
    return faults


def _event_faults(given: object, place: int) -> list[Fault]:
    if not isinstance(given, list | tuple) or not given:
        return [Fault("events", "no_events", _("Name at least one event."), row=place)]
    return [
        Fault("events", "unknown_event", _("There is no event “%(name)s”.") % {"name": name}, f"[{number}]", place)
        for number, name in enumerate(given)
        if not isinstance(name, str) or name not in events.NAMES
    ]
