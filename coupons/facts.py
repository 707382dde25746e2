"""What the database knows of coupons and of bookings, as terms and carts: one statement for however many of each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from bookingoffice.accounts.models import Organization
from bookingoffice.database.backend.moments import nearest_day, read_instant
from bookingoffice.database.batches import Query
from bookingoffice.database.jsontext import json_text
from bookingoffice.database.pipeline import row_of
from bookingoffice.database.rows import Row, query
from coupons.carts import NOBODY, Cart, Customer, Held, Line
from coupons.database.facts import COUPON_COLUMNS
from coupons.terms import OwnUse, Targets, Terms, counted

MOST_AUTOMATIC: Final = 100
"""Automatic coupons that one quote looks at, the oldest first."""

GATHER: Final = """
SELECT public.coupon_facts(%(organization_id)s, %(rows)s::json, %(moment)s, %(lock)s, %(automatic)s, %(customer)s::json)
"""
GATHER_ONE: Final = """
SELECT public.coupon_facts_of_one(%(organization_id)s::uuid, %(coupon)s::uuid, %(booking)s::uuid,
    %(customer)s::text, %(customer_id)s::text, %(customer_email)s::text, %(moment)s::timestamptz)
"""
_COUNTED: Final = ("live_uses", "batch_quota", "batch_uses", "budget_spent_minor")
_INSTANTS: Final = ("created_at", "deleted_at", "archived_at", "valid_from", "expires_at")
_DAYS: Final = ("stay_from", "stay_until")


@dataclass(frozen=True, slots=True)
class Asked:
    """A coupon by its id or its code, and the booking or the customer it is asked for."""

    coupon_id: UUID | None = None
    code: str | None = None
    booking_id: UUID | None = None
    customer: Customer = NOBODY

    def row(self) -> Row:
        who = {"customer": self.customer.key, "customer_id": self.customer.id, "customer_email": self.customer.email}
        return {"coupon_id": self.coupon_id, "code": self.code, "booking_id": self.booking_id, **who}


@dataclass(frozen=True, slots=True)
class Pair:
    """One answer to what was asked. None where there is no such coupon or booking; `image` is the use that is there, live or not.

    `customer` is the ledger's spelling; `place` counts from 1 and is None for a coupon that came by itself.
    """

    place: int | None
    coupon_id: UUID | None
    booking_id: UUID | None
    customer: str | None
    own_use: OwnUse | None
    image: Mapping[str, Any] | None
    customer_uses: int

    @property
    def own_amount_minor(self) -> int:
        """What its own live use takes."""
        return int((self.image or {}).get("amount_minor") or 0) if self.own_use else 0

    def own_amount_in(self, currency: str | None) -> int:
        """What of it a budget in this currency has counted already."""
        return self.own_amount_minor if (self.image or {}).get("currency") == currency else 0


@dataclass(frozen=True, slots=True)
class Facts:
    pairs: tuple[Pair, ...]
    terms: Mapping[UUID, Terms]
    carts: Mapping[UUID, Cart]

    def terms_of(self, pair: Pair) -> Terms | None:
        """The coupon's terms as this booking sees them: its own live use, if it has one, took nothing from the budget."""
        found = self.terms.get(pair.coupon_id) if pair.coupon_id else None
        if found is None:
            return None
        return counted(
            found,
            own_use=pair.own_use,
            customer_uses=pair.customer_uses,
            budget_spent_minor=found.budget_spent_minor - pair.own_amount_in(found.limit_currency),
        )


def gather(
    organization: Organization,
    asked: Sequence[Asked],
    *,
    moment: datetime,
    lock: bool = False,
    automatic: bool = False,
    customer: Customer = NOBODY,
) -> Facts:
    """One statement. With `automatic`, coupons that apply by themselves at the moment come along, counted for this customer.

    With `lock`, what is read of these bookings and of shared budgets stays true until the transaction ends.
    """
    if lock and not automatic and _is_one(asked):
        asking = _asking_one(organization.pk, asked[0], moment)
    else:
        asking = query(
            GATHER,
            organization_id=organization.pk,
            rows=[one.row() for one in asked],
            moment=moment,
            lock=lock,
            automatic=MOST_AUTOMATIC if automatic else 0,
            customer=json_text(Asked(customer=customer).row()),
        )
    [text] = row_of(asking)
    found = json.loads(text or b"", parse_float=Decimal)
    terms = [_terms(row, organization) for row in found["coupons"]]
    zone = zone_of(organization)
    return Facts(
        pairs=tuple(map(_pair, found["pairs"])),
        terms={one.id: one for one in terms},
        carts={UUID(row["id"]): _cart(row, zone) for row in found["bookings"]},
    )


