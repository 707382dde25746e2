"""Files that staff have uploaded: kept until they are imported or a day has passed, seen by nobody but who uploaded them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookingoffice import records
from bookingoffice.database.constraints import SqlCheck
from bookingoffice.database.keys import Reference, TenantForeignKey, TenantPrimaryKey

KEPT = timedelta(days=1)
LAPSES_AFTER = timedelta(seconds=60)
"""Whoever works at a file says so every second."""


class State(models.TextChoices):
    TO_CHECK = "to_check", _("Waiting to be checked")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    TO_IMPORT = "to_import", _("Waiting to be imported")
    IMPORTING = "importing", _("Being imported")
    DONE = "done", _("Imported")
    REFUSED = "refused", _("Refused")


RUNNING = {State.TO_CHECK: State.CHECKING, State.TO_IMPORT: State.IMPORTING}


class FileImport(records.TenantRecord):
    """One uploaded file. Counts are those of the last run; a check takes everything back."""

    user_id = models.IntegerField()
    user_label = models.TextField()
    kind = models.TextField()
    format = models.TextField()
    filename = models.TextField()
    size = models.BigIntegerField()
    state = models.TextField(choices=State.choices, default=State.TO_CHECK, db_default=State.TO_CHECK)
    seen_at = models.DateTimeField(null=True)
    done = models.IntegerField(default=0, db_default=0)
    total = models.IntegerField(default=0, db_default=0)
    made = models.IntegerField(default=0, db_default=0)
    changed = models.IntegerField(default=0, db_default=0)
    unchanged = models.IntegerField(default=0, db_default=0)
    faults = models.IntegerField(default=0, db_default=0)
    more_faults = models.BooleanField(default=False, db_default=False)

    class Meta(records.TenantRecord.Meta):
        db_table = "file_imports"
        indexes = [models.Index(fields=["organization", "user_id", "-created_at"], name="file_imports_user_idx")]
        constraints = [
            TenantPrimaryKey(name="file_imports_pkey"),
            Reference(name="file_imports_organization_id_fkey", field="organization", cascade=True),
            models.CheckConstraint(condition=Q(size__gte=0), name="file_imports_size_check"),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def running(self) -> bool:
        """Waited for: by a person, at a page that looks again by itself."""
        return self.state in (State.TO_CHECK, State.CHECKING, State.TO_IMPORT, State.IMPORTING)

    def waits_long_at(self, moment: datetime) -> bool:
        return self.running and (self.seen_at or self.created_at) <= moment - LAPSES_AFTER


class FileImportPart(records.TenantRecord):
    """The bytes, a piece at a time."""

    file_import = TenantForeignKey(FileImport, on_delete=models.CASCADE, related_name="parts")
    number = models.IntegerField()
    content = models.BinaryField()

    class Meta(records.TenantRecord.Meta):
        db_table = "file_import_parts"
        constraints = [
            TenantPrimaryKey(name="file_import_parts_pkey", fields=("organization", "file_import", "number")),
            Reference(name="file_import_parts_organization_id_fkey", field="organization"),
            Reference(name="file_import_parts_file_import_id_fkey", field="file_import", cascade=True),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class FileImportFault(records.TenantRecord):
    file_import = TenantForeignKey(FileImport, on_delete=models.CASCADE, related_name="told")
    number = models.IntegerField()
    line = models.IntegerField()
    column = models.TextField()
    code = models.TextField()
    sentence = models.TextField()

    class Meta(records.TenantRecord.Meta):
        db_table = "file_import_faults"
        ordering = ["number"]
        constraints = [
            TenantPrimaryKey(name="file_import_faults_pkey", fields=("organization", "file_import", "number")),
            Reference(name="file_import_faults_organization_id_fkey", field="organization"),
            Reference(name="file_import_faults_file_import_id_fkey", field="file_import", cascade=True),
            SqlCheck(name="file_import_faults_line_check", condition="line >= 1"),
        ]

    def __str__(self) -> str:
        return self.sentence
