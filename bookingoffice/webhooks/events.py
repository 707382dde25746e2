"""The events that a webhook may ask for: `<table of the row grammar>.<what happened>`. Names never change."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

PING: Final = "webhooks.ping"
"""Sent by hand to try a receiver; nobody subscribes to it."""

GROUPS: Final[tuple[tuple[Any, dict[str, Any]], ...]] = (
    (
        _("Coupons"),
        {
            "coupons.created": _("created"),
            "coupons.updated": _("changed in any way"),
            "coupons.archived": _("archived"),
            "coupons.deleted": _("deleted"),
            "coupons.exhausted": _("used up: the quota is reached"),
            "coupons.expired": _("expired"),
        },
    ),
    (
        _("Uses of coupons"),
        {
            "coupon_uses.reserved": _("held for a checkout"),
            "coupon_uses.redeemed": _("redeemed"),
            "coupon_uses.released": _("given back"),
            "coupon_uses.created": _("new in the ledger"),
            "coupon_uses.updated": _("changed"),
            "coupon_uses.deleted": _("gone from the ledger"),
        },
    ),
    (
        _("What coupons are for"),
        {
            "coupon_products.created": _("product linked"),
            "coupon_products.deleted": _("product unlinked"),
            "coupon_services.created": _("service linked"),
            "coupon_services.deleted": _("service unlinked"),
        },
    ),
    (
        _("Seasons"),
        {
            "seasons.created": _("created"),
            "seasons.updated": _("changed, single years included"),
            "seasons.deleted": _("deleted"),
        },
    ),
    *(
        (
            title,
            {
                f"{table}.created": _("created"),
                f"{table}.updated": _("changed in any way"),
                f"{table}.deleted": _("deleted"),
            },
        )
        for title, table in (
            (_("Bookings"), "bookings"),
            (_("Lines of bookings"), "line_items"),
            (_("Products"), "products"),
            (_("Services"), "services"),
            (_("Plans"), "plans"),
        )
    ),
)
NAMES: Final = frozenset(name for _title, events in GROUPS for name in events)
