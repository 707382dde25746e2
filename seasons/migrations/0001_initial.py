import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import bookingoffice.database.constraints
import bookingoffice.database.fields
import bookingoffice.database.functions
import bookingoffice.database.keys
import bookingoffice.records
from bookingoffice.database import policies
from seasons import sql


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("database", "0001_roles_and_functions"),
        ("accounts", "0001_initial"),
    ]

    operations = [
        *[migrations.RunSQL(create, drop) for create, drop in sql.FUNCTIONS],
        migrations.CreateModel(
            name="Season",
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
                ("name", models.JSONField()),
                ("value", models.JSONField(blank=True, null=True)),
                (
                    "slots",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(models.F("value"), function="public.season_slots"),
                        output_field=bookingoffice.database.fields.MultirangeField(subtype="int4multirange"),
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
                "db_table": "seasons",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    bookingoffice.database.keys.TenantPrimaryKey(fields=("organization", "id"), name="seasons_pkey"),
                    bookingoffice.database.constraints.SqlCheck(
                        condition="public.name_is_valid(name)", name="seasons_name_check"
                    ),
                    bookingoffice.database.constraints.SqlCheck(
                        condition="public.season_value_is_valid(value)", name="seasons_value_check"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=False, field="organization", name="seasons_organization_id_fkey"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SeasonYear",
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
                ("year", models.SmallIntegerField()),
                ("dates", bookingoffice.database.fields.MultirangeField(subtype="datemultirange")),
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
                (
                    "season",
                    bookingoffice.database.keys.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="years",
                        to="seasons.season",
                    ),
                ),
            ],
            options={
                "db_table": "season_years",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    bookingoffice.database.keys.TenantPrimaryKey(
                        fields=("organization", "id"), name="season_years_pkey"
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "season", "year"),
                        name="season_years_organization_id_season_id_year_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("year__range", (1900, 2199))), name="season_years_year_check"
                    ),
                    bookingoffice.database.constraints.SqlCheck(
                        condition="public.season_year_is_valid(year, dates)",
                        name="season_years_dates_check",
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=False, field="organization", name="season_years_organization_id_fkey"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=True, field="season", name="season_years_season_id_fkey"
                    ),
                ],
            },
        ),
        *[policies.tenant_policy(table) for table in ("seasons", "season_years")],
    ]
