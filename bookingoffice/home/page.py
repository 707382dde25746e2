"""What the first page shows, gathered from the apps in a fixed number of statements."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from bookingoffice.accounts.admin.told import lines_of, visible_entries
from bookingoffice.accounts.desk import organization_of, role_of
from bookingoffice.home.calendar import calendar_shown
from bookingoffice.home.needs import needs_shown
from bookingoffice.home.weeks import weeks_shown

CHANGES_SHOWN: Final = 6
WRITERS: Final = ("owner", "editor")
STARTS: Final[tuple[tuple[str | Promise, str, str], ...]] = (
    (gettext_lazy("Add a coupon"), "sell", "admin:coupons_coupon_add"),
    (gettext_lazy("Generate codes"), "qr_code_2", "admin:coupons_couponbatch_add"),
    (gettext_lazy("Add a booking"), "luggage", "admin:references_booking_add"),
    (gettext_lazy("The year in seasons"), "calendar_month", "admin:seasons_season_year"),
)


def home(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Named in the settings of the theme, which calls it for the first page of the admin."""
    organization, now = organization_of(request), timezone.localtime()
    by_people = visible_entries(request).exclude(actor_kind="key").exclude(table_name="coupon_uses")
    entries = by_people.order_by("-created_at", "-id")[:CHANGES_SHOWN]
    return context | {
        "starts": STARTS if role_of(request) in WRITERS else (),
        "needs": needs_shown(organization.pk, now),
        "weeks": weeks_shown(organization, now),
        "calendar": calendar_shown(organization.pk, now.date()),
        "lines": lines_of(request, entries),
    }
