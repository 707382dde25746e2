"""Spending a coupon, holding one use for a checkout, and giving a use back.

Each act locks, asks whether the coupon may be used, and writes: what it takes is what a quote at that moment says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import transaction

from bookingoffice.accounts.models import Organization
from bookingoffice.audit.actors import Actor
from bookingoffice.audit.writing import recording, witnessed
from bookingoffice.database.batches import Query
from bookingoffice.database.pipeline import connection_of, put_off
from bookingoffice.database.rows import Row
from bookingoffice.records import uuid7
from coupons import ledger
from coupons.carts import Cart, Customer
from coupons.facts import Asked, Pair
from coupons.models import CouponUse
from coupons.quotes import CouponQuote
from coupons.reasons import NotEligible
from coupons.services.quoting import Judgement, judge_uses
from coupons.services.seasonal import SeasonsOfNights
from coupons.terms import Terms, snapshot


@dataclass(frozen=True, slots=True)
class Redemption:
    """One use to be made. `customer` is a key such as `id:77`; without one the cart's counts, then the booking's own.

    `cart` tells what the booking's rows do not; of several carts for one booking the first counts.
    """

    coupon_id: UUID
    booking_id: UUID
    id: UUID = field(default_factory=uuid7)
    created_at: datetime | None = None
    customer: str | None = None
    cart: Cart | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """What is being done with uses, by whom and when; `until` is the deadline of holds, `reason` what a person gave for it."""

    state: Literal["reserved", "redeemed"]
    until: datetime | None
    actor: Actor
    moment: datetime
    reason: str | None = None


def redeem(
    organization: Organization,
    coupon_id: UUID,
    booking_id: UUID,
    *,
    actor: Actor,
    moment: datetime,
    customer: str | None = None,
    cart: Cart | None = None,
    seasons: SeasonsOfNights | None = None,
    reason: str | None = None,
    later: bool = False,
) -> UUID:
    """Spends the coupon once on the booking; the ledger's own locks keep two guests from taking the last use. `later` as in
    `redeem_many`."""
    told: Any = {"actor": actor, "moment": moment, "seasons": seasons, "reason": reason, "later": later}
    return redeem_many(organization, [Redemption(coupon_id, booking_id, customer=customer, cart=cart)], **told)[0]


def redeem_many(
    organization: Organization,
    redemptions: Sequence[Redemption],
    *,
    actor: Actor,
    moment: datetime,
    seasons: SeasonsOfNights | None = None,
    reason: str | None = None,
    later: bool = False,
) -> list[UUID]:
    """All or none. Answers the ids of the uses; a hold that was redeemed keeps its id. Raises NotEligible, RuleViolation.

    `later` is for a caller in a transaction of its own, which it undoes when this raises: what is written leaves together with
    its next statement, which it sends within `ledger.refusals`.
    """
    return _take(organization, redemptions, Act("redeemed", None, actor, moment, reason), seasons, later=later)


def reserve(
    organization: Organization,
    coupon_id: UUID,
    booking_id: UUID,
    *,
    until: datetime,
    actor: Actor,
    moment: datetime,
    customer: str | None = None,
    cart: Cart | None = None,
    seasons: SeasonsOfNights | None = None,
    later: bool = False,
) -> UUID:
    """Holds one use until a deadline; from then on it counts for nothing. Reserving again moves the deadline. `later` as in
    `redeem_many`."""
    redemption = Redemption(coupon_id, booking_id, customer=customer, cart=cart)
    return _take(organization, [redemption], Act("reserved", until, actor, moment), seasons, later=later)[0]


def release(organization: Organization, coupon_id: UUID, booking_id: UUID, *, actor: Actor, moment: datetime) -> bool:
    """Gives the use or the hold back; False when there was none, which is no error."""
    return release_many(organization, [(coupon_id, booking_id)], actor=actor, moment=moment) == 1


@transaction.atomic
def release_many(
    organization: Organization,
    pairs: Sequence[tuple[UUID, UUID]],
    *,
    actor: Actor,
    moment: datetime,
    reason: str | None = None,
) -> int:
    """Pairs of coupon and booking; answers how many uses there were to give back."""
    ids = ledger.ids_of(organization.pk, pairs)
    with witnessed(CouponUse, organization.pk, ids, actor=actor, moment=moment, reason=reason):
        return ledger.release_many(organization.pk, pairs, moment)


@transaction.atomic
def amend_many(organization: Organization, uses: Sequence[Redemption], *, actor: Actor, moment: datetime) -> None:
    """Corrects the id or the moment of making of uses that stay where they are."""
    bookings = [use.booking_id for use in uses]
    present = CouponUse.objects.of(organization.pk).filter(booking_id__in=bookings).values_list("id", flat=True)
    ids = {*present, *(use.id for use in uses)}
    with witnessed(CouponUse, organization.pk, ids, actor=actor, moment=moment):
        ledger.amend(organization.pk, [_identity(use) for use in uses])


def _take(
    organization: Organization,
    redemptions: Sequence[Redemption],
    act: Act,
    seasons: SeasonsOfNights | None,
    *,
    later: bool,
) -> list[UUID]:
    with nullcontext() if later else transaction.atomic():
        ids = _judged_and_put_off(organization, redemptions, act, seasons)
        if not later:
            with ledger.refusals():
                connection_of().send()
        return ids


def _judged_and_put_off(
    organization: Organization, redemptions: Sequence[Redemption], act: Act, seasons: SeasonsOfNights | None
) -> list[UUID]:
    if not redemptions:
        return []
    carts = {one.booking_id: one.cart for one in reversed(redemptions) if one.cart}
    asked = list(map(_asked, redemptions))
    judged = judge_uses(organization, asked, carts, moment=act.moment, seasons=seasons)
    rows = [_row(one, found, act.until) for one, found in zip(redemptions, judged, strict=True)]
    for statement in _statements(organization.pk, rows, judged, act):
        put_off(connection_of(), statement)
    return [_kept_id(one, found.pair) for one, found in zip(redemptions, judged, strict=True)]


def _statements(organization_id: UUID, rows: Sequence[Row], judged: Sequence[Judgement], act: Act) -> Iterator[Query]:
    """The act at the ledger's door and its history; a hold that is redeemed is changed, everything else is made."""
    images = {UUID(found.pair.image["id"]): found.pair.image for found in judged if found.pair.image}
    ids = {*images, *(row["id"] for row in rows)}
    yield from ledger.taking(organization_id, rows, state=act.state, moment=act.moment)
    told: Any = {"actor": act.actor, "moment": act.moment, "action": act.state, "reason": act.reason}
    yield recording(CouponUse, organization_id, ids, images=images, **told)


