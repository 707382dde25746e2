"""Coupons on paper: cards for an A4 page with the code, its QR code, what it gives and until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override

from bookingoffice.accounts.models import Organization
from bookingoffice.localized import choose_text
from coupons.models import Coupon
from coupons.qr import content, inline_svg
from coupons.services.reading import sentences
from coupons.wording import ending

MOST: Final = 500
"""Cards of one page."""


@dataclass(frozen=True)
class Card:
    house: str
    code: str
    picture: SafeString
    sentence: str
    expiry: str


def cards(organization: Organization, coupons: Sequence[Coupon], *, address: str, language: str) -> list[Card]:
    """In the language of who gets them; a constant number of statements."""
    house = choose_text(organization.name, language)
    with override(language):
        told = sentences(organization, [coupon.pk for coupon in coupons], moment=timezone.now())
        return [_card(house, coupon, told.get(coupon.pk, ""), address) for coupon in coupons]


def _card(house: str, coupon: Coupon, sentence: str, address: str) -> Card:
    title = _("QR code of %(code)s") % {"code": coupon.code}
    # The picture is made of numbers alone; its title is escaped where it is made.
    picture = mark_safe(inline_svg(content(coupon.code, address), title))  # noqa: S308
    return Card(house, coupon.code, picture, sentence, _expiry(coupon))


def _expiry(coupon: Coupon) -> str:
    if coupon.expires_at is None:
        return ""
    return _("Valid until %(day)s") % {"day": ending(coupon.expires_at, timezone.get_current_timezone())}


def languages(organization: Organization, asked: str) -> dict[str, Any]:
    """Those that the interface has; the organization's own comes first to mind."""
    offered = dict(settings.LANGUAGES)
    own = organization.default_language.split("-")[0]
    chosen = asked if asked in offered else own if own in offered else settings.LANGUAGE_CODE
    return {"languages": settings.LANGUAGES, "language": chosen}
