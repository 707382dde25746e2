"""Facts about many coupons at once; each has a twin on the model, and a test holds the two together."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    Expression,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from bookingoffice import records

MOST_USES_FOUND = 200


def live(moment: datetime | Expression) -> Q:
    """A redeemed use, or a hold whose deadline has not come."""
    return Q(state="redeemed") | Q(expires_at__gt=moment)


class CouponQuerySet(records.TenantQuerySet):
    def with_live_uses(self, moment: datetime) -> Self:
        """Adds `live_uses`, counted from the ledger in the same statement."""
        from coupons.models.ledger import CouponUse  # the ledger's model names this one

        uses = CouponUse.objects.filter(
            live(moment), organization_id=OuterRef("organization_id"), coupon_id=OuterRef("id")
        )
        counted = uses.order_by().values("coupon_id").annotate(number=Count("*")).values("number")
        return self.annotate(live_uses=Coalesce(Subquery(counted, output_field=IntegerField()), Value(0)))

    def with_state(self, moment: datetime) -> Self:
        """Adds `live_uses` and `state`: deleted, archived, expired, exhausted, scheduled, active; the highest that holds."""
        cases = [
            When(deleted_at__isnull=False, then=Value("deleted")),
            When(archived_at__isnull=False, then=Value("archived")),
            When(expires_at__lte=moment, then=Value("expired")),
            When(quota__isnull=False, live_uses__gte=F("quota"), then=Value("exhausted")),
            When(valid_from__gt=moment, then=Value("scheduled")),
        ]
        return self.with_live_uses(moment).annotate(
            state=Case(*cases, default=Value("active"), output_field=TextField())
        )


class CouponManager(records.TenantManager.from_queryset(CouponQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> Any:
        return super().get_queryset()


def coupons_naming_seasons(organization_id: UUID, ids: Collection[UUID]) -> list[str]:
    """Codes of coupons, not deleted, whose stays must fall in one of these seasons."""
    from coupons.models.coupon import Coupon  # this manager's own model

    naming = Coupon.objects.of(organization_id).filter(deleted_at=None, season_ids__overlap=list(ids))
    noun = _("coupon")
    return [f"{noun} {code}" for code in naming.order_by("code").values_list("code", flat=True)]


def coupons_by_code(organization_id: UUID, code: str) -> dict[str, list[UUID]]:
    """For the history: coupons of this code in any spelling, those that are deleted too, and the latest of their uses."""
    from coupons.models import Coupon, CouponUse  # this manager's own models

    key = Func(Value(code), function="public.coupon_code_key", output_field=TextField())
    # Those that are there and those that are deleted have an index each.
    spelled = Q(code_key=key, deleted_at=None) | Q(code_key=key, deleted_at__isnull=False)
    coupons = list(Coupon.objects.of(organization_id).filter(spelled).values_list("id", flat=True))
    uses = CouponUse.objects.of(organization_id).filter(coupon_id__in=coupons).order_by("-created_at", "-id")
    found = list(uses.values_list("id", flat=True)[:MOST_USES_FOUND]) if coupons else []
    return {"coupons": coupons, "coupon_uses": found}
