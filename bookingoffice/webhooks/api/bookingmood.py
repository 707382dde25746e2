"""Webhooks and their notifications as Bookingmood's tables."""

from __future__ import annotations

from dataclasses import replace

from bookingoffice.postgrest.resources import ORGANIZATION, Column, ForeignKey, Resource
from bookingoffice.webhooks.api.writer import WebhookWriter

NOW = "now()"
ID = Column("id", "uuid", default="public.uuid7()", nullable=False)
CREATED_AT = Column("created_at", "timestamp with time zone", default=NOW, nullable=False)
UPDATED_AT = Column("updated_at", "timestamp with time zone", default=NOW, on_update=NOW, nullable=False)

WEBHOOKS = Resource(
    name="webhooks",
    columns=(
        ID,
        Column("organization_id", "uuid", nullable=False, on_insert=ORGANIZATION),
        CREATED_AT,
        UPDATED_AT,
        Column("description", "text", default="''::text", nullable=False),
        Column("endpoint", "text", nullable=False),
        Column("events", "text[]", nullable=False),
        Column("signing_secret", "text", generated=True, nullable=False),
        Column("source", "text", default="'api'::text", nullable=False),
    ),
    foreign_keys=(ForeignKey("webhooks_organization_id_fkey", ("organization_id",), "organizations"),),
    service=WebhookWriter(),
    description="Who is told what happens.",
)

NOTIFICATIONS = Resource(
    name="webhook_notifications",
    methods=frozenset({"GET", "HEAD"}),
    columns=(
        ID,
        Column("webhook_id", "uuid", nullable=False),
        CREATED_AT,
        UPDATED_AT,
        Column("created_on", "date", default="CURRENT_DATE", nullable=False),
        Column("event_type", "text", nullable=False),
        Column("payload", "jsonb", nullable=False),
        Column("response", "jsonb"),
        Column("status", "text", default="'pending'::text", nullable=False),
        Column("tries", "integer", default="0", nullable=False),
    ),
    foreign_keys=(ForeignKey("webhook_notifications_webhook_id_fkey", ("webhook_id",), "webhooks"),),
    description="What was told, and how it was taken.",
)

RESOURCES = (WEBHOOKS, NOTIFICATIONS)


def without_secrets(resource: Resource) -> Resource:
    """For keys that may not write: who holds a signing secret speaks to receivers as us. It reads, filters and orders as null."""
    if resource is not WEBHOOKS:
        return resource
    columns = (
        replace(each, expression="NULL::text") if each.name == "signing_secret" else each for each in WEBHOOKS.columns
    )
    return replace(WEBHOOKS, columns=tuple(columns))
