"""Everything about a coupon that a judgement needs: what its row and links say, and what the ledger counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final, Literal
from uuid import UUID

Scope = Literal["global", "product", "service", "rent"]
OwnUse = Literal["reserved", "redeemed"]

COUNTED: Final = frozenset(
    {"live_uses", "batch_quota", "batch_uses", "customer_uses", "budget_spent_minor", "own_use", "in_season"}
)
"""Fields that are no terms but what was counted or asked when the coupon was judged."""
VALUE: Final = ("kind", "amount_minor", "currency", "percent", "scope", "max_discount_minor")
"""Fields that say how much is taken from what."""


@dataclass(frozen=True, slots=True)
class Targets:
    """Which products, services or plans; `excluded` always wins."""

    included: frozenset[UUID] = frozenset()
    excluded: frozenset[UUID] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.included or self.excluded)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Columns as in the table of coupons. `limit_currency` is filled: the organization's where the coupon names none.

    `batch_quota` is what all coupons of its batch may be used together, `batch_uses` how often they are.
    `own_use` is the live use or hold that the judged booking has itself: its amount is no part of what is spent of the budget.
    `in_season`: whether every night of the stay lies in one of the seasons, None where nobody could say.
    """

    id: UUID
    created_at: datetime
    code: str = ""
    kind: Literal["amount", "percent", "expression"] = "percent"
    amount_minor: int | None = None
    currency: str | None = None
    percent: Decimal | None = None
    scope: Scope = "global"
    stackable: bool = True
    priority: int = 0
    auto_apply: bool = False

    deleted_at: datetime | None = None
    archived_at: datetime | None = None
    valid_from: datetime | None = None
    expires_at: datetime | None = None

    quota: int | None = None
    max_per_customer: int | None = None
    max_discount_minor: int | None = None
    budget_minor: int | None = None
    min_spend_minor: int | None = None
    limit_currency: str | None = None
    repeat: Literal["once", "limited", "forever"] = "once"
    repeat_count: int | None = None
    repeat_unit: str | None = None

    products: Targets = Targets()
    services: Targets = Targets()
    plans: Targets = Targets()
    plan_scope: Literal["all", "specific"] = "all"
    invitee_mode: Literal["all", "new_users", "existing_users"] = "all"
    renewal_constraint: Literal["any", "first_payment", "renewals"] = "any"

    min_nights: int | None = None
    max_nights: int | None = None
    season_ids: tuple[UUID, ...] = ()
    stay_from: date | None = None
    stay_until: date | None = None
    blackout_dates: tuple[date, ...] = ()
    arrival_weekdays: tuple[int, ...] = ()
    min_lead_days: int | None = None
    max_lead_days: int | None = None

    live_uses: int = 0
    batch_quota: int | None = None
    batch_uses: int = 0
    customer_uses: int = 0
    budget_spent_minor: int = 0
    own_use: OwnUse | None = None
    in_season: bool | None = None

    @property
    def before_taxes(self) -> bool:
        """Whether the discount lowers what taxes are computed from."""
        return self.scope in ("rent", "service")

    @property
    def is_used_up(self) -> bool:
        """As often as it may be used, or as often as the coupons of its batch may be together."""
        own = self.quota is not None and self.live_uses >= self.quota
        return own or (self.batch_quota is not None and self.batch_uses >= self.batch_quota)

    @property
    def budget_left_minor(self) -> int | None:
        return None if self.budget_minor is None else max(0, self.budget_minor - self.budget_spent_minor)

    @property
    def has_money_limit(self) -> bool:
        return (self.min_spend_minor, self.max_discount_minor, self.budget_minor) != (None, None, None)


_KEPT: Final = tuple(field.name for field in fields(Terms) if field.name not in COUNTED)
_kept = attrgetter(*_KEPT)


def stated_order(terms: Terms) -> tuple[int, bool, datetime, UUID]:
    """Smallest first: the greatest `priority`, then percentages before amounts, the oldest, the id."""
    return -terms.priority, terms.kind != "percent", terms.created_at, terms.id


def snapshot(terms: Terms) -> dict[str, Any]:
    """What a use remembers of the terms it was made under, as JSON-able values; what says nothing is left out."""
    kept = zip(_KEPT, _kept(terms), strict=True)
    said = ((name, _plain(value)) for name, value in kept if value is not None and value != ())
    return {name: value for name, value in said if value != {}}


def counted(terms: Terms, **found: Any) -> Terms:
    """The terms with what was counted or asked; as they are where they say so already, because a copy of so many fields is dear."""
    told = any(getattr(terms, name) != value for name, value in found.items())
    return replace(terms, **found) if told else terms


def as_granted(terms: Terms, kept: Mapping[str, Any]) -> Terms:
    """The value and its base as a snapshot kept them: what a hold promised is what its redemption takes."""
    value: dict[str, Any] = {name: kept.get(name) for name in VALUE}
    if value["percent"] is not None:
        value["percent"] = Decimal(value["percent"])
    value |= {name: _targets(kept.get(name, {})) for name in ("products", "services")}
    return replace(terms, **value)


def _targets(kept: Mapping[str, list[str]]) -> Targets:
    return Targets(*(frozenset(map(UUID, kept.get(side, ()))) for side in ("included", "excluded")))


def _plain(value: Any) -> Any:
    match value:
        case Targets():
            both = {"included": sorted(value.included, key=str), "excluded": sorted(value.excluded, key=str)}
            return {name: ids for name, ids in both.items() if ids}
        case tuple():
            return list(value)
    return value
