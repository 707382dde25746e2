"""A coupon's facts in a few characters, as lists show them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bookingoffice.money import is_currency, minor_to_major
from coupons import wording
from coupons.models import Coupon, Kind


def value_in_words(coupon: Coupon) -> str:
    if coupon.kind == Kind.PERCENT and coupon.percent is not None:
        return wording.percentage(coupon.percent)
    if coupon.kind == Kind.AMOUNT and coupon.amount_minor is not None:
        return wording.short_money(coupon.amount_minor, coupon.currency)
    return _("Expression")


def money_in_words(amount_minor: int | None, currency: str | None) -> str:
    if amount_minor is None or not currency:
        return "—"
    return f"{minor_to_major(amount_minor, currency) if is_currency(currency) else amount_minor} {currency}"
