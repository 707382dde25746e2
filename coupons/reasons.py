"""Why a coupon is refused: codes for machines that never change, and a sentence for each."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bookingoffice.errors import RuleViolation

SENTENCES = {
    "coupon_not_found": gettext_noop("There is no such coupon."),
    "booking_not_found": gettext_noop("There is no such booking."),
    "coupon_deleted": gettext_noop("This coupon has been deleted."),
    "coupon_archived": gettext_noop("This coupon has been archived."),
    "coupon_not_started": gettext_noop("This coupon is not valid yet."),
    "coupon_expired": gettext_noop("This coupon has expired."),
    "quota_reached": gettext_noop("This coupon has been used as often as it may be."),
    "customer_limit_reached": gettext_noop("This customer has used the coupon as often as one customer may."),
    "already_used_on_booking": gettext_noop("This coupon is already on that booking."),
    "not_stackable": gettext_noop("This coupon cannot be combined with another one on the same booking."),
    "product_not_eligible": gettext_noop("This coupon is for other products."),
    "service_not_eligible": gettext_noop("This coupon is for other services."),
    "plan_not_eligible": gettext_noop("This coupon is for other plans."),
    "new_customers_only": gettext_noop("This coupon is for new customers."),
    "existing_customers_only": gettext_noop("This coupon is for customers who have booked before."),
    "first_payment_only": gettext_noop("This coupon is for a first payment."),
    "renewals_only": gettext_noop("This coupon is for renewals."),
    "currency_mismatch": gettext_noop("This coupon is in another currency than the booking."),
    "stay_too_short": gettext_noop("The stay is too short for this coupon."),
    "stay_too_long": gettext_noop("The stay is too long for this coupon."),
    "outside_stay_dates": gettext_noop("The stay lies outside the dates of this coupon."),
    "outside_season": gettext_noop("A night of the stay lies in none of this coupon's seasons."),
    "blackout_date": gettext_noop("A night of the stay is a day on which this coupon is not given."),
    "arrival_weekday": gettext_noop("This coupon is for arrivals on other days of the week."),
    "lead_time": gettext_noop("The booking was made too early or too late for this coupon."),
    "period_not_eligible": gettext_noop("This coupon does not reach this billing period."),
    "below_minimum_spend": gettext_noop("The booking is below the minimum spend of this coupon."),
    "budget_exhausted": gettext_noop("The budget of this coupon is spent."),
    "expression_not_computable": gettext_noop("The discount of this coupon cannot be computed here."),
    "quota_below_uses": gettext_noop("A limit cannot be lower than the uses there are: {uses}."),
}


UNKNOWN = gettext_noop("This is not possible for this coupon.")


def sentence_of(code: str) -> str:
    return _(SENTENCES.get(code, UNKNOWN))


class NotEligible(RuleViolation):
    """A coupon refused for one or more `reasons`; the first is the code, the sentence tells all of them."""

    def __init__(self, reasons: Sequence[str], *, hint: str | None = None) -> None:
        super().__init__(reasons[0], " ".join(map(sentence_of, reasons)), hint=hint)
        self.reasons = tuple(reasons)
