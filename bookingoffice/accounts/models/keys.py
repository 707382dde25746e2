"""Which programs may call."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy

from bookingoffice import records
from bookingoffice.database.keys import Reference, TenantPrimaryKey


class Scope(models.TextChoices):
    READ = "read", gettext_lazy("Read")
    WRITE = "write", gettext_lazy("Write")
    WRITE_USES = "write_uses", gettext_lazy("Write uses")
    UNFILTERED_WRITES = "unfiltered_writes", gettext_lazy("Change or delete without a filter")


DEFAULT_SCOPES = (Scope.READ, Scope.WRITE, Scope.WRITE_USES)


def digest_of(token: str) -> bytes:
    """What is kept of a key. A random UUID has 122 bits, so one SHA-256 needs no salt and no stretching."""
    return hashlib.sha256(token.encode()).digest()


class ApiKey(records.TenantRecord):
    """A program's bearer key. The key itself is shown once and never stored; `prefix` is its first eight characters."""

    label = models.TextField(default="", db_default="", blank=True)
    prefix = models.CharField(max_length=8, editable=False)
    digest = models.BinaryField(max_length=32, editable=False)
    scopes: Any = ArrayField(models.TextField(choices=Scope.choices))
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(records.TenantRecord.Meta):
        db_table = "api_keys"
        verbose_name = "API key"
        constraints = [
            TenantPrimaryKey(name="api_keys_pkey"),
            Reference(name="api_keys_organization_id_fkey", field="organization"),
            models.UniqueConstraint(fields=["digest"], name="api_keys_digest_key"),
            models.CheckConstraint(
                condition=Q(scopes__contained_by=Value(list(Scope.values), ArrayField(models.TextField()))),
                name="api_keys_scopes_check",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label or 'API key'} {self.prefix}…"

    @classmethod
    def issue(
        cls,
        organization_id: UUID,
        *,
        label: str = "",
        scopes: Collection[str] = DEFAULT_SCOPES,
        expires_at: datetime | None = None,
    ) -> tuple[ApiKey, str]:
        """The stored record and, for this one moment, the key: a random lower-case UUID."""
        token = str(uuid4())
        key = cls.objects.create(
            organization_id=organization_id,
            label=label,
            prefix=token[:8],
            digest=digest_of(token),
            scopes=[str(scope) for scope in scopes],
            expires_at=expires_at,
        )
        return key, token
