import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import bookingoffice.database.constraints
import bookingoffice.database.functions
import bookingoffice.database.keys
import bookingoffice.records
from bookingoffice.database import policies


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("database", "0001_roles_and_functions"),
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Claim",
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
                ("api_key_id", models.UUIDField()),
                ("key", models.TextField()),
                ("fingerprint", models.BinaryField()),
                ("status", models.SmallIntegerField(null=True)),
                ("headers", models.JSONField(null=True)),
                ("body", models.BinaryField(null=True)),
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
                "db_table": "idempotency_claims",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["organization", "created_at"], name="idempotency_claims_time_idx")],
                "constraints": [
                    bookingoffice.database.keys.TenantPrimaryKey(
                        fields=("organization", "api_key_id", "key"), name="idempotency_claims_pkey"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=False, field="organization", name="idempotency_claims_organization_id_fkey"
                    ),
                    bookingoffice.database.constraints.SqlCheck(
                        condition="octet_length(key) BETWEEN 1 AND 255", name="idempotency_claims_key_check"
                    ),
                    bookingoffice.database.constraints.SqlCheck(
                        condition="octet_length(fingerprint) = 32", name="idempotency_claims_fingerprint_check"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("body__isnull", True), ("headers__isnull", True), ("status__isnull", True)),
                            models.Q(("body__isnull", False), ("headers__isnull", False), ("status__isnull", False)),
                            _connector="OR",
                        ),
                        name="idempotency_claims_answer_check",
                    ),
                ],
            },
        ),
        policies.tenant_policy("idempotency_claims"),
    ]
