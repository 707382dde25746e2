"""The tenant: one booking business."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Value
from django.db.models.functions import Now

from bookingoffice import records
from bookingoffice.database.constraints import SqlCheck
from bookingoffice.database.functions import NewUUID
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
    two_factor_required = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "organizations"
        constraints = [
            SqlCheck(name="organizations_name_check", condition="public.name_is_valid(name)"),
            SqlCheck(name="organizations_currency_check", condition="currency ~ '^[A-Z]{3}$'"),
        ]

    def __str__(self) -> str:
        return choose_text(self.name, self.default_language) or str(self.id)
