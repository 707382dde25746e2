"""What came of a coupon, on its page."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join

from bookingoffice.accounts.models import Organization
from coupons.admin.words import money_in_words
from coupons.services.statistics import Asked, Result, statistics


def results_in_words(organization: Organization, coupon_id: UUID) -> str:
    """A line for each currency."""
    found = statistics(organization, Asked(coupon_id=coupon_id), moment=timezone.now())
    return format_html_join("", "<p>{}</p>", ((_line(one),) for one in found))


def _line(result: Result) -> str:
    taken, revenue = (money_in_words(minor, result.currency) for minor in (result.discount_minor, result.revenue_minor))
    counts = [_counted(result.uses, "use"), _counted(result.customers, "customer"), _counted(result.live_holds, "hold")]
    line = f"{', '.join(counts)}. Took {taken} off bookings of {revenue}."
    if result.first_use_at and result.last_use_at:
        days = [
            date_format(timezone.localtime(moment), "DATE_FORMAT")
            for moment in (result.first_use_at, result.last_use_at)
        ]
        line += f" First used on {days[0]}, last on {days[1]}."
    return line


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
