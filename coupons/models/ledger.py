"""The ledger of uses and the counters that move with it. Only the functions of `coupons.ledger` write here."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookingoffice import records
from bookingoffice.database.constraints import SqlCheck
from bookingoffice.database.keys import Reference, TenantForeignKey, TenantPrimaryKey
from bookingoffice.references.models import Booking
from coupons.models.coupon import Coupon, CouponBatch


class UseState(models.TextChoices):
    RESERVED = "reserved", gettext_lazy("Reserved")
    REDEEMED = "redeemed", gettext_lazy("Redeemed")


class CouponUse(records.TenantRecord):
    """One coupon on one booking. A hold has a deadline in `expires_at`; past it, it counts for nothing.

    `slot` and `batch` say which counters it is counted in.
    """

    coupon = TenantForeignKey(Coupon, on_delete=models.DO_NOTHING, related_name="uses")
    booking = TenantForeignKey(Booking, on_delete=models.DO_NOTHING, related_name="coupon_uses")
    state = models.TextField(choices=UseState.choices)
    expires_at = models.DateTimeField(null=True)
    redeemed_at = models.DateTimeField(null=True)
    customer_key = models.TextField(null=True)
    amount_minor = models.BigIntegerField(null=True)
    currency = models.TextField(null=True)
    terms: Any = models.JSONField(null=True)
    slot = models.SmallIntegerField(default=0, db_default=0, editable=False)
    batch = TenantForeignKey(  # type: ignore[misc]
        CouponBatch, on_delete=models.DO_NOTHING, null=True, related_name="+", editable=False
    )

    class Meta(records.TenantRecord.Meta):
        db_table = "coupon_uses"
        indexes = [
            models.Index(
                fields=["organization", "coupon", "expires_at"],
                condition=Q(state="reserved"),
                name="coupon_uses_holds_idx",
            ),
            models.Index(
                fields=["organization", "batch", "expires_at"],
                condition=Q(batch__isnull=False),
                name="coupon_uses_batch_idx",
            ),
            models.Index(fields=["organization", "booking"], name="coupon_uses_booking_idx"),
            # Of a currency that hardly occurs. Many rows share each key, which keeps it small.
            models.Index(fields=["organization", "currency"], name="coupon_uses_currency_idx"),
            models.Index(  # with all that a list shows, so that it need not be looked up row by row
                fields=["organization", "created_at", "coupon", "booking"],
                include=["id", "state", "expires_at"],
                name="coupon_uses_newest_idx",
            ),
            models.Index(  # the same of one coupon, which may have most of the uses there are
                fields=["organization", "coupon", "created_at", "booking"],
                include=["id", "state", "expires_at"],
                name="coupon_uses_of_coupon_idx",
            ),
        ]
        constraints = [
            TenantPrimaryKey(name="coupon_uses_pkey", fields=("organization", "coupon", "booking")),
            models.UniqueConstraint(fields=["organization", "id"], name="coupon_uses_organization_id_id_key"),
            Reference(name="coupon_uses_organization_id_fkey", field="organization"),
            Reference(name="coupon_uses_coupon_id_fkey", field="coupon"),
            Reference(name="coupon_uses_booking_id_fkey", field="booking"),
            Reference(name="coupon_uses_batch_id_fkey", field="batch"),
            SqlCheck(
                name="coupon_uses_state_check",
                condition="CASE state WHEN 'reserved' THEN expires_at IS NOT NULL AND redeemed_at IS NULL"
                " WHEN 'redeemed' THEN expires_at IS NULL AND redeemed_at IS NOT NULL ELSE false END IS TRUE",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="coupon_uses_amount_minor_check"),
        ]

    def __str__(self) -> str:
        return _("%(coupon)s on %(booking)s") % {"coupon": str(self.coupon), "booking": str(self.booking)}


class CouponCounter(records.TenantRecord):
    """How many rows of the ledger a limited coupon has, holds included, and the quota they must stay below.

    A hot coupon has sixteen, each with a share of the quota.
    """

    coupon = TenantForeignKey(Coupon, on_delete=models.CASCADE, related_name="+")
    slot = models.SmallIntegerField(default=0, db_default=0)
    used = models.IntegerField(default=0, db_default=0)
    quota = models.IntegerField()

    class Meta(records.TenantRecord.Meta):
        db_table = "coupon_counters"
        constraints = [
            TenantPrimaryKey(name="coupon_counters_pkey", fields=("organization", "coupon", "slot")),
            Reference(name="coupon_counters_organization_id_fkey", field="organization"),
            Reference(name="coupon_counters_coupon_id_fkey", field="coupon", cascade=True),
            models.CheckConstraint(condition=Q(used__gte=0), name="coupon_counters_used_check"),
        ]

    def __str__(self) -> str:
        return f"{self.used} of {self.quota}"


class CouponBudget(records.TenantRecord):
    """What the rows of a coupon in the ledger took together in `currency`, holds included, and the budget they must stay within.

    Without a currency, or in another one than that of the coupon's limits, it is made anew when it is next needed.
    """

    coupon = TenantForeignKey(Coupon, on_delete=models.CASCADE, related_name="+")
    currency = models.TextField(null=True)
    spent_minor = models.BigIntegerField(default=0, db_default=0)
    budget_minor = models.BigIntegerField()

    class Meta(records.TenantRecord.Meta):
        db_table = "coupon_budgets"
        constraints = [
            TenantPrimaryKey(name="coupon_budgets_pkey", fields=("organization", "coupon")),
            Reference(name="coupon_budgets_organization_id_fkey", field="organization"),
            Reference(name="coupon_budgets_coupon_id_fkey", field="coupon", cascade=True),
            models.CheckConstraint(condition=Q(spent_minor__gte=0), name="coupon_budgets_spent_minor_check"),
        ]

    def __str__(self) -> str:
        return f"{self.spent_minor} of {self.budget_minor}"


class CouponBatchCounter(records.TenantRecord):
    """The same count for the coupons of a batch that share a quota."""

    batch = TenantForeignKey(CouponBatch, on_delete=models.CASCADE, related_name="counter")
    used = models.IntegerField(default=0, db_default=0)
    quota = models.IntegerField()

    class Meta(records.TenantRecord.Meta):
        db_table = "coupon_batch_counters"
        constraints = [
            TenantPrimaryKey(name="coupon_batch_counters_pkey", fields=("organization", "batch")),
            Reference(name="coupon_batch_counters_organization_id_fkey", field="organization"),
            Reference(name="coupon_batch_counters_batch_id_fkey", field="batch", cascade=True),
            models.CheckConstraint(condition=Q(used__gte=0), name="coupon_batch_counters_used_check"),
        ]

    def __str__(self) -> str:
        return f"{self.used} of {self.quota}"


class CouponCustomer(records.TenantRecord):
    """The same count for one customer of a coupon that has a limit for each."""

    coupon = TenantForeignKey(Coupon, on_delete=models.CASCADE, related_name="+")
    customer_key = models.TextField()
    used = models.IntegerField(default=0, db_default=0)

    class Meta(records.TenantRecord.Meta):
        db_table = "coupon_customers"
        constraints = [
            TenantPrimaryKey(name="coupon_customers_pkey", fields=("organization", "coupon", "customer_key")),
            Reference(name="coupon_customers_organization_id_fkey", field="organization"),
            Reference(name="coupon_customers_coupon_id_fkey", field="coupon", cascade=True),
            models.CheckConstraint(condition=Q(used__gte=0), name="coupon_customers_used_check"),
        ]

    def __str__(self) -> str:
        return f"{self.used} by {self.customer_key}"
