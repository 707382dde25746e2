"""A use, its booking and its guest in a few words."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookingoffice.references.models import Booking
from coupons import wording
from coupons.models import CouponUse


def stay_in_words(booking: Booking) -> str:
    """Arrival, departure and the nights between them; empty where nobody knows."""
    first, last = booking.check_in, booking.check_out
    if not first or not last:
        return ""
    nights = ngettext("%(number)s night", "%(number)s nights", (last - first).days)
    days = f"{date_format(first, 'DATE_FORMAT')} – {date_format(last, 'DATE_FORMAT')}"
    return f"{days} · {nights % {'number': wording.number((last - first).days)}}"


def customer_in_words(key: str | None) -> str:
    return (key or "—").removeprefix("email:").removeprefix("id:")


def amount_in_words(amount_minor: int | None, currency: str | None) -> str:
    return "—" if amount_minor is None else wording.money(amount_minor, currency)


def state_in_words(use: CouponUse, moment: datetime) -> tuple[str, str]:
    """The kind of the state, and what to tell. A hold whose deadline has come counts for nothing."""
    if use.expires_at is None:
        return "redeemed", _("Redeemed")
    if use.expires_at <= moment:
        return "lapsed", _("Hold expired")
    until = date_format(timezone.localtime(use.expires_at), "DATETIME_FORMAT")
    return "reserved", _("Reserved until %(moment)s") % {"moment": until}
