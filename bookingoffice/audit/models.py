"""What happened, by whom and when: rows that are only ever added."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import JSONField, Q, Value
from django.utils.translation import gettext_lazy

from bookingoffice import records
from bookingoffice.database.keys import Reference, TenantPrimaryKey


class ActorKind(models.TextChoices):
    STAFF = "staff", gettext_lazy("Staff")
    KEY = "key", gettext_lazy("API key")
    COMMAND = "command", gettext_lazy("Command")


class AuditEntry(records.TenantRecord):
    """One change of one row. `changes` is `{column: [before, after]}`; a created row has no before, a deleted one no after.

    `subject_id` is the row on whose page the change belongs where that is another one: a coupon for its targets, a season for
    its single years. `reason` is what a person gave for it.
    """

    actor_kind = models.TextField(choices=ActorKind.choices)
    actor_id = models.TextField(default="", db_default="")
    actor_label = models.TextField(default="", db_default="")
    action = models.TextField()
    table_name = models.TextField()
    row_id = models.UUIDField()
    row_label = models.TextField(default="", db_default="")
    subject_id = models.UUIDField(null=True)
    reason = models.TextField(null=True)
    changes: Any = models.JSONField(default=dict, db_default=Value({}, JSONField()))

    class Meta(records.TenantRecord.Meta):
        db_table = "audit_entries"
        verbose_name = gettext_lazy("change")
        verbose_name_plural = gettext_lazy("changes")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["organization", "table_name", "row_id", "created_at"], name="audit_entries_row_idx"),
            models.Index(fields=["organization", "created_at", "id"], name="audit_entries_time_idx"),
            # These are narrow on purpose: what programs do all day, redeeming, pays for neither
            models.Index(
                fields=["organization", "subject_id", "created_at"],
                condition=Q(subject_id__isnull=False),
                name="audit_entries_subject_idx",
            ),
            models.Index(
                fields=["organization", "actor_kind", "actor_id", "created_at", "id"],
                condition=~Q(actor_kind="key"),
                name="audit_entries_person_idx",
            ),
            models.Index(
                fields=["organization", "created_at", "id"],
                condition=~Q(actor_kind="key"),
                name="audit_entries_people_idx",
            ),
        ]
        constraints = [
            TenantPrimaryKey(name="audit_entries_pkey"),
            Reference(name="audit_entries_organization_id_fkey", field="organization"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.table_name} {self.row_label or self.row_id}"
