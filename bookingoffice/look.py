"""How the admin looks and what its sidebar offers, in the words of django-unfold."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

PAGES = "bookingoffice.accounts.admin.navigation"


def stylesheet(request: HttpRequest) -> str:
    return static("bookingoffice/admin.css")


def _item(title: Any, icon: str, page: str, who: str = "reader") -> dict[str, Any]:
    link = reverse_lazy(f"admin:{page}_changelist")
    return {"title": title, "icon": icon, "link": link, "permission": f"{PAGES}.{who}"}


NAVIGATION = [
    {
        "title": "Coupons",
        "items": [
            _item("Coupons", "sell", "coupons_coupon"),
            _item("Uses", "confirmation_number", "coupons_couponuse"),
            _item("Batches of codes", "qr_code_2", "coupons_couponbatch"),
        ],
    },
    {"title": "Calendar", "items": [_item("Seasons", "calendar_month", "seasons_season")]},
    {
        "title": "Business",
        "items": [
            _item("Bookings", "luggage", "references_booking"),
            _item("Products", "cottage", "references_product"),
            _item("Services", "room_service", "references_service"),
            _item("Plans", "event_repeat", "references_plan"),
        ],
    },
    {
        "title": "People and keys",
        "items": [
            _item("Organization", "storefront", "accounts_organization"),
            _item("Members", "group", "accounts_member", "owner"),
            _item("Invitations", "mail", "accounts_invitation", "owner"),
            _item("API keys", "key", "accounts_apikey", "owner"),
            _item(_("Webhooks"), "webhook", "webhooks_webhook", "owner"),
            _item(_("Notifications"), "outbox", "webhooks_notification", "owner"),
            _item("History", "history", "audit_auditentry"),
            _item("All accounts", "manage_accounts", "auth_user", "superuser"),
            {"title": _("My account"), "icon": "account_circle", "link": reverse_lazy("account")},
        ],
    },
]

SEA = {
    "50": "oklch(97.5% .013 200)",
    "100": "oklch(94.5% .03 200)",
    "200": "oklch(89% .06 202)",
    "300": "oklch(81% .1 205)",
    "400": "oklch(71% .115 210)",
    "500": "oklch(60% .105 215)",
    "600": "oklch(50% .09 218)",
    "700": "oklch(43.5% .077 220)",
    "800": "oklch(37.5% .065 222)",
    "900": "oklch(33% .055 224)",
    "950": "oklch(25% .043 226)",
}

UNFOLD = {
    "SITE_TITLE": "bookingoffice",
    "SITE_HEADER": "bookingoffice",
    "SITE_SUBHEADER": f"{PAGES}.organization_name",
    "SITE_SYMBOL": "beach_access",
    "SITE_URL": None,
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "6px",
    "COLORS": {"primary": SEA},
    "STYLES": [stylesheet],
    "DASHBOARD_CALLBACK": "bookingoffice.home.page.home",
    "SHOW_LANGUAGES": True,
    "LANGUAGES": {"action": reverse_lazy("choose_language"), "navigation": []},
    "ACCOUNT": {"navigation": [{"title": _("My account"), "link": reverse_lazy("account")}]},
    "LOGIN": {"form": "bookingoffice.accounts.entrance.log_in.LogInForm"},
    "SIDEBAR": {"show_search": False, "show_all_applications": False, "navigation": NAVIGATION},
}
