"""Quotes of carts and of bookings. Nothing is written.

Redemption judges by the same functions, so that a price that was quoted is the price that is taken.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from bookingoffice.accounts.models import Organization
from bookingoffice.errors import Fault, Malformed, RuleViolation
from coupons.cart_reading import read_cart
from coupons.carts import Cart
from coupons.codes import code_faults
from coupons.discounts import Remaining
from coupons.facts import Asked, Facts, Pair, gather, zone_of
from coupons.quotes import CouponQuote, Quote, outcomes, quote, unknown_coupon
from coupons.reasons import sentence_of
from coupons.services.seasonal import Answer, SeasonsOfNights, ask, in_season
from coupons.terms import Terms, as_granted, counted

MOST_COUPONS: Final = 100


@dataclass(frozen=True, slots=True)
class Judgement:
    """One coupon on one booking: its terms, what it was held against, and what came out. None where one of them is missing."""

    pair: Pair
    terms: Terms | None = None
    cart: Cart | None = None
    outcome: CouponQuote | None = None


def quote_cart(
    organization: Organization,
    cart: Cart | Mapping[str, object],
    coupons: Sequence[str | UUID],
    *,
    auto: bool = False,
    moment: datetime,
    seasons: SeasonsOfNights | None = None,
) -> Quote:
    """Coupons by id or code. `auto` adds the eligible automatic ones. Raises Malformed for a cart that cannot be read."""
    if len(coupons) > MOST_COUPONS:
        raise Malformed([Fault("coupons", "too_many_coupons", f"At most {MOST_COUPONS} coupons are quoted at once.")])
    cart = cart if isinstance(cart, Cart) else read_cart(cart)
    asked = [_asked(one, cart) for one in coupons]
    facts = gather(organization, asked, moment=moment, automatic=auto, customer=cart.customer)
    today = moment.astimezone(zone_of(organization)).date()
    key = next((pair.customer for pair in facts.pairs), None)
    cart = replace(cart, booked_on=cart.booked_on or today, customer=replace(cart.customer, key=key))
    answer = ask(organization.pk, facts.terms.values(), [cart], seasons)
    found = quote(
        _terms(facts, [pair for pair in facts.pairs if pair.place is not None], cart, answer),
        cart,
        moment,
        automatic=_terms(facts, [pair for pair in facts.pairs if pair.place is None], cart, answer),
    )
    unknown = {str(coupons[pair.place - 1]) for pair in facts.pairs if pair.place and pair.coupon_id is None}
    return _with_unknown(found, unknown, cart)


def judge_booking(
    organization: Organization,
    coupon_ids: Sequence[UUID],
    booking_id: UUID,
    *,
    moment: datetime,
    seasons: SeasonsOfNights | None = None,
) -> Quote:
    """The coupons together on the booking as it stands, beside what is on it. Raises RuleViolation `booking_not_found`."""
    asked = [Asked(coupon_id, booking_id=booking_id) for coupon_id in coupon_ids]
    facts = gather(organization, asked or [Asked(booking_id=booking_id)], moment=moment)
    if booking_id not in facts.carts:
        raise RuleViolation("booking_not_found", sentence_of("booking_not_found"), hint=f" {booking_id}")
    cart = _booking_cart(facts, booking_id, facts.pairs, {})
    answer = ask(organization.pk, facts.terms.values(), [cart], seasons)
    found = quote(_terms(facts, facts.pairs, cart, answer), cart, moment)
    return _with_unknown(found, {str(one) for one in coupon_ids if one not in facts.terms}, cart)


def judge_uses(
    organization: Organization,
    asked: Sequence[Asked],
    carts: Mapping[UUID, Cart],
    *,
    moment: datetime,
    seasons: SeasonsOfNights | None = None,
) -> list[Judgement]:
    """One judgement for each that is asked, in that order, for uses that are about to be recorded; locks what it reads.

    Coupons of one booking are judged together. `carts` tell more about bookings than their rows do. Of a budget that is
    shared, what the earlier ones take the later ones lack.
    """
    facts = gather(organization, asked, moment=moment, lock=True)
    pairs = sorted(facts.pairs, key=lambda pair: pair.place or 0)
    judged = {pair.place: Judgement(pair) for pair in pairs}
    together: defaultdict[UUID, list[Pair]] = defaultdict(list)
    for pair in pairs:
        if pair.coupon_id and pair.booking_id:
            together[pair.booking_id].append(pair)
    full = {booking: _booking_cart(facts, booking, group, carts) for booking, group in together.items()}
    answer = ask(organization.pk, facts.terms.values(), full.values(), seasons)
    spent: Counter[UUID] = Counter()
    for booking, group in together.items():
        terms = _terms(facts, group, full[booking], answer, spent)
        found = outcomes(terms, full[booking], moment)
        for pair, one in zip(group, terms, strict=True):
            judged[pair.place] = Judgement(pair, one, full[booking], found[one.id])
        own = {pair.coupon_id: pair.own_amount_minor for pair in group}
        spent.update({one.id: found[one.id].taken_minor - own[one.id] for one in terms})
    return list(judged.values())


def _booking_cart(facts: Facts, booking_id: UUID, pairs: Sequence[Pair], carts: Mapping[UUID, Cart]) -> Cart:
    """The booking's own facts under what a caller told; the coupons that are judged are not held against themselves.

    Holds were promised beside what was there before them, and what came after was promised beside them: so they are judged, while
    the price still has room for all of it.
    """
    kept = facts.carts[booking_id]
    cart = carts[booking_id].over(kept) if booking_id in carts else kept
    judged = {pair.coupon_id for pair in pairs}
    key = next((pair.customer for pair in pairs if pair.customer), None)
    others = [(place, one) for place, one in enumerate(cart.held) if one.coupon_id not in judged]
    beside = replace(cart, held=tuple(one for _, one in others), customer=replace(cart.customer, key=key))
    promised = sum(pair.own_amount_minor for pair in pairs)
    if not all(pair.own_use for pair in pairs) or promised > Remaining.of(beside).total_minor:
        return beside
    last = max((place for place, one in enumerate(cart.held) if one.coupon_id in judged), default=len(cart.held))
    return replace(beside, held=tuple(one for place, one in others if place < last))


def _terms(
    facts: Facts, pairs: Iterable[Pair], cart: Cart, answer: Answer, spent: Mapping[UUID, int] | None = None
) -> list[Terms]:
    """The terms as they are for this cart, counts and seasons answered."""
    ready = []
    for pair in pairs:
        if (terms := facts.terms_of(pair)) is None:
            continue
        if terms.own_use == "reserved" and pair.image and pair.image["terms"]:
            terms = as_granted(terms, pair.image["terms"])
        more = (spent or {}).get(terms.id, 0)
        ready.append(
            counted(
                terms,
                in_season=in_season(terms, cart, answer),
                budget_spent_minor=terms.budget_spent_minor + more,
            )
        )
    return ready


def _asked(named: str | UUID, cart: Cart) -> Asked:
    """A text may be an id or a code. What is no code can be nobody's code."""
    code = None if isinstance(named, UUID) or code_faults(named) else named
    return Asked(_as_id(named), code, customer=cart.customer)


def _as_id(named: str | UUID) -> UUID | None:
    try:
        return named if isinstance(named, UUID) else UUID(named)
    except ValueError:
        return None


def _with_unknown(found: Quote, unknown: set[str], cart: Cart) -> Quote:
    return replace(found, coupons=(*found.coupons, *(unknown_coupon(name, cart) for name in sorted(unknown))))
