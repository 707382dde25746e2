"""Which coupons the dialect can tell of, and everything it tells of one, in a single statement for however many."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, TypedDict, cast
from uuid import UUID

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    Expression,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)  # fmt: skip
from django.db.models.functions import Cast, Coalesce

from bookingoffice.money import EXPONENTS
from coupons.models import Coupon, CouponPlan, CouponUse
from coupons.querysets import CouponQuerySet, live

TOLD: Final = (
    "id", "code", "name", "description", "kind", "percent", "amount_minor", "currency", "auto_apply", "invitee_mode",
    "renewal_constraint", "payment_count_comparator", "lifetime_revenue_comparator",
)  # fmt: skip
COUNTED: Final = ("status", "limited_to_plans", "total_redemptions", "total_reservations", "created", "metadata_text")


class Told(TypedDict):
    """One coupon as `told` reads it. `created` is written already: PostgreSQL's calendar is longer than Python's."""

    id: UUID
    code: str
    name: str
    description: str | None
    kind: str
    percent: Decimal | None
    amount_minor: int | None
    currency: str | None
    auto_apply: bool
    invitee_mode: str
    renewal_constraint: str
    payment_count_comparator: str
    lifetime_revenue_comparator: str
    status: str
    limited_to_plans: bool
    total_redemptions: int
    total_reservations: int
    created: str
    metadata_text: str


def visible(organization_id: UUID | Expression) -> CouponQuerySet:
    """Not deleted, and worth one percentage or one amount of a currency whose decimals are known."""
    simple = Q(kind="percent") | Q(kind="amount", currency__in=sorted(EXPONENTS))
    found: CouponQuerySet = Coupon.objects.of(organization_id).filter(simple, deleted_at=None)
    return found


def with_facts(coupons: CouponQuerySet, moment: datetime | Expression) -> CouponQuerySet:
    """Adds what no column says by itself, `COUNTED`."""
    annotated: CouponQuerySet = coupons.annotate(
        status=_status(moment),
        limited_to_plans=limited_to_plans(),
        total_redemptions=_uses(Q(state="redeemed")),
        total_reservations=_uses(live(moment), state="reserved"),
        created=_written(F("created_at")),
        metadata_text=Cast("metadata", TextField()),
    )
    return annotated


def told(coupons: CouponQuerySet) -> QuerySet[Any, Told]:
    """Of coupons `with_facts`: their values, so that no column is read that nobody is told of."""
    return cast("QuerySet[Any, Told]", coupons.values(*TOLD, *COUNTED))


def metadata_of(coupon: Told) -> Any:
    return json.loads(coupon["metadata_text"], parse_float=Decimal)


def limited_to_plans() -> Case:
    """Whoever set the limits. Excluded plans are none: the dialect cannot tell of them, though they are enforced."""
    return Case(
        When(plan_scope="specific", then=Value(True)),
        default=Exists(plan_links().filter(excluded=False)),
        output_field=BooleanField(),
    )


def plan_links() -> Any:
    """The plans of the coupon of the outer statement."""
    return CouponPlan.objects.filter(organization_id=OuterRef("organization_id"), coupon_id=OuterRef("id"))


def _status(moment: datetime | Expression) -> Case:
    """A coupon that is used up, or has not begun, is active here: the vendor has three states."""
    return Case(
        When(archived_at__isnull=False, then=Value("archived")),
        When(expires_at__lte=moment, then=Value("expired")),
        default=Value("active"),
        output_field=TextField(),
    )


def _uses(*conditions: Q, **values: str) -> Coalesce:
    """How many rows of the ledger."""
    uses = CouponUse.objects.filter(
        *conditions, organization_id=OuterRef("organization_id"), coupon_id=OuterRef("id"), **values
    )
    counted = uses.order_by().values("coupon_id").annotate(number=Count("*")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def _written(instant: F) -> Func:
    """UTC with three decimals: 2027-03-08T06:00:00.000Z."""
    utc = Func(Value("UTC"), instant, function="timezone", output_field=TextField())
    return Func(utc, Value('YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), function="to_char", output_field=TextField())
