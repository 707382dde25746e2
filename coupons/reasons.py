"""Why a coupon is refused: codes for machines that never change, and a sentence for each."""

from __future__ import annotations

from collections.abc import Sequence

from bookingoffice.errors import RuleViolation

SENTENCES = {
    "coupon_not_found": "There is no such coupon.",
    "booking_not_found": "There is no such booking.",
    "coupon_deleted": "This coupon has been deleted.",
    "coupon_archived": "This coupon has been archived.",
    "coupon_not_started": "This coupon is not valid yet.",
    "coupon_expired": "This coupon has expired.",
    "quota_reached": "This coupon has been used as often as it may be.",
    "customer_limit_reached": "This customer has used the coupon as often as one customer may.",
    "already_used_on_booking": "This coupon is already on that booking.",
    "not_stackable": "This coupon cannot be combined with another one on the same booking.",
    "product_not_eligible": "This coupon is for other products.",
    "service_not_eligible": "This coupon is for other services.",
    "plan_not_eligible": "This coupon is for other plans.",
    "new_customers_only": "This coupon is for new customers.",
    "existing_customers_only": "This coupon is for customers who have booked before.",
    "first_payment_only": "This coupon is for a first payment.",
    "renewals_only": "This coupon is for renewals.",
    "currency_mismatch": "This coupon is in another currency than the booking.",
    "stay_too_short": "The stay is too short for this coupon.",
    "stay_too_long": "The stay is too long for this coupon.",
    "outside_stay_dates": "The stay lies outside the dates of this coupon.",
    "outside_season": "A night of the stay lies in none of this coupon's seasons.",
    "blackout_date": "A night of the stay is a day on which this coupon is not given.",
    "arrival_weekday": "This coupon is for arrivals on other days of the week.",
    "lead_time": "The booking was made too early or too late for this coupon.",
    "period_not_eligible": "This coupon does not reach this billing period.",
    "below_minimum_spend": "The booking is below the minimum spend of this coupon.",
    "budget_exhausted": "The budget of this coupon is spent.",
    "expression_not_computable": "The discount of this coupon cannot be computed here.",
    "quota_below_uses": "A limit cannot be lower than the uses there are: {uses}.",
}


def sentence_of(code: str) -> str:
    return SENTENCES.get(code, "This is not possible for this coupon.")


class NotEligible(RuleViolation):
    """A coupon refused for one or more `reasons`; the first is the code, the sentence tells all of them."""

    def __init__(self, reasons: Sequence[str], *, hint: str | None = None) -> None:
        super().__init__(reasons[0], " ".join(map(sentence_of, reasons)), hint=hint)
        self.reasons = tuple(reasons)