def _is_one(asked: Sequence[Asked]) -> bool:
    """Whether it is one coupon on one booking, as nearly every redemption is."""
    return len(asked) == 1 and bool(asked[0].coupon_id and asked[0].booking_id)


def _asking_one(organization_id: UUID, one: Asked, moment: datetime) -> Query:
    return query(
        GATHER_ONE,
        organization_id=organization_id,
        coupon=one.coupon_id,
        booking=one.booking_id,
        customer=one.customer.key,
        customer_id=one.customer.id,
        customer_email=one.customer.email,
        moment=moment,
    )


def zone_of(organization: Organization) -> tzinfo:
    """UTC where the organization's time zone is no zone."""
    try:
        return ZoneInfo(organization.timezone)
    except (ValueError, OSError, KeyError):
        return UTC


def _pair(row: Mapping[str, Any]) -> Pair:
    ids: dict[str, Any] = {name: _id(row[name]) for name in ("coupon_id", "booking_id")}
    return Pair(**{**row, **ids})


def _terms(row: Mapping[str, Any], organization: Organization) -> Terms:
    """Columns keep their names; JSON's texts become what they were in the table."""
    values: dict[str, Any] = {name: row[name] for name in (*COUPON_COLUMNS, *_COUNTED)}
    values |= {name: read_instant(row[name]) for name in _INSTANTS} | {name: _day(row[name]) for name in _DAYS}
    return Terms(
        **values
        | {
            "id": UUID(row["id"]),
            "percent": None if row["percent"] is None else Decimal(row["percent"]),
            "limit_currency": row["limit_currency"] or organization.currency,
            "season_ids": tuple(map(UUID, row["season_ids"] or ())),
            "blackout_dates": tuple(day for text in row["blackout_dates"] or () if (day := _day(text))),
            "arrival_weekdays": tuple(row["arrival_weekdays"] or ()),
            "products": _targets(row["products"]),
            "services": _targets(row["services"]),
            "plans": _targets(row["plans"]),
        }
    )


def _targets(links: Mapping[str, bool] | None) -> Targets:
    included = frozenset(UUID(target) for target, is_excluded in (links or {}).items() if not is_excluded)
    return Targets(included, frozenset(map(UUID, links or {})) - included)


def _cart(row: Mapping[str, Any], zone: tzinfo) -> Cart:
    made = read_instant(row["created_at"])
    return Cart(
        lines=tuple(map(_line, row["lines"] or ())),
        currency=row["currency"],
        check_in=_day(row["check_in"]),
        check_out=_day(row["check_out"]),
        booked_on=made.astimezone(zone).date() if made and made.year not in (1, 9999) else None,
        customer=Customer(bookings_before=row["customer_bookings_before"]),
        held=tuple(_held(use, row["currency"]) for use in row["held"] or ()),
    )


def _line(row: Mapping[str, Any]) -> Line:
    ids: dict[str, Any] = {name: _id(row[name]) for name in ("product_id", "service_id", "plan_id")}
    return Line(**{**row, **ids})


def _held(use: Mapping[str, Any], currency: str) -> Held:
    """An amount in another currency than the booking's lowers nothing here."""
    taken = use["amount_minor"] if use["currency"] == currency else None
    return Held(
        coupon_id=UUID(use["coupon_id"]),
        stackable=use["stackable"],
        taken_minor=taken or 0,
        before_taxes=use["scope"] in ("rent", "service"),
        by_line=use["by_line"] or {} if taken else {},
    )


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def _day(text: str | None) -> date | None:
    """PostgreSQL's calendar is longer than Python's: what lies beyond an end is that end."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return nearest_day(text)
