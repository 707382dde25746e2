"""Webhooks, and what the worker makes of what happened."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from bookingoffice.database.scope import tenant_scope
from bookingoffice.webhooks import events, services
from bookingoffice.webhooks.models import Notification, Webhook
from bookingoffice.webhooks.telling import tell
from tests.builders import TESTER

EVERYTHING = sorted(events.NAMES)


def make_webhook(organization: Any, *wanted: str, endpoint: str = "https://example.com/hooks") -> Webhook:
    """Asks for everything unless events are named."""
    row = {"endpoint": endpoint, "events": list(wanted) or EVERYTHING}
    with tenant_scope(organization.pk):
        [webhook_id] = services.create_webhooks(organization.pk, [row], actor=TESTER, moment=timezone.now())
        return Webhook.objects.of(organization.pk).get(pk=webhook_id)


def told(organization: Any, moment: datetime | None = None) -> list[Notification]:
    """Reads the history and answers all notifications there are, in the order in which they go out."""
    tell(organization, moment or timezone.now())
    with tenant_scope(organization.pk):
        return list(Notification.objects.of(organization.pk).order_by("id"))


def told_events(organization: Any, moment: datetime | None = None) -> list[str]:
    return [note.event_type for note in told(organization, moment)]
