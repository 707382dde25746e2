"""Who owns rows, who works for whom, and which programs may call."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now

from bookingoffice import records
from bookingoffice.database.constraints import SqlCheck
from bookingoffice.database.fields import EnumField
from bookingoffice.database.functions import NewUUID
from bookingoffice.database.keys import Reference, TenantPrimaryKey
from bookingoffice.localized import choose_text


class Organization(models.Model):
    """The tenant: one booking business. Money without a currency of its own is in `currency`, a bare date ends in `timezone`."""

    id = models.UUIDField(primary_key=True, default=records.uuid7, db_default=NewUUID(), editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True)
    name: Any = models.JSONField()
    active = models.BooleanField(default=True, db_default=True)
    languages: Any = ArrayField(
        models.TextField(), default=list, db_default=Value(["en-US"], ArrayField(models.TextField()))
    )
    default_language = models.TextField(default="en-US", db_default="en-US")
    currency = models.TextField(default="EUR", db_default="EUR")
    timezone = models.TextField(default="UTC", db_default="UTC")

    class Meta:
        db_table = "organizations"
        constraints = [
            SqlCheck(name="organizations_name_check", condition="public.name_is_valid(name)"),
            SqlCheck(name="organizations_currency_check", condition="currency ~ '^[A-Z]{3}$'"),
        ]

    def __str__(self) -> str:
        return choose_text(self.name, self.default_language) or str(self.id)


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    EDITOR = "editor", "Editor"
    VIEWER = "viewer", "Viewer"


class Member(records.ChangingRecord):
    """A staff user's place in one organization."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    role = EnumField(enum="member_role", choices=Role.choices, default=Role.EDITOR, db_default=Role.EDITOR)

    class Meta(records.ChangingRecord.Meta):
        db_table = "members"
        constraints = [
            TenantPrimaryKey(name="members_pkey"),
            Reference(name="members_organization_id_fkey", field="organization"),
            Reference(name="members_user_id_fkey", field="user", cascade=True),
            models.UniqueConstraint(fields=["organization", "user"], name="members_organization_id_user_id_key"),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


class Scope(models.TextChoices):
    READ = "read", "Read"
    WRITE = "write", "Write"
    WRITE_USES = "write_uses", "Write uses"
    UNFILTERED_WRITES = "unfiltered_writes", "Change or delete without a filter"


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
