"""The terms of a coupon as its form stands, saved or not: what the sentence and the try-out speak of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from bookingoffice.accounts.models import Organization
from coupons.admin.forms import MONEY, PLAIN
from coupons.admin.targets import EXCEPT
from coupons.models import Coupon
from coupons.services.trying import new_terms, saved_terms
from coupons.terms import Targets, Terms

LISTS: Final = ("blackout_dates", "arrival_weekdays")
TOLD: Final = tuple(
    name for name in PLAIN if name not in ("name", "description", "season_ids", "limit_currency", "hot", *LISTS)
)


@dataclass(frozen=True)
class Typed:
    terms: Terms
    unfinished: tuple[str, ...] = ()
    """Labels of fields whose value does not count yet."""


def typed_terms(organization: Organization, coupon: Coupon | None, form: Any, moment: datetime) -> Typed:
    """What is right in the form, over what is kept; a form that nobody has sent says what is kept."""
    kept = saved_terms(organization, coupon.pk, moment) if coupon else new_terms(organization, moment)
    if not form.is_bound:
        return Typed(kept)
    wrong = {name for name in form.errors if name in form.fields}
    unfinished = tuple(str(form.fields[name].label) for name in form.fields if name in wrong)
    return Typed(replace(kept, **dict(_given(organization, form, kept))), unfinished)


def _given(organization: Organization, form: Any, kept: Terms) -> Iterator[tuple[str, Any]]:
    given: dict[str, Any] = form.cleaned_data
    yield from ((name, given[name]) for name in TOLD if name in given)
    yield from ((name, tuple(given[name] or ())) for name in LISTS if name in given)
    yield from ((column, form.minors[column]) for field, column in MONEY.items() if field in given)
    yield from _value(given, form)
    if "season_ids" in given:
        yield "season_ids", tuple(map(UUID, given["season_ids"]))
    if "limit_currency" in given:
        yield "limit_currency", given["limit_currency"] or organization.currency
    for field, left_out in EXCEPT.items():
        before: Targets = getattr(kept, field)
        included = frozenset(row.pk for row in given[field]) if field in given else before.included
        excluded = frozenset(row.pk for row in given[left_out]) if left_out in given else before.excluded
        yield field, Targets(included, excluded)
    if "plans" in given:
        yield "plan_scope", "specific" if given["plans"] else "all"


def _value(given: dict[str, Any], form: Any) -> Iterator[tuple[str, Any]]:
    """What belongs to another kind does not count, however it was left there."""
    kind = given.get("kind")
    if kind is None:
        return
    yield "kind", kind
    yield "percent", given.get("percent") if kind == "percent" else None
    yield "amount_minor", form.amount_minor if kind == "amount" else None
    yield "currency", given.get("currency") or None if kind == "amount" else None
