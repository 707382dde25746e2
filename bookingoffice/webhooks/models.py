"""Receivers, what they are told, and how far the history has been read for them."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Now, TruncDate
from django.utils.translation import gettext_lazy as _

from bookingoffice import records
from bookingoffice.database.constraints import SqlCheck
from bookingoffice.database.keys import Reference, TenantForeignKey, TenantPrimaryKey
from bookingoffice.webhooks.signing import new_secret


class Webhook(records.ChangingRecord):
    """One receiver. While it fails it rests until `resting_until`, and is then tried with one notification."""

    description = models.TextField(_("description"), default="", db_default="", blank=True)
    endpoint = models.TextField(_("endpoint"))
    events: Any = ArrayField(models.TextField(), verbose_name=_("events"))
    signing_secret = models.TextField(_("signing secret"), default=new_secret, editable=False)
    source = models.TextField(_("source"), default="api", db_default="api", editable=False)
    secret_changed_at = models.DateTimeField(db_default=Now(), editable=False)
    replayed_at = models.DateTimeField(null=True, editable=False)
    failures = models.IntegerField(default=0, db_default=0, editable=False)
    resting_until = models.DateTimeField(null=True, editable=False)

    class Meta(records.ChangingRecord.Meta):
        db_table = "webhooks"
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints = [
            TenantPrimaryKey(name="webhooks_pkey"),
            Reference(name="webhooks_organization_id_fkey", field="organization"),
            SqlCheck(name="webhooks_endpoint_check", condition="endpoint ~ '^https?://' AND length(endpoint) <= 2000"),
            SqlCheck(name="webhooks_events_check", condition="cardinality(events) > 0"),
        ]

    def __str__(self) -> str:
        return str(self.description or self.endpoint)


class Status(models.TextChoices):
    PENDING = "pending", _("Pending")
    SENT = "sent", _("Sent")
    ERROR = "error", _("Given up")


class Notification(records.ChangingRecord):
    """One event for one receiver.

    `cause` makes it unique: the entry of the history that it tells, or the deadline that came. Notifications of one `subject` (a
    coupon, a season) go out one after the other. `due_at` is the next try; while one is on its way, when it counts as lost.
    `queued_at` is when it was first to be sent, or sent again by hand.
    """

    webhook = TenantForeignKey(Webhook, on_delete=models.CASCADE, related_name="notifications")
    created_on = models.DateField(db_default=TruncDate(Now()), editable=False)
    event_type = models.TextField(_("event"))
    payload: Any = models.JSONField(_("payload"))
    response: Any = models.JSONField(_("response"), null=True)
    status = models.TextField(_("status"), choices=Status.choices, default=Status.PENDING, db_default=Status.PENDING)
    tries = models.IntegerField(_("tries"), default=0, db_default=0)
    happened_at = models.DateTimeField()
    subject = models.UUIDField()
    cause = models.TextField()
    queued_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now())

    class Meta(records.ChangingRecord.Meta):
        db_table = "webhook_notifications"
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        indexes = [
            models.Index(
                fields=["organization", "webhook", "id"], condition=Q(status="pending"), name="webhook_notes_queue_idx"
            ),
            models.Index(
                fields=["organization", "webhook", "subject", "id"],
                condition=Q(status="pending"),
                name="webhook_notes_turn_idx",
            ),
            models.Index(fields=["organization", "-created_at", "-id"], name="webhook_notes_newest_idx"),
        ]
        constraints = [
            TenantPrimaryKey(name="webhook_notifications_pkey"),
            Reference(name="webhook_notifications_organization_id_fkey", field="organization"),
            Reference(name="webhook_notifications_webhook_id_fkey", field="webhook", cascade=True),
            models.UniqueConstraint(
                fields=["organization", "webhook", "event_type", "cause"],
                name="webhook_notifications_organization_id_cause_key",
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="webhook_notifications_status_check"),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} ({self.status})"


class SnapshotXmin(Func):
    """Every transaction below this number is over."""

    template = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
    output_field = models.BigIntegerField()


class Cursor(records.TenantRecord):
    """How far an organization's history has been read.

    Transactions below `horizon` were over when it was read last, so that their entries are told. Those at or above it began to
    write after `since`, which bounds the search: once the horizon passes `mark`, `since` moves up to `marked_at`.
    """

    horizon = models.BigIntegerField(db_default=SnapshotXmin())
    since = models.DateTimeField(db_default=Now())
    mark = models.BigIntegerField(db_default=SnapshotXmin())
    marked_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(db_default=Now())
    deadlines_until = models.DateTimeField(db_default=Now())
    next_deadline = models.DateTimeField(null=True, db_default=Now())

    class Meta(records.TenantRecord.Meta):
        db_table = "webhook_cursors"
        constraints = [
            TenantPrimaryKey(name="webhook_cursors_pkey", fields=("organization",)),
            Reference(name="webhook_cursors_organization_id_fkey", field="organization"),
        ]

    def __str__(self) -> str:
        return f"read at {self.read_at}"


class Told(records.TenantRecord):
    """A state that was told and has not ended since: a coupon that is used up. `last_entry` is the latest that was weighed."""

    subject = models.UUIDField()
    told = models.BooleanField(default=False)
    last_entry = models.UUIDField()

    class Meta(records.TenantRecord.Meta):
        db_table = "webhook_told"
        constraints = [
            TenantPrimaryKey(name="webhook_told_pkey", fields=("organization", "subject")),
            Reference(name="webhook_told_organization_id_fkey", field="organization"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {'told' if self.told else 'not told'}"
