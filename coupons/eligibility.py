"""May this coupon be used on this cart? Every reason why not, by its stable code. What a limit asks for and nobody knows, refuses.

A live hold of the booking's own has been granted already: until its deadline the state of the coupon and its counts are not
asked again. Whether the coupon suits the cart is, because the cart may have changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from coupons.carts import Cart
from coupons.discounts import Remaining, base_places
from coupons.reasons import SENTENCES
from coupons.terms import Targets, Terms

FIRST = ("already_used_on_booking",)
"""A retry of an act that was done is told so before anything else."""
_ORDER = {code: place for place, code in enumerate((*FIRST, *SENTENCES))}


def reasons_against(terms: Terms, cart: Cart, moment: datetime) -> tuple[str, ...]:
    """Stable codes in one order; empty when the coupon may be used. Other coupons beside it are `quotes`' concern."""
    found = {*_of_target(terms, cart), *_of_customer(terms, cart), *_of_money(terms, cart), *_of_stay(terms, cart)}
    if terms.own_use == "redeemed":
        found.add("already_used_on_booking")
    if terms.own_use is None:
        found |= {*_of_state(terms, moment), *_of_counts(terms, cart)}
    return in_order(found)


def in_order(reasons: set[str]) -> tuple[str, ...]:
    return tuple(sorted(reasons, key=lambda code: _ORDER[code]))


def _of_state(terms: Terms, moment: datetime) -> Iterator[str]:
    if terms.deleted_at is not None:
        yield "coupon_deleted"
    if terms.archived_at is not None:
        yield "coupon_archived"
    if terms.valid_from is not None and terms.valid_from > moment:
        yield "coupon_not_started"
    if terms.expires_at is not None and terms.expires_at <= moment:
        yield "coupon_expired"


def _of_counts(terms: Terms, cart: Cart) -> Iterator[str]:
    """A limit for each customer cannot be kept for a customer nobody knows."""
    if terms.is_used_up:
        yield "quota_reached"
    limit = terms.max_per_customer
    if limit is not None and (cart.customer.key is None or terms.customer_uses >= limit):
        yield "customer_limit_reached"


def _of_target(terms: Terms, cart: Cart) -> Iterator[str]:
    """Under scope rent no included product means all; product and service then fit nothing. Excluded ones never fit."""
    if not _fits_products(terms, cart):
        yield "product_not_eligible"
    if terms.scope == "service" and not base_places(terms, Remaining.of(cart)):
        yield "service_not_eligible"
    specific = terms.plan_scope == "specific"
    if (specific or terms.plans) and not _admits(terms.plans, cart.plan_ids, specific=specific):
        yield "plan_not_eligible"


def _fits_products(terms: Terms, cart: Cart) -> bool:
    """Included products matter under the scopes product and rent, where only rented ones count; excluded ones always."""
    targets, products = terms.products, cart.product_ids
    if terms.scope == "rent":
        products = frozenset(line.product_id for line in cart.lines if line.type == "rent" and line.product_id)
    elif terms.scope != "product":
        targets = Targets(excluded=targets.excluded)
    specific = terms.scope == "product"
    return not (specific or targets) or _admits(targets, products, specific=specific)


def _admits(targets: Targets, present: frozenset[UUID], *, specific: bool) -> bool:
    """One that is included and not excluded is enough; without included ones, unless `specific`, any that is not excluded."""
    fitting = present & targets.included if targets.included or specific else present
    return bool(fitting - targets.excluded)


def _of_customer(terms: Terms, cart: Cart) -> Iterator[str]:
    """A first payment is that of period 1, a renewal that of any later one."""
    before, period = cart.customer.bookings_before, cart.period_number
    if terms.invitee_mode == "new_users" and before != 0:
        yield "new_customers_only"
    if terms.invitee_mode == "existing_users" and not before:
        yield "existing_customers_only"
    if terms.renewal_constraint == "first_payment" and period != 1:
        yield "first_payment_only"
    if terms.renewal_constraint == "renewals" and (period is None or period < 2):
        yield "renewals_only"
    if not _reaches(terms, 1 if period is None else period):
        yield "period_not_eligible"


def _reaches(terms: Terms, period: int) -> bool:
    """A booking is its own first period, so nobody has to name it."""
    if terms.repeat == "limited":
        return period <= (terms.repeat_count or 1)
    return terms.repeat == "forever" or period == 1


def _of_money(terms: Terms, cart: Cart) -> Iterator[str]:
    """Nothing is converted: an amount of another currency is no amount that a minimum could be held against."""
    currencies = {terms.currency} if terms.kind == "amount" else set()
    if terms.has_money_limit:
        currencies.add(terms.limit_currency)
    if currencies - {cart.currency} or (currencies and cart.currency is None):
        yield "currency_mismatch"
    elif terms.min_spend_minor is not None and spend_of(cart) < terms.min_spend_minor:
        yield "below_minimum_spend"
    if terms.budget_left_minor == 0 and terms.own_use is None:
        yield "budget_exhausted"


def spend_of(cart: Cart) -> int:
    """What the minimum spend is held against: the whole price after taxes, before every coupon, deposits aside."""
    none = (0,) * len(cart.lines)
    return Remaining(cart.lines, none, none).total_minor


def _of_stay(terms: Terms, cart: Cart) -> Iterator[str]:
    nights, arrival, last = cart.number_of_nights, cart.check_in, cart.last_day
    if terms.min_nights is not None and (nights is None or nights < terms.min_nights):
        yield "stay_too_short"
    if terms.max_nights is not None and (nights is None or nights > terms.max_nights):
        yield "stay_too_long"
    if terms.stay_from is not None and (arrival is None or arrival < terms.stay_from):
        yield "outside_stay_dates"
    if terms.stay_until is not None and (last is None or last > terms.stay_until):
        yield "outside_stay_dates"
    if terms.season_ids and not terms.in_season:
        yield "outside_season"
    if _on_a_blackout_date(terms, cart):
        yield "blackout_date"
    if terms.arrival_weekdays and (arrival is None or arrival.isoweekday() not in terms.arrival_weekdays):
        yield "arrival_weekday"
    if not _in_time(terms, cart):
        yield "lead_time"


def _on_a_blackout_date(terms: Terms, cart: Cart) -> bool:
    """The day of departure is nobody's night."""
    if cart.check_in is None or cart.last_day is None:
        return bool(terms.blackout_dates)
    return any(cart.check_in <= day <= cart.last_day for day in terms.blackout_dates)


def _in_time(terms: Terms, cart: Cart) -> bool:
    """Lead days count from the day of booking to the day of arrival; the same day is 0."""
    if terms.min_lead_days is None and terms.max_lead_days is None:
        return True
    if cart.check_in is None or cart.booked_on is None:
        return False
    lead = (cart.check_in - cart.booked_on).days
    return (terms.min_lead_days or 0) <= lead and (terms.max_lead_days is None or lead <= terms.max_lead_days)
