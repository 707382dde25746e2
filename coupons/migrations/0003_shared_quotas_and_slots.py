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


def door_only(table: str, columns: str) -> migrations.RunSQL:
    """A grant of single columns is taken back singly."""
    return migrations.RunSQL(
        f'REVOKE UPDATE ({columns}) ON "{table}" FROM "{ROLE}"', f'GRANT UPDATE ({columns}) ON "{table}" TO "{ROLE}"'
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("coupons", "0002_coupon_facts"),
        ("references", "0001_initial"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="couponbatch",
            options={
                "base_manager_name": "objects",
                "verbose_name": "batch of codes",
                "verbose_name_plural": "batches of codes",
            },
        ),
        migrations.CreateModel(
            name="CouponBatchCounter",
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
                ("used", models.IntegerField(db_default=0, default=0)),
                ("quota", models.IntegerField()),
                (
                    "batch",
                    bookingoffice.database.keys.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="counter",
                        to="coupons.couponbatch",
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
                "db_table": "coupon_batch_counters",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    bookingoffice.database.keys.TenantPrimaryKey(
                        fields=("organization", "batch"), name="coupon_batch_counters_pkey"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=False, field="organization", name="coupon_batch_counters_organization_id_fkey"
                    ),
                    bookingoffice.database.keys.Reference(
                        cascade=True, field="batch", name="coupon_batch_counters_batch_id_fkey"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("used__gte", 0)), name="coupon_batch_counters_used_check"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="couponuse",
            name="batch",
            field=bookingoffice.database.keys.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="coupons.couponbatch",
            ),
        ),
        migrations.AddField(
            model_name="couponuse",
            name="slot",
            field=models.SmallIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddIndex(
            model_name="coupon",
            index=models.Index(
                condition=models.Q(("batch__isnull", False)), fields=["organization", "batch"], name="coupons_batch_idx"
            ),
        ),
        migrations.AddIndex(
            model_name="couponuse",
            index=models.Index(
                condition=models.Q(("state", "reserved")),
                fields=["organization", "coupon", "expires_at"],
                name="coupon_uses_holds_idx",
            ),
        ),
        migrations.AddIndex(
            model_name="couponuse",
            index=models.Index(
                condition=models.Q(("batch__isnull", False)),
                fields=["organization", "batch", "expires_at"],
                name="coupon_uses_batch_idx",
            ),
        ),
        migrations.AddConstraint(
            model_name="couponbatch",
            constraint=models.CheckConstraint(condition=models.Q(("quota__gte", 0)), name="coupon_batches_quota_check"),
        ),
        migrations.AddConstraint(
            model_name="couponuse",
            constraint=bookingoffice.database.keys.Reference(
                cascade=False, field="batch", name="coupon_uses_batch_id_fkey"
            ),
        ),
        policies.tenant_policy("coupon_batch_counters"),
        policies.read_only("coupon_batch_counters"),
        door_only("coupons", "hot, batch_id"),
        policies.protect_columns("coupon_batches", ("quota",)),
        *[migrations.RunSQL(f"DROP FUNCTION IF EXISTS {signature}", "") for signature in ledger.GONE],
        *[policies.replaced(create, signature) for create, signature in ledger.INTERNAL],
        *[policies.replaced(create, signature, serving=True) for create, signature in ledger.DOORS],
        *[policies.replaced(create, signature, serving=True) for create, signature in facts.FUNCTIONS],
    ]
