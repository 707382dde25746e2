import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import bookingoffice.database.functions
import bookingoffice.database.keys
import bookingoffice.records


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_invitations"),
        ("sessions", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="two_factor_required",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name="StaffSession",
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
                ("user_agent", models.TextField(db_default="", default="")),
                ("address", models.GenericIPAddressField(null=True)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("last_seen_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "session",
                    models.OneToOneField(
                        db_column="session_key",
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="sessions.session",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "staff_sessions",
                "constraints": [
                    bookingoffice.database.keys.Reference(
                        cascade=True, field="user", name="staff_sessions_user_id_fkey"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=True, field="session", name="staff_sessions_session_key_fkey"
                    ),
                ],
            },
        ),
    ]
