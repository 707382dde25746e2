import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import bookingoffice.database.constraints
import bookingoffice.database.fields
import bookingoffice.database.functions
import bookingoffice.database.keys
import bookingoffice.records
import bookingoffice.references.models
from bookingoffice.database import policies


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("database", "0001_roles_and_functions"),
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE TYPE public.rent_period AS ENUM ('daily', 'nightly')", "DROP TYPE public.rent_period"
        ),
        migrations.RunSQL(
            "CREATE TYPE public.booking_method AS ENUM ('request', 'book')", "DROP TYPE public.booking_method"
        ),
        migrations.RunSQL(
            "CREATE TYPE public.line_item_type AS ENUM ('rent', 'fee', 'deposit')", "DROP TYPE public.line_item_type"
        ),
        migrations.CreateModel(
            name="Booking",
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
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("currency", models.TextField(db_default="EUR", default="EUR")),
                ("display_currency", models.TextField(db_default="EUR", default="EUR")),
                ("exchange_rate", bookingoffice.database.fields.RealField(db_default=1, default=1)),
                (
                    "method",
                    bookingoffice.database.fields.EnumField(
                        choices=[("request", "Request"), ("book", "Book")],
                        db_default="request",
                        default="request",
                        enum="booking_method",
                    ),
                ),
                (
                    "occupancy",
                    models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict),
                ),
                ("reference", models.TextField(blank=True, db_default="", default="")),
                ("silent", models.BooleanField(db_default=False, default=False)),
                ("check_in", models.DateField(blank=True, null=True)),
                ("check_out", models.DateField(blank=True, null=True)),
                ("customer_id", models.TextField(blank=True, null=True)),
                ("customer_email", models.TextField(blank=True, null=True)),
                ("customer_bookings_before", models.IntegerField(blank=True, null=True)),
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
                "db_table": "bookings",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    bookingoffice.database.keys.TenantPrimaryKey(fields=("organization", "id"), name="bookings_pkey"),
                    models.CheckConstraint(
                        condition=models.Q(("check_out__gte", models.F("check_in"))), name="bookings_check_out_check"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("customer_bookings_before__gte", 0)),
                        name="bookings_customer_bookings_before_check",
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=False, field="organization", name="bookings_organization_id_fkey"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Product",
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
                (
                    "description",
                    models.JSONField(
                        db_default=models.Value({"default": ""}, models.JSONField()),
                        default=bookingoffice.references.models.no_text,
                    ),
                ),
                ("currency", models.TextField()),
                ("timezone", models.TextField(db_default="UTC", default="UTC")),
                (
                    "rent_period",
                    bookingoffice.database.fields.EnumField(
                        choices=[("daily", "Day"), ("nightly", "Night")],
                        db_default="nightly",
                        default="nightly",
                        enum="rent_period",
                    ),
                ),
                (
                    "public_id",
                    models.TextField(
                        db_default=bookingoffice.database.functions.NewPublicId(models.Value("itm_")), editable=False
                    ),
                ),
                ("code", models.TextField(blank=True, db_default="", default="")),
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
                "db_table": "products",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    bookingoffice.database.keys.TenantPrimaryKey(fields=("organization", "id"), name="products_pkey"),
                    models.UniqueConstraint(
                        fields=("organization", "public_id"), name="products_organization_id_public_id_key"
                    ),
                    bookingoffice.database.constraints.SqlCheck(
                        condition="public.name_is_valid(name)", name="products_name_check"
                    ),
                    bookingoffice.database.constraints.SqlCheck(
                        condition="public.name_is_valid(description)", name="products_description_check"
                    ),
                    bookingoffice.database.constraints.SqlCheck(
                        condition="currency ~ '^[A-Z]{3}$'", name="products_currency_check"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=False, field="organization", name="products_organization_id_fkey"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Plan",
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
                ("code", models.TextField()),
                ("name", models.TextField()),
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
                    "product",
                    bookingoffice.database.keys.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="references.product",
                    ),
                ),
            ],
            options={
                "db_table": "plans",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    bookingoffice.database.keys.TenantPrimaryKey(fields=("organization", "id"), name="plans_pkey"),
                    bookingoffice.database.keys.Reference(
                        cascade=False, field="organization", name="plans_organization_id_fkey"
                    ),
                    bookingoffice.database.keys.Reference(cascade=False, field="product", name="plans_product_id_fkey"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Service",
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
                ("label", models.JSONField()),
                (
                    "description",
                    models.JSONField(
                        db_default=models.Value({"default": ""}, models.JSONField()),
                        default=bookingoffice.references.models.no_text,
                    ),
                ),
                ("type", models.TextField()),
                ("order", models.SmallIntegerField(db_default=0, default=0)),
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
                    "parent",
                    bookingoffice.database.keys.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="references.service",
                    ),
                ),
            ],
            options={
                "db_table": "services",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    bookingoffice.database.keys.TenantPrimaryKey(fields=("organization", "id"), name="services_pkey"),
                    bookingoffice.database.constraints.SqlCheck(
                        condition="public.name_is_valid(label)", name="services_label_check"
                    ),
                    bookingoffice.database.constraints.SqlCheck(
                        condition="public.name_is_valid(description)", name="services_description_check"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=False, field="organization", name="services_organization_id_fkey"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=False, field="parent", name="services_parent_id_fkey"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LineItem",
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
                    "item_type",
                    bookingoffice.database.fields.EnumField(
                        choices=[("rent", "Rent"), ("fee", "Fee"), ("deposit", "Deposit")], enum="line_item_type"
                    ),
                ),
                ("name", models.JSONField()),
                ("quantity", models.IntegerField(db_default=1, default=1)),
                ("amount_minor", models.BigIntegerField()),
                ("tax_minor", models.BigIntegerField(db_default=0, default=0)),
                ("tax_included", models.BooleanField(db_default=False, default=False)),
                (
                    "booking",
                    bookingoffice.database.keys.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="line_items",
                        to="references.booking",
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
                (
                    "plan",
                    bookingoffice.database.keys.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="references.plan",
                    ),
                ),
                (
                    "product",
                    bookingoffice.database.keys.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="references.product",
                    ),
                ),
                (
                    "service",
                    bookingoffice.database.keys.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="references.service",
                    ),
                ),
            ],
            options={
                "db_table": "line_items",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    bookingoffice.database.keys.TenantPrimaryKey(fields=("organization", "id"), name="line_items_pkey"),
                    bookingoffice.database.constraints.SqlCheck(
                        condition="public.name_is_valid(name)", name="line_items_name_check"
                    ),
                    models.CheckConstraint(condition=models.Q(("quantity__gte", 0)), name="line_items_quantity_check"),
                    bookingoffice.database.keys.Reference(
                        cascade=False, field="organization", name="line_items_organization_id_fkey"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=True, field="booking", name="line_items_booking_id_fkey"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=False, field="product", name="line_items_product_id_fkey"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=False, field="service", name="line_items_service_id_fkey"
                    ),
                    bookingoffice.database.keys.Reference(cascade=False, field="plan", name="line_items_plan_id_fkey"),
                ],
                "indexes": [models.Index(fields=["organization", "booking"], name="line_items_booking_idx")],
            },
        ),
        *[policies.tenant_policy(table) for table in ("products", "services", "plans", "bookings", "line_items")],
    ]
