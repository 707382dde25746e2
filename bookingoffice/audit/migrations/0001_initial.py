import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import bookingoffice.database.functions
import bookingoffice.database.keys
import bookingoffice.records
from bookingoffice.audit import differences
from bookingoffice.database import policies


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("database", "0001_roles_and_functions"),
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=bookingoffice.database.functions.NewUUID(),
                        default=bookingoffice.records.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "actor_kind",
                    models.TextField(choices=[("staff", "Staff"), ("key", "API key"), ("command", "Command")]),
                ),
                ("actor_id", models.TextField(db_default="", default="")),
                ("actor_label", models.TextField(db_default="", default="")),
                ("action", models.TextField()),
                ("table_name", models.TextField()),
                ("row_id", models.UUIDField()),
                ("row_label", models.TextField(db_default="", default="")),
                ("changes", models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict)),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "change",
                "verbose_name_plural": "history",
                "db_table": "audit_entries",
                "ordering": ["-created_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        fields=["organization", "table_name", "row_id", "-created_at"], name="audit_entries_row_idx"
                    ),
                    models.Index(fields=["organization", "-created_at", "-id"], name="audit_entries_time_idx"),
                ],
                "constraints": [
                    bookingoffice.database.keys.TenantPrimaryKey(
                        fields=("organization", "id"), name="audit_entries_pkey"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=False, field="organization", name="audit_entries_organization_id_fkey"
                    ),
                ],
            },
        ),
        policies.function(differences.AUDIT_DIFFERENCE, "public.audit_difference(jsonb, jsonb)"),
        policies.tenant_policy("audit_entries"),
        policies.append_only("audit_entries"),
    ]
