import django.contrib.postgres.fields
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import bookingoffice.database.constraints
import bookingoffice.database.fields
import bookingoffice.database.functions
import bookingoffice.database.keys
import bookingoffice.records
from bookingoffice.database import policies
from coupons import sql as codes
from coupons.database import ledger, values

TABLES = (
    "coupon_batches",
    "coupons",
    "coupon_products",
    "coupon_services",
    "coupon_plans",
    "coupon_uses",
    "coupon_counters",
    "coupon_customers",
)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("database", "0001_roles_and_functions"),
        ("accounts", "0001_initial"),
        ("references", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE TYPE public.coupon_scope AS ENUM ('global', 'product', 'service', 'rent')",
            "DROP TYPE public.coupon_scope",
        ),
        *[migrations.RunSQL(create, drop) for create, drop in codes.FUNCTIONS],
        *[policies.function(create, signature) for create, signature in values.FUNCTIONS],
        migrations.CreateModel(
            name="CouponBatch",
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
                ("prefix", models.TextField(blank=True, db_default="", default="")),
                ("pattern", models.TextField(blank=True, db_default="", default="")),
                ("count", models.IntegerField()),
                ("quota", models.IntegerField(blank=True, null=True)),
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
                "verbose_name_plural": "coupon batches",
                "db_table": "coupon_batches",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    bookingoffice.database.keys.TenantPrimaryKey(
                        fields=("organization", "id"), name="coupon_batches_pkey"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=False, field="organization", name="coupon_batches_organization_id_fkey"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Coupon",
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
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                (
                    "public_id",
                    models.TextField(
                        db_default=bookingoffice.database.functions.NewPublicId(models.Value("cou_")), editable=False
                    ),
                ),
                ("code", models.TextField()),
                (
                    "code_key",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(models.F("code"), function="public.coupon_code_key"),
                        output_field=models.TextField(),
                    ),
                ),
                ("code_generated", models.BooleanField(db_default=False, default=False, editable=False)),
                ("name", models.TextField()),
                ("description", models.TextField(blank=True, null=True)),
                (
                    "metadata",
                    models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict),
                ),
                (
                    "kind",
                    models.TextField(
                        choices=[("amount", "Amount"), ("percent", "Percent"), ("expression", "Expression")]
                    ),
                ),
                ("amount_minor", models.BigIntegerField(blank=True, null=True)),
                ("currency", models.TextField(blank=True, null=True)),
                ("percent", models.DecimalField(blank=True, decimal_places=4, max_digits=7, null=True)),
                ("definition", models.JSONField(decoder=bookingoffice.database.fields.ExactDecoder)),
                (
                    "scope",
                    bookingoffice.database.fields.EnumField(
                        choices=[
                            ("global", "Whole booking"),
                            ("product", "Bookings of chosen products"),
                            ("service", "Fees of chosen services"),
                            ("rent", "Rent"),
                        ],
                        db_default="global",
                        default="global",
                        enum="coupon_scope",
                    ),
                ),
                ("stackable", models.BooleanField(db_default=True, default=True)),
                ("priority", models.IntegerField(db_default=0, default=0)),
                (
                    "plan_scope",
                    models.TextField(
                        choices=[("all", "All plans"), ("specific", "Chosen plans")], db_default="all", default="all"
                    ),
                ),
                ("auto_apply", models.BooleanField(db_default=False, default=False)),
                (
                    "invitee_mode",
                    models.TextField(
                        choices=[
                            ("all", "Everyone"),
                            ("new_users", "New customers"),
                            ("existing_users", "Existing customers"),
                        ],
                        db_default="all",
                        default="all",
                    ),
                ),
                (
                    "renewal_constraint",
                    models.TextField(
                        choices=[("any", "Any payment"), ("first_payment", "First payment"), ("renewals", "Renewals")],
                        db_default="any",
                        default="any",
                    ),
                ),
                ("payment_count_comparator", models.TextField(db_default="any", default="any", editable=False)),
                ("payment_count_value", models.IntegerField(blank=True, editable=False, null=True)),
                ("lifetime_revenue_comparator", models.TextField(db_default="any", default="any", editable=False)),
                ("lifetime_revenue_minor", models.BigIntegerField(blank=True, editable=False, null=True)),
                ("min_nights", models.IntegerField(blank=True, null=True)),
                ("max_nights", models.IntegerField(blank=True, null=True)),
                ("min_spend_minor", models.BigIntegerField(blank=True, null=True)),
                (
                    "season_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), blank=True, null=True, size=None
                    ),
                ),
                ("stay_from", models.DateField(blank=True, null=True)),
                ("stay_until", models.DateField(blank=True, null=True)),
                (
                    "blackout_dates",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateField(), blank=True, null=True, size=None
                    ),
                ),
                (
                    "arrival_weekdays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SmallIntegerField(), blank=True, null=True, size=None
                    ),
                ),
                ("min_lead_days", models.IntegerField(blank=True, null=True)),
                ("max_lead_days", models.IntegerField(blank=True, null=True)),
                ("quota", models.IntegerField(blank=True, null=True)),
                ("max_per_customer", models.IntegerField(blank=True, null=True)),
                ("max_discount_minor", models.BigIntegerField(blank=True, null=True)),
                ("budget_minor", models.BigIntegerField(blank=True, null=True)),
                ("limit_currency", models.TextField(blank=True, null=True)),
                ("hot", models.BooleanField(db_default=False, default=False)),
                (
                    "repeat",
                    models.TextField(
                        choices=[("once", "Once"), ("limited", "For a number of periods"), ("forever", "Always")],
                        db_default="once",
                        default="once",
                    ),
                ),
                ("repeat_count", models.IntegerField(blank=True, null=True)),
                (
                    "repeat_unit",
                    models.TextField(
                        blank=True,
                        choices=[
                            ("days", "Days"),
                            ("weeks", "Weeks"),
                            ("months", "Months"),
                            ("years", "Years"),
                            ("billing_period", "Billing periods"),
                        ],
                        null=True,
                    ),
                ),
                ("valid_from", models.DateTimeField(blank=True, null=True)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("expires_text", models.TextField(blank=True, editable=False, null=True)),
                (
                    "fts",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(
                            models.F("code"), template="to_tsvector('simple'::regconfig, %(expressions)s)"
                        ),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
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
                    "batch",
                    bookingoffice.database.keys.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="coupons",
                        to="coupons.couponbatch",
                    ),
                ),
            ],
            options={
                "db_table": "coupons",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    bookingoffice.database.keys.TenantPrimaryKey(fields=("organization", "id"), name="coupons_pkey"),
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("organization", "code_key"),
                        name="coupons_organization_id_code_key",
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "public_id"), name="coupons_organization_id_public_id_key"
                    ),
                    bookingoffice.database.constraints.SqlCheck(
                        condition="public.coupon_code_is_valid(code)", name="coupons_code_check"
                    ),
                    bookingoffice.database.constraints.SqlCheck(
                        condition="public.price_expression_is_valid(definition)", name="coupons_definition_check"
                    ),
                    bookingoffice.database.constraints.SqlCheck(
                        condition="CASE kind WHEN 'amount' THEN amount_minor >= 0 AND currency ~ '^[A-Z]{3}$' AND percent IS NULL WHEN 'percent' THEN percent BETWEEN 0 AND 100 AND amount_minor IS NULL AND currency IS NULL WHEN 'expression' THEN amount_minor IS NULL AND currency IS NULL AND percent IS NULL ELSE false END IS TRUE",
                        name="coupons_value_check",
                    ),
                    bookingoffice.database.constraints.SqlCheck(
                        condition="public.price_expression_agrees(definition, kind, amount_minor, currency, percent)",
                        name="coupons_definition_agrees_check",
                    ),
                    bookingoffice.database.constraints.SqlCheck(
                        condition="CASE repeat WHEN 'limited' THEN repeat_count >= 1 AND repeat_unit IN ('days', 'weeks', 'months', 'years', 'billing_period') WHEN 'once' THEN repeat_count IS NULL AND repeat_unit IS NULL WHEN 'forever' THEN repeat_count IS NULL AND repeat_unit IS NULL ELSE false END IS TRUE",
                        name="coupons_repeat_check",
                    ),
                    bookingoffice.database.constraints.SqlCheck(
                        condition="(quota IS NULL OR quota >= 0) AND (max_per_customer IS NULL OR max_per_customer >= 0) AND (budget_minor IS NULL OR budget_minor >= 0) AND (max_discount_minor IS NULL OR max_discount_minor >= 0)",
                        name="coupons_quota_check",
                    ),
                    bookingoffice.database.constraints.SqlCheck(
                        condition="invitee_mode IN ('all', 'new_users', 'existing_users') AND renewal_constraint IN ('any', 'first_payment', 'renewals') AND plan_scope IN ('all', 'specific') AND payment_count_comparator = 'any' AND lifetime_revenue_comparator = 'any'",
                        name="coupons_reach_check",
                    ),
                    bookingoffice.database.constraints.SqlCheck(
                        condition="(min_nights IS NULL OR min_nights >= 0) AND (max_nights IS NULL OR max_nights >= 0) AND (min_spend_minor IS NULL OR min_spend_minor >= 0) AND (min_lead_days IS NULL OR min_lead_days >= 0) AND (max_lead_days IS NULL OR max_lead_days >= 0) AND (arrival_weekdays IS NULL OR arrival_weekdays <@ '{1,2,3,4,5,6,7}'::smallint[]) AND (limit_currency IS NULL OR limit_currency ~ '^[A-Z]{3}$')",
                        name="coupons_stay_check",
                    ),
                    bookingoffice.database.constraints.SqlCheck(
                        condition="jsonb_typeof(metadata) = 'object'", name="coupons_metadata_check"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=False, field="organization", name="coupons_organization_id_fkey"
                    ),
                    bookingoffice.database.keys.Reference(cascade=False, field="batch", name="coupons_batch_id_fkey"),
                ],
                "indexes": [models.Index(fields=["organization", "-created_at", "-id"], name="coupons_newest_idx")],
            },
        ),
        migrations.CreateModel(
            name="CouponCounter",
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
                ("slot", models.SmallIntegerField(db_default=0, default=0)),
                ("used", models.IntegerField(db_default=0, default=0)),
                ("quota", models.IntegerField()),
                (
                    "coupon",
                    bookingoffice.database.keys.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="coupons.coupon",
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
                "db_table": "coupon_counters",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    bookingoffice.database.keys.TenantPrimaryKey(
                        fields=("organization", "coupon", "slot"), name="coupon_counters_pkey"
                    ),
                    models.CheckConstraint(condition=models.Q(("used__gte", 0)), name="coupon_counters_used_check"),
                    bookingoffice.database.keys.Reference(
                        cascade=False, field="organization", name="coupon_counters_organization_id_fkey"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=True, field="coupon", name="coupon_counters_coupon_id_fkey"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CouponCustomer",
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
                ("customer_key", models.TextField()),
                ("used", models.IntegerField(db_default=0, default=0)),
                (
                    "coupon",
                    bookingoffice.database.keys.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="coupons.coupon",
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
                "db_table": "coupon_customers",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    bookingoffice.database.keys.TenantPrimaryKey(
                        fields=("organization", "coupon", "customer_key"), name="coupon_customers_pkey"
                    ),
                    models.CheckConstraint(condition=models.Q(("used__gte", 0)), name="coupon_customers_used_check"),
                    bookingoffice.database.keys.Reference(
                        cascade=False, field="organization", name="coupon_customers_organization_id_fkey"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=True, field="coupon", name="coupon_customers_coupon_id_fkey"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CouponPlan",
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
                ("excluded", models.BooleanField(db_default=False, default=False)),
                (
                    "coupon",
                    bookingoffice.database.keys.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="plan_targets",
                        to="coupons.coupon",
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
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="references.plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "plan",
                "db_table": "coupon_plans",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    bookingoffice.database.keys.TenantPrimaryKey(
                        fields=("organization", "coupon", "plan"), name="coupon_plans_pkey"
                    ),
                    models.UniqueConstraint(fields=("organization", "id"), name="coupon_plans_organization_id_id_key"),
                    bookingoffice.database.keys.Reference(
                        cascade=False, field="organization", name="coupon_plans_organization_id_fkey"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=True, field="coupon", name="coupon_plans_coupon_id_fkey"
                    ),
                    bookingoffice.database.keys.Reference(cascade=True, field="plan", name="coupon_plans_plan_id_fkey"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CouponProduct",
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
                ("excluded", models.BooleanField(db_default=False, default=False)),
                (
                    "coupon",
                    bookingoffice.database.keys.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="product_targets",
                        to="coupons.coupon",
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
                    "product",
                    bookingoffice.database.keys.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="references.product",
                    ),
                ),
            ],
            options={
                "verbose_name": "product",
                "db_table": "coupon_products",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    bookingoffice.database.keys.TenantPrimaryKey(
                        fields=("organization", "coupon", "product"), name="coupon_products_pkey"
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "id"), name="coupon_products_organization_id_id_key"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=False, field="organization", name="coupon_products_organization_id_fkey"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=True, field="coupon", name="coupon_products_coupon_id_fkey"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=True, field="product", name="coupon_products_product_id_fkey"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CouponService",
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
                ("excluded", models.BooleanField(db_default=False, default=False)),
                (
                    "coupon",
                    bookingoffice.database.keys.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="service_targets",
                        to="coupons.coupon",
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
                    "service",
                    bookingoffice.database.keys.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="references.service",
                    ),
                ),
            ],
            options={
                "verbose_name": "service",
                "db_table": "coupon_services",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    bookingoffice.database.keys.TenantPrimaryKey(
                        fields=("organization", "coupon", "service"), name="coupon_services_pkey"
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "id"), name="coupon_services_organization_id_id_key"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=False, field="organization", name="coupon_services_organization_id_fkey"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=True, field="coupon", name="coupon_services_coupon_id_fkey"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=True, field="service", name="coupon_services_service_id_fkey"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CouponUse",
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
                ("state", models.TextField(choices=[("reserved", "Reserved"), ("redeemed", "Redeemed")])),
                ("expires_at", models.DateTimeField(null=True)),
                ("redeemed_at", models.DateTimeField(null=True)),
                ("customer_key", models.TextField(null=True)),
                ("amount_minor", models.BigIntegerField(null=True)),
                ("currency", models.TextField(null=True)),
                ("terms", models.JSONField(null=True)),
                (
                    "booking",
                    bookingoffice.database.keys.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="coupon_uses",
                        to="references.booking",
                    ),
                ),
                (
                    "coupon",
                    bookingoffice.database.keys.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="uses",
                        to="coupons.coupon",
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
                "db_table": "coupon_uses",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    bookingoffice.database.keys.TenantPrimaryKey(
                        fields=("organization", "coupon", "booking"), name="coupon_uses_pkey"
                    ),
                    models.UniqueConstraint(fields=("organization", "id"), name="coupon_uses_organization_id_id_key"),
                    bookingoffice.database.constraints.SqlCheck(
                        condition="CASE state WHEN 'reserved' THEN expires_at IS NOT NULL AND redeemed_at IS NULL WHEN 'redeemed' THEN expires_at IS NULL AND redeemed_at IS NOT NULL ELSE false END IS TRUE",
                        name="coupon_uses_state_check",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gte", 0)), name="coupon_uses_amount_minor_check"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=False, field="organization", name="coupon_uses_organization_id_fkey"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=False, field="coupon", name="coupon_uses_coupon_id_fkey"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=False, field="booking", name="coupon_uses_booking_id_fkey"
                    ),
                ],
                "indexes": [
                    models.Index(fields=["organization", "booking"], name="coupon_uses_booking_idx"),
                    models.Index(fields=["organization", "-created_at", "-id"], name="coupon_uses_newest_idx"),
                ],
            },
        ),
        *[policies.tenant_policy(table) for table in TABLES],
        *[policies.read_only(table) for table in ("coupon_uses", "coupon_counters", "coupon_customers")],
        policies.protect_columns("coupons", ("quota", "max_per_customer")),
        *[policies.function(create, signature) for create, signature in ledger.INTERNAL],
        *[policies.function(create, signature, serving=True) for create, signature in ledger.DOORS],
    ]
