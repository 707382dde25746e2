"""From what was sent to the columns that this dialect owns, and the acts that write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Func, TextField, Value

from bookingoffice.accounts.models import Organization
from bookingoffice.audit.actors import Actor
from coupons import services
from coupons.api.fynn.errors import Violation
from coupons.api.fynn.fields import atom
from coupons.api.fynn.references import still_there
from coupons.models import Coupon, Repeat, RepeatUnit, ScopeOfDiscount
from coupons.models.coupon import PlanScope
from coupons.refusals import in_words

Values = Mapping[str, Any]
FOLLOWING: Final = (ScopeOfDiscount.GLOBAL, ScopeOfDiscount.PRODUCT)
"""Scopes that `limitedToProducts` moves a coupon between; the others stay."""


def create(organization: Organization, values: Values, *, actor: Actor, moment: datetime) -> UUID:
    """What this dialect does not own takes its default."""
    archived_at = None if values["isEnabled"] else moment
    row = {**columns(values), "scope": scope_of(values), "archived_at": archived_at}
    with in_words(), still_there(organization.pk, values):
        [coupon_id] = services.create_coupons(organization, [row], actor=actor, moment=moment)
        _point(organization, coupon_id, values, actor=actor, moment=moment)
    return coupon_id


def replace(organization: Organization, coupon: Coupon, values: Values, *, actor: Actor, moment: datetime) -> None:
    row = {**columns(values), **_reach(coupon, values, moment)}
    for names in _unchanged(coupon, values, row):
        for name in names:
            del row[name]
    with in_words(), still_there(organization.pk, values):
        services.change_coupons(organization, [coupon.pk], row, actor=actor, moment=moment)
        _point(organization, coupon.pk, values, actor=actor, moment=moment)


def delete(organization: Organization, coupon: Coupon, *, actor: Actor, moment: datetime) -> None:
    services.change_coupons(organization, [coupon.pk], {"deleted_at": moment}, actor=actor, moment=moment)


def columns(values: Values) -> dict[str, Any]:
    limited = values["frequency"] == Repeat.LIMITED
    return {
        "code": values["code"],
        "code_generated": False,
        "name": values["name"],
        **_value(values),
        "repeat": values["frequency"],
        "repeat_count": values["frequencyInterval"],
        "repeat_unit": RepeatUnit.BILLING_PERIOD if limited else None,
        "max_per_customer": values["maxRedemptionsPerCustomer"],
        "quota": values["maxRedemptions"],
        "expires_at": values["expiresAt"],
        "expires_text": None,
    }


def scope_of(values: Values) -> str:
    return ScopeOfDiscount.PRODUCT if values["limitedToProducts"] else ScopeOfDiscount.GLOBAL


def code_taken(organization_id: UUID, code: str, *, by_others_than: UUID | None = None) -> list[Violation]:
    """Asked only to name this fault beside others; in a write the database's own constraint decides."""
    key = Func(Value(code), function="public.coupon_code_key", output_field=TextField())
    others = Coupon.objects.of(organization_id).filter(deleted_at=None, code_key=key).exclude(pk=by_others_than)
    return [Violation("code", "code_taken", "Another coupon has this code.")] if others.exists() else []


def _value(values: Values) -> dict[str, Any]:
    amount_minor, currency = values["fixedAmount"] or (None, None)
    return {
        "kind": values["type"],
        "amount_minor": amount_minor,
        "currency": currency,
        "percent": values["percentage"],
    }


def _reach(coupon: Coupon, values: Values, moment: datetime) -> dict[str, Any]:
    scope = {"scope": scope_of(values)} if coupon.scope in FOLLOWING else {}
    scope |= {"plan_scope": PlanScope.ALL} if _lifts_limit_to_plans(coupon, values) else {}
    if values["isEnabled"] == (coupon.archived_at is None):
        return scope
    return {**scope, "archived_at": None if values["isEnabled"] else moment}


def _lifts_limit_to_plans(coupon: Coupon, values: Values) -> bool:
    """Of plans that this dialect shows: a coupon that is for specific plans and has none, because they were deleted, stays so,
    or a body copied from an answer would open it to every plan."""
    shown = any(not link.excluded for link in coupon.plan_targets.all())
    return coupon.plan_scope == PlanScope.SPECIFIC and shown and not values["limitedToPlans"]


def _unchanged(coupon: Coupon, values: Values, row: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Groups of columns that already say what was sent: these stay as they were given elsewhere, to the text of a
    deadline, the unit of a duration and the shape of a definition."""
    value, repeat = ("kind", "amount_minor", "currency", "percent"), ("repeat", "repeat_count")
    same: list[tuple[str, ...]] = []
    if all(getattr(coupon, name) == row[name] for name in value):
        same.append(value)
    if all(getattr(coupon, name) == row[name] for name in repeat):
        same.append((*repeat, "repeat_unit"))
    if _printed(coupon.expires_at) == _printed(values["expiresAt"]):
        same.append(("expires_at", "expires_text"))
    return same


def _printed(moment: datetime | None) -> str | None:
    return atom(moment) if moment else None


def _point(organization: Organization, coupon_id: UUID, values: Values, *, actor: Actor, moment: datetime) -> None:
    for target, ours in (("plan", "Plans"), ("product", "Products")):
        included, excluded = values[f"limitedTo{ours}"], values[f"excludedFrom{ours}"]
        services.set_targets(
            organization,
            coupon_id,
            target,  # type: ignore[arg-type]
            included,
            excluded=excluded,
            actor=actor,
            moment=moment,
        )
