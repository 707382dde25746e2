import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import bookingoffice.database.constraints
import bookingoffice.database.functions
import bookingoffice.database.keys
import bookingoffice.records
from bookingoffice.database import policies
from bookingoffice.datafiles import lookups


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("database", "0001_roles_and_functions"),
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="FileImport",
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
                ("user_id", models.IntegerField()),
                ("user_label", models.TextField()),
                ("kind", models.TextField()),
                ("format", models.TextField()),
                ("filename", models.TextField()),
                ("size", models.BigIntegerField()),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("to_check", "Waiting to be checked"),
                            ("checking", "Being checked"),
                            ("checked", "Checked"),
                            ("to_import", "Waiting to be imported"),
                            ("importing", "Being imported"),
                            ("done", "Imported"),
                            ("refused", "Refused"),
                        ],
                        db_default="to_check",
                        default="to_check",
                    ),
                ),
                ("seen_at", models.DateTimeField(null=True)),
                ("done", models.IntegerField(db_default=0, default=0)),
                ("total", models.IntegerField(db_default=0, default=0)),
                ("made", models.IntegerField(db_default=0, default=0)),
                ("changed", models.IntegerField(db_default=0, default=0)),
                ("unchanged", models.IntegerField(db_default=0, default=0)),
                ("faults", models.IntegerField(db_default=0, default=0)),
                ("more_faults", models.BooleanField(db_default=False, default=False)),
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
                "db_table": "file_imports",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    bookingoffice.database.keys.TenantPrimaryKey(
                        fields=("organization", "id"), name="file_imports_pkey"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=True, field="organization", name="file_imports_organization_id_fkey"
                    ),
                    models.CheckConstraint(condition=models.Q(("size__gte", 0)), name="file_imports_size_check"),
                ],
                "indexes": [
                    models.Index(fields=["organization", "user_id", "-created_at"], name="file_imports_user_idx")
                ],
            },
        ),
        migrations.CreateModel(
            name="FileImportFault",
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
                ("number", models.IntegerField()),
                ("line", models.IntegerField()),
                ("column", models.TextField()),
                ("code", models.TextField()),
                ("sentence", models.TextField()),
                (
                    "file_import",
                    bookingoffice.database.keys.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="told",
                        to="datafiles.fileimport",
                    ),
                ),
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
                "db_table": "file_import_faults",
                "ordering": ["number"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    bookingoffice.database.keys.TenantPrimaryKey(
                        fields=("organization", "file_import", "number"), name="file_import_faults_pkey"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=False, field="organization", name="file_import_faults_organization_id_fkey"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=True, field="file_import", name="file_import_faults_file_import_id_fkey"
                    ),
                    bookingoffice.database.constraints.SqlCheck(
                        condition="line >= 1", name="file_import_faults_line_check"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FileImportPart",
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
                ("number", models.IntegerField()),
                ("content", models.BinaryField()),
                (
                    "file_import",
                    bookingoffice.database.keys.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="datafiles.fileimport",
                    ),
                ),
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
                "db_table": "file_import_parts",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    bookingoffice.database.keys.TenantPrimaryKey(
                        fields=("organization", "file_import", "number"), name="file_import_parts_pkey"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=False, field="organization", name="file_import_parts_organization_id_fkey"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=True, field="file_import", name="file_import_parts_file_import_id_fkey"
                    ),
                ],
            },
        ),
        *map(policies.tenant_policy, ("file_imports", "file_import_parts", "file_import_faults")),
        policies.owner_policy("file_imports"),
        policies.function(lookups.WORK, lookups.WORK_SIGNATURE, serving=True),
    ]
