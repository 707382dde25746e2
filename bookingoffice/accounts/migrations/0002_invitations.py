import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import bookingoffice.database.fields
import bookingoffice.database.functions
import bookingoffice.database.keys
import bookingoffice.records
from bookingoffice.accounts import lookups
from bookingoffice.database import policies


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Invitation",
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
                ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                (
                    "role",
                    bookingoffice.database.fields.EnumField(
                        choices=[("owner", "Owner"), ("editor", "Editor"), ("viewer", "Viewer")],
                        db_default="viewer",
                        default="viewer",
                        enum="member_role",
                        verbose_name="role",
                    ),
                ),
                ("digest", models.BinaryField(max_length=32)),
                ("invited_by", models.TextField(db_default="", default="", editable=False, verbose_name="invited by")),
                ("expires_at", models.DateTimeField(editable=False, verbose_name="expires")),
                ("accepted_at", models.DateTimeField(editable=False, null=True, verbose_name="accepted")),
                ("revoked_at", models.DateTimeField(editable=False, null=True, verbose_name="revoked")),
                ("mailed_at", models.DateTimeField(editable=False, null=True, verbose_name="sent by e-mail")),
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
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "db_table": "invitations",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    bookingoffice.database.keys.TenantPrimaryKey(
                        fields=("organization", "id"), name="invitations_pkey"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=False, field="organization", name="invitations_organization_id_fkey"
                    ),
                    models.UniqueConstraint(fields=("digest",), name="invitations_digest_key"),
                    models.CheckConstraint(
                        condition=models.Q(("accepted_at", None), ("revoked_at", None), _connector="OR"),
                        name="invitations_end_once_check",
                    ),
                ],
            },
        ),
        policies.tenant_policy("invitations"),
        policies.owner_policy("invitations"),
        policies.function(lookups.INVITATION_PLACE, "public.invitation_place(bytea)", serving=True),
    ]
