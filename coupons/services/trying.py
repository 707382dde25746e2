"""A coupon tried on a stay, saved or as somebody is writing it: judged as a redemption would judge it. Nothing is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum

from bookingoffice.accounts.models import Organization
from bookingoffice.errors import RuleViolation
from coupons.carts import Cart
from coupons.facts import Asked, Facts, Pair, gather, zone_of
from coupons.models import CouponUse
from coupons.querysets import live
from coupons.quotes import CouponQuote, Quote, quote
from coupons.reasons import sentence_of
from coupons.services.seasonal import ask, in_season
from coupons.terms import Terms, as_granted

NEW = UUID(int=0)
"""The id of a coupon that is not saved yet."""


@dataclass(frozen=True)
class Trial:
    """`terms` and `cart` are what was judged, counts and the ledger's name of the customer included."""

    terms: Terms
    cart: Cart
    quote: Quote

    @property
    def outcome(self) -> CouponQuote:
        return next(one for one in self.quote.coupons if one.coupon_id == self.terms.id)


def new_terms(organization: Organization, moment: datetime) -> Terms:
    """A coupon before anything is filled in."""
    return Terms(id=NEW, created_at=moment, limit_currency=organization.currency)


def saved_terms(organization: Organization, coupon_id: UUID, moment: datetime) -> Terms:
    """With every use counted, whether a limit asks for it or not."""
    terms = gather(organization, [Asked(coupon_id)], moment=moment).terms[coupon_id]
    return replace(terms, **_counted(organization, terms, moment))


def try_terms(
    organization: Organization,
    terms: Terms,
    cart: Cart,
    *,
    booking_id: UUID | None = None,
    beside: str | None = None,
    moment: datetime,
) -> Trial:
    """The cart's facts go before those of the booking. `beside` is another code on the same booking.

    Raises RuleViolation `coupon_not_found` where nobody knows that code.
    """
    asked = [Asked(terms.id, booking_id=booking_id, customer=cart.customer)]
    if beside:
        asked.append(Asked(code=beside, booking_id=booking_id, customer=cart.customer))
    facts = gather(organization, asked, moment=moment)
    mine, *others = sorted(facts.pairs, key=lambda pair: pair.place or 0)
    if any(facts.terms_of(pair) is None for pair in others):
        raise RuleViolation("coupon_not_found", sentence_of("coupon_not_found"), field="beside")
    cart = _whole(organization, cart, facts, booking_id, moment)
    judged = _as_judged(organization, terms, mine, facts, moment)
    together = [judged, *(found for pair in others if (found := facts.terms_of(pair)) and found.id != terms.id)]
    answer = ask(organization.pk, together, [cart], None)
    ready = [replace(one, in_season=in_season(one, cart, answer)) for one in together]
    return Trial(ready[0], cart, quote(ready, cart, moment))


def _whole(organization: Organization, cart: Cart, facts: Facts, booking_id: UUID | None, moment: datetime) -> Cart:
    if booking_id and booking_id in facts.carts:
        cart = cart.over(facts.carts[booking_id])
    judged = {pair.coupon_id for pair in facts.pairs}
    today = moment.astimezone(zone_of(organization)).date()
    return replace(
        cart,
        booked_on=cart.booked_on or today,
        customer=replace(cart.customer, key=facts.pairs[0].customer),
        held=tuple(one for one in cart.held if one.coupon_id not in judged),
    )


def _as_judged(organization: Organization, terms: Terms, pair: Pair, facts: Facts, moment: datetime) -> Terms:
    """The ledger's counts beside terms that may not be saved; a live hold keeps what it was granted."""
    counted = _counted(organization, terms, moment, customer=pair.customer, booking_id=pair.booking_id)
    if saved := facts.terms.get(terms.id):
        counted |= {"batch_quota": saved.batch_quota, "batch_uses": saved.batch_uses}
    terms = replace(terms, own_use=pair.own_use, **counted)
    if pair.own_use == "reserved" and pair.image and pair.image["terms"]:
        return as_granted(terms, pair.image["terms"])
    return terms


def _counted(
    organization: Organization,
    terms: Terms,
    moment: datetime,
    *,
    customer: str | None = None,
    booking_id: UUID | None = None,
) -> dict[str, Any]:
    """Whether or not the saved coupon has the limit that asks for it; a booking's own use is no use of others."""
    others = ~Q(booking_id=booking_id) if booking_id else Q()
    uses = CouponUse.objects.of(organization.pk).filter(live(moment), coupon_id=terms.id)
    counted: dict[str, Any] = uses.aggregate(
        live_uses=Count("id"),
        customer_uses=Count("id", filter=others & Q(customer_key=customer)),
        budget_spent_minor=Sum("amount_minor", filter=others & Q(currency=terms.limit_currency), default=0),
    )
    return counted


def noon_of(organization: Organization, cart: Cart, now: datetime) -> datetime:
    """When the guest of the cart books: now, or in the middle of the day the cart names."""
    zone = zone_of(organization)
    if cart.booked_on is None or cart.booked_on == now.astimezone(zone).date():
        return now
    midday = datetime.combine(cart.booked_on, datetime.min.time().replace(hour=12), zone)
    return midday.astimezone(UTC)
