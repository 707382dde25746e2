"""A coupon's facts in a few characters, as lists show them."""

from __future__ import annotations

from bookingoffice.money import is_currency, minor_to_major, plain
from coupons.models import Coupon, Kind


def value_in_words(coupon: Coupon) -> str:
    if coupon.kind == Kind.PERCENT and coupon.percent is not None:
        return f"{plain(coupon.percent)} %"
    if coupon.kind == Kind.AMOUNT and coupon.amount_minor is not None:
        return money_in_words(coupon.amount_minor, coupon.currency)
    return "Expression"


def money_in_words(amount_minor: int | None, currency: str | None) -> str:
    if amount_minor is None or not currency:
        return "—"
    return f"{minor_to_major(amount_minor, currency) if is_currency(currency) else amount_minor} {currency}"


def uses_in_words(live_uses: int, quota: int | None) -> str:
    return f"{live_uses} of {quota}" if quota is not None else str(live_uses)
