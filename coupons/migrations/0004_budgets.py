import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import bookingoffice.database.functions
import bookingoffice.database.keys
import bookingoffice.records
from bookingoffice.database import policies
from coupons.database import facts, ledger

ROLE = settings.DATABASES["default"]["USER"]


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("coupons", "0003_shared_quotas_and_slots"),
    ]

    operations = [
        migrations.CreateModel(
            name="CouponBudget",
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
                ("spent_minor", models.BigIntegerField(db_default=0, default=0)),
                ("budget_minor", models.BigIntegerField()),
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
                "db_table": "coupon_budgets",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    bookingoffice.database.keys.TenantPrimaryKey(
                        fields=("organization", "coupon"), name="coupon_budgets_pkey"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=False, field="organization", name="coupon_budgets_organization_id_fkey"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=True, field="coupon", name="coupon_budgets_coupon_id_fkey"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("spent_minor__gte", 0)), name="coupon_budgets_spent_minor_check"
                    ),
                ],
            },
        ),
        policies.tenant_policy("coupon_budgets"),
        policies.read_only("coupon_budgets"),
        migrations.RunSQL(
            f'REVOKE UPDATE (budget_minor) ON "coupons" FROM "{ROLE}"',
            f'GRANT UPDATE (budget_minor) ON "coupons" TO "{ROLE}"',
        ),
        *[migrations.RunSQL(f"DROP FUNCTION IF EXISTS {signature}", "") for signature in ledger.GONE_WITH_BUDGETS],
        *[policies.replaced(create, signature) for create, signature in ledger.INTERNAL],
        *[policies.replaced(create, signature, serving=True) for create, signature in ledger.DOORS],
        migrations.RunSQL(facts.ANSWERS_ROWS_NO_MORE, migrations.RunSQL.noop),
        *[policies.replaced(create, signature, serving=True) for create, signature in facts.FUNCTIONS],
    ]