def _kept_id(redemption: Redemption, pair: Pair) -> UUID:
    """A hold of the booking's own is prolonged or redeemed as it stands."""
    return UUID(pair.image["id"]) if pair.own_use and pair.image else redemption.id


def _asked(redemption: Redemption) -> Asked:
    told = redemption.cart.customer if redemption.cart else Customer()
    customer = Customer(key=redemption.customer) if redemption.customer else told
    return Asked(redemption.coupon_id, booking_id=redemption.booking_id, customer=customer)


def _row(redemption: Redemption, found: Judgement, until: datetime | None) -> dict[str, Any]:
    """Refuses with every reason at once. What is missing altogether the ledger's door refuses by its own code."""
    row = {**_identity(redemption), "customer": found.pair.customer, "until": until}
    if found.outcome is None or found.terms is None or found.cart is None:
        return row
    if found.outcome.reasons:
        raise NotEligible(found.outcome.reasons, hint=f"{redemption.coupon_id} {redemption.booking_id}")
    return row | _taken(found.outcome, found.cart) | {"terms": _remembered(found.terms, found.outcome, found.cart)}


def _taken(outcome: CouponQuote, cart: Cart) -> dict[str, Any]:
    """Without a price there is no amount, which is not the same as an amount of nothing; an expression has none either."""
    if not outcome.computable or not cart.lines:
        return {}
    return {"amount_minor": outcome.taken_minor, "currency": cart.currency}


def _remembered(terms: Terms, outcome: CouponQuote, cart: Cart) -> dict[str, Any]:
    """The terms, and from which lines the amount was taken: the next coupon on the booking starts from there."""
    parts = zip(cart.lines, outcome.by_line, strict=True)
    by_line = {line.id: part for line, part in parts if line.id and part}
    return snapshot(terms) | ({"by_line": by_line} if by_line else {})


def _identity(redemption: Redemption) -> dict[str, Any]:
    return {
        "coupon_id": redemption.coupon_id,
        "booking_id": redemption.booking_id,
        "id": redemption.id,
        "created_at": redemption.created_at,
    }
