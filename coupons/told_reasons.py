"""Why a coupon is refused on one stay, in words that name both sides: what the coupon asks, and what the stay has. No database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coupons.carts import Cart
from coupons.eligibility import spend_of
from coupons.reasons import sentence_of
from coupons.stay_clauses import WEEKDAYS, Names, named, weekdays_named
from coupons.terms import Terms
from coupons.wording import any_of, beginning, day, ending, money, number


@dataclass(frozen=True, slots=True)
class Case:
    terms: Terms
    cart: Cart
    names: Names
    zone: tzinfo


def reason_in_words(code: str, case: Case) -> str:
    """A reason without words of its own is told as everywhere else."""
    teller = TELLERS.get(code)
    if teller is None:
        return sentence_of(code)
    return teller(case) if callable(teller) else str(teller)


def _nights(case: Case) -> str:
    nights = case.cart.number_of_nights
    if nights is None:
        return _("nobody says how long the stay is")
    return ngettext("the stay has %(number)s night", "the stay has %(number)s nights", nights) % {
        "number": number(nights)
    }


def _not_started(case: Case) -> str:
    assert case.terms.valid_from
    return _("It is valid from %(moment)s on.") % {"moment": beginning(case.terms.valid_from, case.zone)}


def _expired(case: Case) -> str:
    assert case.terms.expires_at
    return _("It was valid until %(moment)s.") % {"moment": ending(case.terms.expires_at, case.zone)}


def _used_up(case: Case) -> str:
    terms = case.terms
    if terms.quota is not None and terms.live_uses >= terms.quota:
        words = ngettext("Its %(number)s use is taken.", "All of its %(number)s uses are taken.", terms.quota)
        return words % {"number": number(terms.quota)}
    return _("All %(number)s uses of its batch are taken.") % {"number": number(terms.batch_quota or 0)}


def _customer_limit(case: Case) -> str:
    if case.cart.customer.key is None:
        return _("Its uses by one guest are limited, and nobody says who the guest is.")
    limit, used = case.terms.max_per_customer or 0, case.terms.customer_uses
    words = ngettext(
        "This guest has used it once; %(limit)s is the limit.",
        "This guest has used it %(used)s times; %(limit)s is the limit.",
        used,
    )
    return words % {"used": number(used), "limit": number(limit)}


def _products(case: Case) -> str:
    included, excluded = case.terms.products.included, case.terms.products.excluded
    if included:
        return _("It is for %(products)s, and none of that is booked.") % {"products": named(included, case.names)}
    if excluded:
        return _("It is not for %(products)s, and nothing else is booked.") % {"products": named(excluded, case.names)}
    return _("It is for chosen products, and none is chosen yet.")


def _services(case: Case) -> str:
    if included := case.terms.services.included:
        return _("It is for fees of %(services)s, and there is none on the bill.") % {
            "services": named(included, case.names)
        }
    return _("It is for fees of chosen services, and none is chosen yet.")


def _plans(case: Case) -> str:
    if included := case.terms.plans.included:
        return _("It is for the plan %(plans)s, and the booking is on none of them.") % {
            "plans": named(included, case.names)
        }
    if excluded := case.terms.plans.excluded:
        return _("It is not for the plan %(plans)s.") % {"plans": named(excluded, case.names)}
    return _("It is for chosen plans, and none is chosen yet.")


def _bookings_before(case: Case) -> str:
    if case.cart.customer.bookings_before is None:
        return _("It asks how often the guest has booked before, and nobody says.")
    if case.terms.invitee_mode == "new_users":
        return _("It is for new guests, and this one has booked before.")
    return _("It is for guests who have booked before, and this one has not.")


def _currency(case: Case) -> str:
    asked = case.terms.currency if case.terms.kind == "amount" else case.terms.limit_currency
    return _("It counts in %(asked)s, the booking in %(paid)s.") % {"asked": asked, "paid": case.cart.currency or "?"}


def _spend(case: Case) -> str:
    asked = money(case.terms.min_spend_minor or 0, case.terms.limit_currency)
    paid = money(spend_of(case.cart), case.cart.currency)
    return _("It asks for a booking of %(asked)s or more; this one is %(paid)s.") % {"asked": asked, "paid": paid}


def _too_short(case: Case) -> str:
    asked = case.terms.min_nights or 0
    words = ngettext(
        "It asks for %(asked)s night or more; %(nights)s.", "It asks for %(asked)s nights or more; %(nights)s.", asked
    )
    return words % {"asked": number(asked), "nights": _nights(case)}


def _too_long(case: Case) -> str:
    asked = case.terms.max_nights or 0
    words = ngettext(
        "It allows at most %(asked)s night; %(nights)s.", "It allows at most %(asked)s nights; %(nights)s.", asked
    )
    return words % {"asked": number(asked), "nights": _nights(case)}


def _stay_dates(case: Case) -> str:
    first, last = case.terms.stay_from, case.terms.stay_until
    if first and last:
        days = {"first": day(first), "last": day(last)}
        return _("Every night has to lie between %(first)s and %(last)s.") % days
    if first:
        return _("Every night has to lie on or after %(day)s.") % {"day": day(first)}
    return _("Every night has to lie on or before %(day)s.") % {"day": day(last)} if last else ""


def _season(case: Case) -> str:
    return _("Every night has to lie in %(seasons)s.") % {"seasons": named(case.terms.season_ids, case.names)}


def _blackout(case: Case) -> str:
    nights = set(case.cart.nights or ())
    met = sorted(nights & set(case.terms.blackout_dates)) or sorted(case.terms.blackout_dates)
    return _("It is not given on %(days)s.") % {"days": any_of([day(one) for one in met])}


def _weekday(case: Case) -> str:
    arrival = case.cart.check_in
    asked = weekdays_named(case.terms.arrival_weekdays)
    if arrival is None:
        return _("It is for arrivals on %(asked)s, and nobody says when the guest comes.") % {"asked": asked}
    comes = str(WEEKDAYS[arrival.isoweekday() - 1])
    return _("It is for arrivals on %(asked)s; %(arrival)s is a %(weekday)s.") % {
        "asked": asked,
        "arrival": day(arrival),
        "weekday": comes,
    }


def _lead(case: Case) -> str:
    arrival, booked = case.cart.check_in, case.cart.booked_on
    if arrival is None or booked is None:
        return _("It asks how long ahead the stay is booked, and nobody says when the guest comes.")
    least, most = case.terms.min_lead_days, case.terms.max_lead_days
    had = (arrival - booked).days
    told = {"had": number(had), "least": number(least or 0), "most": number(most or 0)}
    if most is None:
        words = ngettext(
            "Booked %(had)s day ahead; it asks for at least %(least)s.",
            "Booked %(had)s days ahead; it asks for at least %(least)s.",
            had,
        )
    else:
        words = ngettext(
            "Booked %(had)s day ahead; it asks for %(least)s to %(most)s.",
            "Booked %(had)s days ahead; it asks for %(least)s to %(most)s.",
            had,
        )
    return words % told


def _budget(case: Case) -> str:
    whole = money(case.terms.budget_minor or 0, case.terms.limit_currency)
    return _("Its budget of %(money)s is spent.") % {"money": whole}


Teller = Callable[[Case], str]
TELLERS: Final[Mapping[str, Teller | object]] = {
    "coupon_not_found": gettext_lazy("There is no coupon of this code."),
    "coupon_deleted": gettext_lazy("It has been deleted."),
    "coupon_archived": gettext_lazy("It has been archived."),
    "coupon_not_started": _not_started,
    "coupon_expired": _expired,
    "quota_reached": _used_up,
    "customer_limit_reached": _customer_limit,
    "already_used_on_booking": gettext_lazy("It is on this booking already."),
    "not_stackable": gettext_lazy("There is another coupon, and one of the two stands alone."),
    "product_not_eligible": _products,
    "service_not_eligible": _services,
    "plan_not_eligible": _plans,
    "new_customers_only": _bookings_before,
    "existing_customers_only": _bookings_before,
    "first_payment_only": gettext_lazy("It is for a first payment, and this is none, as far as anybody says."),
    "renewals_only": gettext_lazy("It is for renewals, and this is none, as far as anybody says."),
    "currency_mismatch": _currency,
    "stay_too_short": _too_short,
    "stay_too_long": _too_long,
    "outside_stay_dates": _stay_dates,
    "outside_season": _season,
    "blackout_date": _blackout,
    "arrival_weekday": _weekday,
    "lead_time": _lead,
    "period_not_eligible": gettext_lazy("It does not reach this billing period."),
    "below_minimum_spend": _spend,
    "budget_exhausted": _budget,
    "expression_not_computable": gettext_lazy(
        "Its discount is an expression, which is not computed here. It may still be used; the use has no amount."
    ),
}
