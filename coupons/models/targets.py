"""What a coupon is for: each row includes a product, service or plan, or excludes it."""

from __future__ import annotations

from typing import Any

from django.db import models

from bookingoffice import records
from bookingoffice.database.keys import Reference, TenantForeignKey, TenantPrimaryKey
from bookingoffice.references.models import Plan, Product, Service
from coupons.models.coupon import Coupon


def link_constraints(table: str, target: str) -> list[Any]:
    """The pair is the key, as on the wire; `id` is unique beside it. A deleted product or service takes its links along."""
    return [
        TenantPrimaryKey(name=f"{table}_pkey", fields=("organization", "coupon", target)),
        models.UniqueConstraint(fields=["organization", "id"], name=f"{table}_organization_id_id_key"),
        Reference(name=f"{table}_organization_id_fkey", field="organization"),
        Reference(name=f"{table}_coupon_id_fkey", field="coupon", cascade=True),
        Reference(name=f"{table}_{target}_id_fkey", field=target, cascade=True),
    ]


class CouponProduct(records.TenantRecord):
    coupon = TenantForeignKey(Coupon, on_delete=models.CASCADE, related_name="product_targets")
    product = TenantForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    excluded = models.BooleanField(default=False, db_default=False)

    class Meta(records.TenantRecord.Meta):
        db_table = "coupon_products"
        verbose_name = "product"
        constraints = link_constraints("coupon_products", "product")

    def __str__(self) -> str:
        return f"{'without' if self.excluded else 'for'} {self.product}"


class CouponService(records.TenantRecord):
    coupon = TenantForeignKey(Coupon, on_delete=models.CASCADE, related_name="service_targets")
    service = TenantForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    excluded = models.BooleanField(default=False, db_default=False)

    class Meta(records.TenantRecord.Meta):
        db_table = "coupon_services"
        verbose_name = "service"
        constraints = link_constraints("coupon_services", "service")

    def __str__(self) -> str:
        return f"{'without' if self.excluded else 'for'} {self.service}"


class CouponPlan(records.TenantRecord):
    coupon = TenantForeignKey(Coupon, on_delete=models.CASCADE, related_name="plan_targets")
    plan = TenantForeignKey(Plan, on_delete=models.CASCADE, related_name="+")
    excluded = models.BooleanField(default=False, db_default=False)

    class Meta(records.TenantRecord.Meta):
        db_table = "coupon_plans"
        verbose_name = "plan"
        constraints = link_constraints("coupon_plans", "plan")

    def __str__(self) -> str:
        return f"{'without' if self.excluded else 'for'} {self.plan}"
