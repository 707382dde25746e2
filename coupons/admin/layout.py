"""Where the fields of a coupon stand on its page, which of them show when, and what its constraints mean to a person."""

from __future__ import annotations

from typing import Any, Final

CONDITIONAL_FIELDS: Final = {
    "percent": "kind == 'percent'",
    "amount": "kind == 'amount'",
    "currency": "kind == 'amount'",
    "products": "scope == 'product' || scope == 'rent'",
    "services": "scope == 'service'",
    "repeat_count": "repeat == 'limited'",
    "repeat_unit": "repeat == 'limited'",
}

SENTENCES: Final = {
    "coupons_organization_id_code_key": (
        "code",
        "Another coupon has this code already, in this or another spelling.",
    ),
    "coupons_code_check": ("code", "This is no code: use letters and digits, at most 64 characters."),
    "coupons_quota_check": ("quota", "A limit is a number from 0 up."),
    "coupons_stay_check": ("min_nights", "The limits of the stay are numbers from 0 up."),
    "coupons_repeat_check": ("repeat_count", "Say for how many periods, and of which kind."),
}

FIELDSETS: Final[tuple[Any, ...]] = (
    (None, {"fields": (("state_badge", "uses"), "code", "name", "description")}),
    ("The discount", {"fields": ("kind", "percent", ("amount", "currency"), "expression")}),
    ("What it is for", {"fields": ("scope", "products", "services", "stackable", "priority")}),
    ("How often", {"fields": (("quota", "max_per_customer"),)}),
    ("When", {"fields": ("valid_from", "expires_at")}),
    (
        "Money limits",
        {"fields": (("max_discount", "budget", "min_spend"), "limit_currency"), "classes": ["collapse"]},
    ),
    (
        "The stay",
        {
            "fields": (
                ("min_nights", "max_nights"),
                ("stay_from", "stay_until"),
                ("min_lead_days", "max_lead_days"),
                "season_ids",
                "arrival_weekdays",
                "blackout_dates",
            ),
            "classes": ["collapse"],
        },
    ),
    (
        "Who, and for how many payments",
        {
            "fields": ("invitee_mode", "renewal_constraint", "repeat", ("repeat_count", "repeat_unit")),
            "classes": ["collapse"],
        },
    ),
)
