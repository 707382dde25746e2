"""From a valid body to the services. Only columns that the dialect owns are named, and only those that were sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, Q

from bookingoffice.accounts.models import Organization
from bookingoffice.audit.actors import Actor
from bookingoffice.money import major_to_minor
from bookingoffice.references.models import Plan
from coupons import services
from coupons.api.botsubscription.shown import plan_links, visible
from coupons.api.botsubscription.wire import MOST_PLANS, Plans
from coupons.models import CouponPlan
from coupons.refusals import in_words

COLUMNS: Final = {
    "code": "code",
    "display_name": "name",
    "description": "description",
    "auto_apply": "auto_apply",
    "invitee_mode": "invitee_mode",
    "renewal_constraint": "renewal_constraint",
    "payment_count_comparator": "payment_count_comparator",
    "lifetime_revenue_comparator": "lifetime_revenue_comparator",
    "metadata": "metadata",
    "max_redemptions": "quota",
    "valid_from": "valid_from",
    "valid_until": "expires_at",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What a change asks of a coupon, which is locked until the transaction ends."""

    id: UUID
    kind: str
    currency: str | None
    archived: bool
    limited: bool


def standing(organization_id: UUID, coupon_id: UUID) -> Standing | None:
    locked = visible(organization_id).filter(pk=coupon_id).select_for_update(no_key=True)
    facts = locked.annotate(
        archived=Q(archived_at__isnull=False), limited=Exists(plan_links().filter(excluded=False))
    ).values("id", "kind", "currency", "archived", "limited")
    found = facts.first()
    return Standing(**found) if found else None


def plans_of(organization_id: UUID, body: Mapping[str, Any], coupon: Standing | None = None) -> Plans:
    """Facts about the plans that the body names, in two statements; a list that is too long is not looked up."""
    named = _named_plans(body.get("plan_ids"))
    known = Plan.objects.of(organization_id).filter(pk__in=named).values_list("pk", flat=True) if named else ()
    links = CouponPlan.objects.of(organization_id).filter(plan_id__in=named, excluded=True)
    excluded = links.filter(coupon_id=coupon.id).values_list("plan_id", flat=True) if coupon and named else ()
    return Plans(frozenset(known), frozenset(excluded), limited=coupon is not None and coupon.limited)


def create(organization: Organization, values: Mapping[str, Any], *, actor: Actor, moment: datetime) -> UUID:
    row = _row(values, values.get("currency"))
    if values.get("status") == "archived":
        row["archived_at"] = moment
    with in_words():
        [coupon_id] = services.create_coupons(organization, [row], actor=actor, moment=moment)
    _set_plans(organization, coupon_id, values, actor=actor, moment=moment)
    return coupon_id


def change(
    organization: Organization, coupon: Standing, values: Mapping[str, Any], *, actor: Actor, moment: datetime
) -> None:
    row = _row(values, coupon.currency)
    with in_words():
        if row:
            services.change_coupons(organization, [coupon.id], row, actor=actor, moment=moment)
        if "status" in values:
            archived = values["status"] == "archived"
            services.archive_coupons(organization, [coupon.id], archived=archived, actor=actor, moment=moment)
    _set_plans(organization, coupon.id, values, actor=actor, moment=moment)


def delete(organization: Organization, coupon: Standing, *, actor: Actor, moment: datetime) -> None:
    """The row stays, for its uses and its history; no door of programs shows it as a coupon any more."""
    services.change_coupons(organization, [coupon.id], {"deleted_at": moment}, actor=actor, moment=moment)


def _row(values: Mapping[str, Any], currency: str | None) -> dict[str, Any]:
    row = {column: values[name] for name, column in COLUMNS.items() if name in values}
    if "valid_until" in values:
        row["expires_text"] = None
    if "percentage" in values:
        row |= {"kind": "percent", "percent": values["percentage"]}
    if "amount" in values and currency:
        row |= {"kind": "amount", "amount_minor": major_to_minor(values["amount"], currency), "currency": currency}
    if scope := "specific" if values.get("plan_ids") else values.get("plan_scope"):
        row["plan_scope"] = scope
    return row


def _set_plans(
    organization: Organization, coupon_id: UUID, values: Mapping[str, Any], *, actor: Actor, moment: datetime
) -> None:
    """Excluded plans are staff's alone and stay."""
    if "plan_ids" not in values and values.get("plan_scope") != "all":
        return
    included = set(values.get("plan_ids", ()))
    services.set_targets(organization, coupon_id, "plan", included, actor=actor, moment=moment)


def _named_plans(given: object) -> set[UUID]:
    """What is no id is found faulty elsewhere."""
    named = set()
    for text in given if isinstance(given, list) and len(given) <= MOST_PLANS else ():
        try:
            named.add(UUID(text if isinstance(text, str) else ""))
        except ValueError:
            continue
    return named
