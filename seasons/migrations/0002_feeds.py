import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import bookingoffice.database.functions
import bookingoffice.database.keys
import bookingoffice.records
from bookingoffice.database import policies
from seasons import lookups


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("seasons", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SeasonFeed",
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
                ("seed", models.UUIDField(editable=False)),
                ("digest", models.BinaryField(max_length=32)),
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
                "db_table": "season_feeds",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    bookingoffice.database.keys.TenantPrimaryKey(
                        fields=("organization", "id"), name="season_feeds_pkey"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=False, field="organization", name="season_feeds_organization_id_fkey"
                    ),
                    models.UniqueConstraint(fields=("organization",), name="season_feeds_organization_id_key"),
                    models.UniqueConstraint(fields=("digest",), name="season_feeds_digest_key"),
                ],
            },
        ),
        policies.tenant_policy("season_feeds"),
        policies.owner_policy("season_feeds"),
        policies.function(lookups.FEED_ORGANIZATION, lookups.SIGNATURE, serving=True),
    ]
