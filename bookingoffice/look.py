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


def keyboard(request: HttpRequest) -> str:
    return static("bookingoffice/keyboard.js")


def icon(request: HttpRequest) -> str:
    return static("bookingoffice/icon.svg")


def _item(title: Any, icon: str, page: str, who: str = "reader") -> dict[str, Any]:
    link = reverse_lazy(f"admin:{page}_changelist")
    return {"title": title, "icon": icon, "link": link, "permission": f"{PAGES}.{who}"}


def _page(title: Any, icon: str, address: str, who: str = "reader") -> dict[str, Any]:
    return {"title": title, "icon": icon, "link": reverse_lazy(address), "permission": f"{PAGES}.{who}"}


# In the order of a day's work: what is up, what guests ask about, what is let, and now and then the office itself.
NAVIGATION = [
    {
        "title": _("Every day"),
        "items": [
            _page(_("What needs you"), "today", "admin:index"),
            _item(_("Coupons"), "sell", "coupons_coupon"),
            _item(_("Uses"), "confirmation_number", "coupons_couponuse"),
            _item(_("Bookings"), "luggage", "references_booking"),
            _item(_("Changes"), "history", "audit_auditentry"),
        ],
    },
    {
        "title": _("Planning"),
        "items": [
            _item(_("Batches of codes"), "qr_code_2", "coupons_couponbatch"),
            _item(_("Seasons"), "calendar_month", "seasons_season"),
            _item(_("Products"), "cottage", "references_product"),
            _item(_("Services"), "room_service", "references_service"),
            _item(_("Plans"), "event_repeat", "references_plan"),
        ],
    },
    {
        "title": _("People and programs"),
        "items": [
            _item(_("Organization"), "storefront", "accounts_organization"),
            _item(_("Members"), "group", "accounts_member", "owner"),
            _item(_("Invitations"), "mail", "accounts_invitation", "owner"),
            _item(_("API keys"), "key", "accounts_apikey", "owner"),
            _item(_("Webhooks"), "webhook", "webhooks_webhook", "owner"),
            _item(_("Notifications"), "outbox", "webhooks_notification", "owner"),
            _item(_("All accounts"), "manage_accounts", "auth_user", "superuser"),
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
    "SCRIPTS": [keyboard],
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": icon}],
    "DASHBOARD_CALLBACK": "bookingoffice.home.page.home",
    "SHOW_LANGUAGES": True,
    "LANGUAGES": {"action": reverse_lazy("choose_language"), "navigation": []},
    "ACCOUNT": {"navigation": [{"title": _("My account"), "link": reverse_lazy("account")}]},
    "LOGIN": {"form": "bookingoffice.accounts.entrance.log_in.LogInForm"},
    "SIDEBAR": {"show_search": False, "show_all_applications": False, "navigation": NAVIGATION},
}
