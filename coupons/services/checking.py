"""Whether the counters and budgets say what the ledger says. Every uses' row is read: for an operator, not for a request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from django.db import transaction
from psycopg import sql

from bookingoffice.accounts.models import Organization
from bookingoffice.database.rows import execute
from bookingoffice.database.scope import tenant_scope
from coupons import ledger
from coupons.models import CouponBatch

DRIFT: Final = """
WITH uses AS MATERIALIZED (
    SELECT coupon_id, slot, batch_id, customer_key, currency, count(*) AS number, coalesce(sum(amount_minor), 0) AS amount,
        coalesce(sum(amount_minor) FILTER (WHERE state = 'redeemed' OR expires_at > %(moment)s), 0) AS live_amount,
        count(*) FILTER (WHERE state = 'redeemed' OR expires_at > %(moment)s) AS live
    FROM coupon_uses WHERE organization_id = %(organization_id)s GROUP BY coupon_id, slot, batch_id, customer_key, currency
), slots AS (
    SELECT coupon_id, slot, sum(number) AS number FROM uses GROUP BY coupon_id, slot
), laid AS (
    SELECT coupon_id, sum(quota) AS quota, sum(used) AS used FROM coupon_counters
    WHERE organization_id = %(organization_id)s GROUP BY coupon_id
), found AS (
    SELECT 'slot' AS what, coupon_id, NULL::uuid AS batch_id, counters.slot::text AS detail, counters.used AS stored,
        coalesce(slots.number, 0) AS counted
    FROM coupon_counters AS counters LEFT JOIN slots USING (coupon_id, slot)
    WHERE counters.organization_id = %(organization_id)s
    UNION ALL
    SELECT 'slot', coupon_id, NULL, slots.slot::text, 0, slots.number FROM slots JOIN laid USING (coupon_id)
    WHERE NOT EXISTS (
        SELECT FROM coupon_counters AS counters WHERE counters.organization_id = %(organization_id)s
        AND counters.coupon_id = slots.coupon_id AND counters.slot = slots.slot)
    UNION ALL
    SELECT 'quota', coupons.id, NULL, NULL, laid.quota, greatest(coupons.quota, laid.used)
    FROM coupons JOIN laid ON laid.coupon_id = coupons.id WHERE coupons.organization_id = %(organization_id)s
    UNION ALL
    SELECT 'over', coupons.id, NULL, NULL, coupons.quota, greatest(coupons.quota, sum(uses.live))
    FROM coupons JOIN uses ON uses.coupon_id = coupons.id
    WHERE coupons.organization_id = %(organization_id)s AND coupons.quota IS NOT NULL GROUP BY coupons.id, coupons.quota
    UNION ALL
    SELECT 'spent', coupon_id, NULL, NULL, budgets.spent_minor, coalesce(sum(uses.amount), 0)
    FROM coupon_budgets AS budgets LEFT JOIN uses USING (coupon_id, currency)
    WHERE budgets.organization_id = %(organization_id)s AND budgets.currency IS NOT NULL GROUP BY coupon_id, budgets.spent_minor
    UNION ALL
    SELECT 'budget', coupons.id, NULL, NULL, budgets.budget_minor, coupons.budget_minor
    FROM coupon_budgets AS budgets
    JOIN coupons ON coupons.organization_id = budgets.organization_id AND coupons.id = budgets.coupon_id
    WHERE budgets.organization_id = %(organization_id)s
    UNION ALL
    SELECT 'overspent', coupons.id, NULL, NULL, coupons.budget_minor, greatest(coupons.budget_minor, sum(uses.live_amount))
    FROM coupons JOIN organizations ON organizations.id = coupons.organization_id
    JOIN uses ON uses.coupon_id = coupons.id AND uses.currency = coalesce(coupons.limit_currency, organizations.currency)
    WHERE coupons.organization_id = %(organization_id)s AND coupons.budget_minor IS NOT NULL
    GROUP BY coupons.id, coupons.budget_minor
    UNION ALL
    SELECT 'batch', NULL, counters.batch_id, NULL, counters.used, coalesce(sum(uses.number), 0)
    FROM coupon_batch_counters AS counters LEFT JOIN uses ON uses.batch_id = counters.batch_id
    WHERE counters.organization_id = %(organization_id)s GROUP BY counters.batch_id, counters.used
    UNION ALL
    SELECT 'over', NULL, batches.id, NULL, batches.quota, greatest(batches.quota, sum(uses.live))
    FROM coupon_batches AS batches JOIN uses ON uses.batch_id = batches.id
    WHERE batches.organization_id = %(organization_id)s AND batches.quota IS NOT NULL GROUP BY batches.id, batches.quota
    UNION ALL
    SELECT 'customer', counters.coupon_id, NULL, counters.customer_key, counters.used, coalesce(sum(uses.number), 0)
    FROM coupon_customers AS counters
    LEFT JOIN uses ON uses.coupon_id = counters.coupon_id AND uses.customer_key = counters.customer_key
    WHERE counters.organization_id = %(organization_id)s GROUP BY counters.coupon_id, counters.customer_key, counters.used
)
SELECT what, coupon_id, batch_id, detail, stored, counted FROM found WHERE stored IS DISTINCT FROM counted
ORDER BY coupon_id NULLS LAST, batch_id, what, detail
"""

What = Literal["slot", "quota", "over", "spent", "budget", "overspent", "batch", "customer"]
SENTENCES: Final[dict[What, str]] = {
    "slot": "slot {0.detail} counts {0.stored} uses, the ledger has {0.counted}",
    "quota": "the counters hold to a quota of {0.stored}, the coupon's is {0.counted}",
    "over": "there are {0.counted} live uses, the limit is {0.stored}",
    "spent": "the budget has {0.stored} spent, the ledger {0.counted}, in minor units",
    "budget": "the ledger holds to a budget of {0.stored}, the coupon's is {0.counted}, in minor units",
    "overspent": "live uses took {0.counted}, the budget is {0.stored}, in minor units",
    "batch": "counts {0.stored} uses, the ledger has {0.counted}",
    "customer": "customer {0.detail} is counted {0.stored} times, the ledger has {0.counted}",
}


@dataclass(frozen=True, slots=True)
class Drift:
    """One counter that is wrong, or one limit that is exceeded. `detail` is the slot or the customer."""

    what: What
    coupon_id: UUID | None
    batch_id: UUID | None
    detail: str | None
    stored: int
    counted: int

    def __str__(self) -> str:
        subject = f"coupon {self.coupon_id}" if self.coupon_id else f"batch {self.batch_id}"
        return f"{subject}: {SENTENCES[self.what].format(self)}"


@transaction.atomic
def drift(organization: Organization, moment: datetime) -> list[Drift]:
    """Empty where every counter is right; one statement, so what happens meanwhile does not show."""
    found = execute(sql.SQL(DRIFT), organization_id=organization.pk, moment=moment)
    return [
        Drift(what, coupon_id, batch_id, detail, int(stored), int(counted))
        for what, coupon_id, batch_id, detail, stored, counted in found
    ]


def repair(organization: Organization, wrong: Sequence[Drift], moment: datetime) -> None:
    """Counts anew what was found, through the ledger's door. Refuses where there are more uses than the limit.

    The coupons and each batch are acts of their own: who redeems has a coupon in hands, and its batch, before any counter.
    """
    coupon_ids = sorted({one.coupon_id for one in wrong if one.coupon_id})
    with tenant_scope(organization.pk):
        ledger.recount(organization.pk, coupon_ids, moment)
    for batch_id in sorted({one.batch_id for one in wrong if one.batch_id}):
        with tenant_scope(organization.pk):
            _repair_batch(organization, batch_id, moment)


def _repair_batch(organization: Organization, batch_id: UUID, moment: datetime) -> None:
    kept = CouponBatch.objects.of(organization.pk).filter(id=batch_id)
    for quota in kept.values_list("quota", flat=True):
        ledger.set_batch_quota(organization.pk, batch_id, quota, moment)
