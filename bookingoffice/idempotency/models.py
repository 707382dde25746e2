"""Which keys are taken, and what was answered to those that are done."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q

from bookingoffice import records
from bookingoffice.database.constraints import SqlCheck
from bookingoffice.database.keys import Reference, TenantPrimaryKey
from bookingoffice.idempotency.answers import Answer

KEPT = timedelta(hours=24)
LAPSES_AFTER = timedelta(seconds=60)  # longer than any statement may run


class Claim(records.TenantRecord):
    """One key of one program: taken at `created_at`; without a status while the request runs, with the answer once it is done.

    `id` is new whenever a lapsed claim is taken over, so that whoever held it before cannot end it.
    """

    api_key_id = models.UUIDField()  # only told apart by it, never looked up
    key = models.TextField()
    fingerprint = models.BinaryField()
    status = models.SmallIntegerField(null=True)
    headers: Any = models.JSONField(null=True)
    body = models.BinaryField(null=True)

    class Meta(records.TenantRecord.Meta):
        db_table = "idempotency_claims"
        indexes = [models.Index(fields=["organization", "created_at"], name="idempotency_claims_time_idx")]
        constraints = [
            TenantPrimaryKey(name="idempotency_claims_pkey", fields=("organization", "api_key_id", "key")),
            Reference(name="idempotency_claims_organization_id_fkey", field="organization"),
            SqlCheck(name="idempotency_claims_key_check", condition="octet_length(key) BETWEEN 1 AND 255"),
            SqlCheck(name="idempotency_claims_fingerprint_check", condition="octet_length(fingerprint) = 32"),
            models.CheckConstraint(
                condition=Q(status__isnull=True, headers__isnull=True, body__isnull=True)
                | Q(status__isnull=False, headers__isnull=False, body__isnull=False),
                name="idempotency_claims_answer_check",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.status or 'running'})"

    def expired_at(self, moment: datetime) -> bool:
        return self.created_at <= moment - KEPT

    def lapsed_at(self, moment: datetime) -> bool:
        """Claimed by a server that must have died since: it neither answered nor gave the claim up."""
        return self.status is None and self.created_at <= moment - LAPSES_AFTER

    @property
    def answer(self) -> Answer | None:
        return None if self.status is None else Answer(self.status, self.headers, bytes(self.body or b""))
