"""Where the fields of a coupon stand on its page, in the order a person thinks; what they are called; when they show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

CONDITIONAL_FIELDS: Final = {
    "percent": "kind == 'percent'",
    "amount": "kind == 'amount'",
    "currency": "kind == 'amount'",
    "products": "scope == 'product' || scope == 'rent'",
    "services": "scope == 'service'",
    "limit_currency": "max_discount || budget || min_spend || limit_currency",
    "repeat_count": "repeat == 'limited'",
    "repeat_unit": "repeat == 'limited'",
}

SENTENCES: Final = {
    "coupons_organization_id_code_key": (
        "code",
        _("Another coupon has this code already, in this or another spelling."),
    ),
    "coupons_code_check": ("code", _("This is no code: use letters and digits, at most 64 characters.")),
    "coupons_quota_check": ("quota", _("A limit is a number from 0 up.")),
    "coupons_stay_check": ("min_nights", _("The limits of the stay are numbers from 0 up.")),
    "coupons_repeat_check": ("repeat_count", _("Say for how many periods, and of which kind.")),
}

CLOSED: Final = "collapse"
FIELDSETS: Final[tuple[Any, ...]] = (
    (_("What is it called?"), {"fields": ("code", "name", "description")}),
    (_("What does it give?"), {"fields": ("kind", "percent", ("amount", "currency"), "expression", "max_discount")}),
    (
        _("What is it for, and for whom?"),
        {"fields": ("scope", "products", "services", "plans", "min_spend", "limit_currency", "invitee_mode")},
    ),
    (_("Except for what?"), {"fields": ("not_products", "not_services", "not_plans"), "classes": [CLOSED]}),
    (_("When?"), {"fields": ("valid_from", "expires_at")}),
    (
        _("For which stays?"),
        {
            "fields": (
                ("min_nights", "max_nights"),
                ("stay_from", "stay_until"),
                ("min_lead_days", "max_lead_days"),
                "season_ids",
                "arrival_weekdays",
                "blackout_dates",
            ),
            "classes": [CLOSED],
        },
    ),
    (_("How often?"), {"fields": (("quota", "max_per_customer"), "stackable")}),
    (
        _("Budget, subscriptions and the rest"),
        {
            "fields": (
                "budget",
                "renewal_constraint",
                "repeat",
                ("repeat_count", "repeat_unit"),
                "auto_apply",
                "priority",
                "hot",
                "data",
            ),
            "classes": [CLOSED],
        },
    ),
)

LABELS: Final[Mapping[str, Any]] = {
    "code": _("Code"),
    "name": _("Name"),
    "description": _("Description"),
    "scope": _("Off what"),
    "invitee_mode": _("For whom"),
    "valid_from": _("Valid from"),
    "expires_at": _("Expires"),
    "min_nights": _("Nights at least"),
    "max_nights": _("Nights at most"),
    "stay_from": _("Stays from"),
    "stay_until": _("Stays until"),
    "min_lead_days": _("Booked ahead at least"),
    "max_lead_days": _("Booked ahead at most"),
    "quota": _("Uses in all"),
    "max_per_customer": _("Uses by one customer"),
    "stackable": _("Together with other coupons"),
    "limit_currency": _("Currency of the limits"),
    "renewal_constraint": _("On which payments"),
    "repeat": _("In which billing periods"),
    "repeat_count": _("How many periods"),
    "repeat_unit": _("Periods of"),
    "auto_apply": _("Applied without a code"),
    "priority": _("Priority"),
    "hot": _("Many guests at once"),
}

HELP: Final[Mapping[str, Any]] = {
    "code": _("What guests type. Capitals, spaces and hyphens make no difference."),
    "name": _("What staff call it. Empty: the code."),
    "quota": _("Empty: without a limit."),
    "max_per_customer": _("Empty: without a limit."),
    "stay_until": _("The evening of the last night."),
    "min_lead_days": _("In days, from booking to arrival."),
    "max_lead_days": _("In days, from booking to arrival."),
    "auto_apply": _("The booking system looks for it by itself."),
    "hot": _("Thousands of guests will use it in the same minutes: they are counted side by side, as exactly as else."),
    "priority": _("Of several coupons on one booking the greatest number comes first."),
}

CHOICES: Final[Mapping[str, tuple[tuple[str, Any], ...]]] = {
    "kind": (
        ("percent", _("A percentage")),
        ("amount", _("An amount")),
        ("expression", _("What its expression says")),
    ),
    "scope": (
        ("global", _("The whole booking, after taxes")),
        ("product", _("Bookings of chosen products, after taxes")),
        ("rent", _("Rent, before taxes")),
        ("service", _("Fees of chosen services, before taxes")),
    ),
    "invitee_mode": (
        ("all", _("Every guest")),
        ("new_users", _("New guests: nothing booked before")),
        ("existing_users", _("Guests who have booked before")),
    ),
    "renewal_constraint": (
        ("any", _("Every payment")),
        ("first_payment", _("First payments")),
        ("renewals", _("Renewals")),
    ),
    "repeat": (
        ("once", _("Only the first")),
        ("limited", _("The first few")),
        ("forever", _("All of them")),
    ),
    "repeat_unit": (
        ("", "—"),
        ("days", _("Days")),
        ("weeks", _("Weeks")),
        ("months", _("Months")),
        ("years", _("Years")),
        ("billing_period", _("Billing periods")),
    ),
}
