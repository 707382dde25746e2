import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import bookingoffice.database.constraints
import bookingoffice.database.fields
import bookingoffice.database.functions
import bookingoffice.database.keys
import bookingoffice.records
from bookingoffice.accounts import lookups
from bookingoffice.database import policies


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("database", "0001_roles_and_functions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("auth", "0012_alter_user_first_name_max_length"),  # the view below stands on its last column types
    ]

    operations = [
        migrations.RunSQL(
            "CREATE TYPE public.member_role AS ENUM ('owner', 'editor', 'viewer')", "DROP TYPE public.member_role"
        ),
        migrations.CreateModel(
            name="Organization",
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
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("deleted_at", models.DateTimeField(blank=True, null=True)),
                ("name", models.JSONField()),
                ("active", models.BooleanField(db_default=True, default=True)),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        db_default=models.Value(
                            ["en-US"],
                            django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("default_language", models.TextField(db_default="en-US", default="en-US")),
                ("currency", models.TextField(db_default="EUR", default="EUR")),
                ("timezone", models.TextField(db_default="UTC", default="UTC")),
            ],
            options={
                "db_table": "organizations",
                "constraints": [
                    bookingoffice.database.constraints.SqlCheck(
                        condition="public.name_is_valid(name)", name="organizations_name_check"
                    ),
                    bookingoffice.database.constraints.SqlCheck(
                        condition="currency ~ '^[A-Z]{3}$'", name="organizations_currency_check"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Member",
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
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "role",
                    bookingoffice.database.fields.EnumField(
                        choices=[("owner", "Owner"), ("editor", "Editor"), ("viewer", "Viewer")],
                        db_default="editor",
                        default="editor",
                        enum="member_role",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                "db_table": "members",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    bookingoffice.database.keys.TenantPrimaryKey(fields=("organization", "id"), name="members_pkey"),
                    bookingoffice.database.keys.Reference(
                        cascade=False, field="organization", name="members_organization_id_fkey"
                    ),
                    bookingoffice.database.keys.Reference(cascade=True, field="user", name="members_user_id_fkey"),
                    models.UniqueConstraint(
                        fields=("organization", "user"), name="members_organization_id_user_id_key"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiKey",
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
                ("label", models.TextField(blank=True, db_default="", default="")),
                ("prefix", models.CharField(editable=False, max_length=8)),
                ("digest", models.BinaryField(max_length=32)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(
                            choices=[
                                ("read", "Read"),
                                ("write", "Write"),
                                ("write_uses", "Write uses"),
                                ("unfiltered_writes", "Change or delete without a filter"),
                            ]
                        ),
                        size=None,
                    ),
                ),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("last_used_at", models.DateTimeField(blank=True, editable=False, null=True)),
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
                "verbose_name": "API key",
                "db_table": "api_keys",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    bookingoffice.database.keys.TenantPrimaryKey(fields=("organization", "id"), name="api_keys_pkey"),
                    bookingoffice.database.keys.Reference(
                        cascade=False, field="organization", name="api_keys_organization_id_fkey"
                    ),
                    models.UniqueConstraint(fields=("digest",), name="api_keys_digest_key"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "scopes__contained_by",
                                models.Value(
                                    ["read", "write", "write_uses", "unfiltered_writes"],
                                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                                ),
                            )
                        ),
                        name="api_keys_scopes_check",
                    ),
                ],
            },
        ),
        policies.tenant_policy("organizations", "id"),
        policies.tenant_policy("members"),
        policies.tenant_policy("api_keys"),
        policies.owner_policy("organizations"),
        policies.owner_policy("members"),
        policies.owner_policy("api_keys"),
        *[policies.function(create, signature, serving=True) for create, signature in lookups.FUNCTIONS],
        migrations.RunSQL(lookups.USER_PROFILES, "DROP VIEW public.user_profiles"),
    ]
