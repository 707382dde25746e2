"""Coupons read back as sentences: however many of them, in the same few statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.apps import apps

from bookingoffice.accounts.models import Organization
from bookingoffice.localized import choose_text
from bookingoffice.references.models import Plan, Product, Service
from coupons.facts import Asked, gather, zone_of
from coupons.sentence import sentence
from coupons.stay_clauses import Names
from coupons.terms import Terms

COLUMNS: Final = ((Product, "name"), (Service, "label"))


def sentences(organization: Organization, coupon_ids: Sequence[UUID], *, moment: datetime) -> dict[UUID, str]:
    """By coupon. What a coupon may still be used is told as it is at the moment."""
    found = gather(organization, [Asked(coupon_id) for coupon_id in coupon_ids], moment=moment).terms
    names, zone = names_in(organization, found.values()), zone_of(organization)
    return {coupon_id: sentence(terms, names, zone) for coupon_id, terms in found.items()}


def names_in(organization: Organization, terms: Iterable[Terms]) -> Names:
    """Of the products, services, plans and seasons that the terms name; no statement for what none of them names."""
    listed = list(terms)
    lang = organization.default_language
    names: dict[UUID, str] = {}
    for model, column in (*COLUMNS, (apps.get_model("seasons", "Season"), "name")):
        rows = _rows(organization, model, _named(listed, model._meta.model_name), column)
        names |= {key: choose_text(text, lang) for key, text in rows}
    names |= dict(_rows(organization, Plan, _named(listed, "plan"), "name"))
    return names


def _named(terms: list[Terms], what: str | None) -> set[UUID]:
    if what == "season":
        return {season_id for one in terms for season_id in one.season_ids}
    targets = [getattr(one, f"{what}s") for one in terms]
    return {target_id for one in targets for target_id in one.included | one.excluded}


def _rows(organization: Organization, model: Any, ids: set[UUID], column: str) -> Iterable[tuple[UUID, Any]]:
    """The seasons' app is asked by its name: the two do not know each other."""
    if not ids:
        return ()
    rows = model._default_manager.of(organization.pk).filter(pk__in=ids)
    found: Iterable[tuple[UUID, Any]] = rows.values_list("pk", column)
    return found
