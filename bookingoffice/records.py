"""What every row of an organization has: its id, its owner, and statements that never forget the owner."""

from __future__ import annotations

import secrets
import time
from base64 import b64encode
from collections.abc import Sequence
from typing import Any, Final, Self
from uuid import UUID

from django.db import models
from django.db.models import Expression
from django.db.models.functions import Now

from bookingoffice.database.functions import NewUUID
from bookingoffice.database.scope import current_organization_id

VARIANT: Final = {digit: "89ab"[int(digit, 16) % 4] for digit in "0123456789abcdef"}
"""RFC 9562: the two bits before the chance are 10."""


def uuid7() -> UUID:
    """RFC 9562 version 7: ids made later sort later, to the microsecond."""
    micros = time.time_ns() // 1000
    fraction = (micros % 1000) * 4096 // 1000
    return UUID(int=(micros // 1000) << 80 | 7 << 76 | fraction << 64 | 2 << 62 | secrets.randbits(62))


def uuid7s(moments: Sequence[float]) -> list[str]:
    """One for each moment, in seconds since 1970, as PostgreSQL reads them; by one question for chance."""
    drawn = secrets.token_hex(8 * len(moments))
    return [_dated(moment, drawn[16 * place : 16 * place + 16]) for place, moment in enumerate(moments)]


def _dated(moment: float, chance: str) -> str:
    millis, rest = divmod(int(moment * 1_000_000), 1000)
    return f"{millis:012x}7{rest * 4096 // 1000:03x}{VARIANT[chance[0]]}{chance[1:]}"


def public_ids(prefix: str, number: int) -> list[str]:
    """As `public.public_id` makes them one by one, by one question for chance: PostgreSQL asks the system for each."""
    drawn = b64encode(secrets.token_bytes(12 * number), b"Aa").decode()
    return [prefix + drawn[place : place + 14] for place in range(0, 16 * number, 16)]


class TenantQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def of(self, organization_id: UUID | Expression) -> Self:
        """Only this organization's rows: the equality that every statement carries."""
        return self.filter(organization_id=organization_id)


class TenantManager(models.Manager.from_queryset(TenantQuerySet)):  # type: ignore[misc]
    """Names the scope's organization in the statements that Django makes by itself: reverse relations, forms, deletions."""

    use_in_migrations = False

    def get_queryset(self) -> Any:
        organization_id = current_organization_id()
        rows = super().get_queryset()
        return rows.filter(organization_id=organization_id) if organization_id else rows


class TenantRecord(models.Model):
    """A row of one organization, which never changes hands."""

    id = models.UUIDField(primary_key=True, default=uuid7, db_default=NewUUID(), editable=False)
    organization = models.ForeignKey(
        "accounts.Organization",
        on_delete=models.CASCADE,
        related_name="+",
        db_constraint=False,
        db_index=False,
        editable=False,
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises ValueError when the row was another organization's: Django would leave a copy behind in the new one."""
        loaded = getattr(self, "_loaded_organization_id", None)
        if loaded and loaded != self.organization_id:
            raise ValueError(f"{self._meta.object_name} {self.pk} belongs to organization {loaded} and cannot move.")
        super().save(*args, **kwargs)

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any) -> Self:
        record = super().from_db(db, field_names, values)
        record.__dict__["_loaded_organization_id"] = record.__dict__.get("organization_id")
        return record

    def _do_update(
        self, base_qs: Any, using: Any, pk_val: Any, values: Any, update_fields: Any, forced_update: Any
    ) -> bool:
        """The organization is in WHERE and never in SET."""
        base_qs = base_qs.filter(organization_id=self.organization_id)
        values = [value for value in values if value[0].name != "organization"]
        return bool(super()._do_update(base_qs, using, pk_val, values, update_fields, forced_update))


class ChangingRecord(TenantRecord):
    """A tenant row that says when it last changed."""

    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta(TenantRecord.Meta):
        abstract = True

    def _do_update(
        self, base_qs: Any, using: Any, pk_val: Any, values: Any, update_fields: Any, forced_update: Any
    ) -> bool:
        kept = [value for value in values if value[0].name != "updated_at"]
        touched = [*kept, (self._meta.get_field("updated_at"), None, Now())] if kept else kept
        return super()._do_update(base_qs, using, pk_val, touched, update_fields, forced_update)
