"""Commands that show no page start without the admin's: finding those is half of what a start takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

ERRANDS: Final = frozenset(
    {
        "backup", "restore", "demo", "check_ledger", "generate_coupons", "seasons", "work_imports", "prune_requests",
        "import_bookings", "import_coupons", "import_products", "import_seasons",
        "export_bookings", "export_coupons", "export_products", "export_seasons",
        "create_api_key", "revoke_api_key", "create_organization", "list_organizations", "create_staff", "reset_two_factor",
        "deliver_webhooks", "replay_webhooks",
    }
)  # fmt: skip
PAGES: Final = "django.contrib.admin"


def apps_for(arguments: Sequence[str], apps: Sequence[str]) -> list[str]:
    """`arguments` are those behind `manage.py`. Who asks for an address after all finds the pages: `bookingoffice.urls` does."""
    if arguments and arguments[0] in ERRANDS:
        return [f"{PAGES}.apps.SimpleAdminConfig" if app == PAGES else app for app in apps]
    return list(apps)
