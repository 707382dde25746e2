"""Coupons that need somebody, each kind with a link to the list that shows them all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coupons.needing import MOST_COUNTED, Few, coupons_needing

KINDS: Final[tuple[tuple[str, str | Promise, str | Promise, dict[str, str]], ...]] = (
    ("expiring", gettext_lazy("Expire this week"), gettext_lazy("No coupon expires this week."), {"expiring": "week"}),
    (
        "nearly",
        gettext_lazy("Nearly used up"),
        gettext_lazy("No coupon is nearly used up."),
        {"uses": "nearly", "state": "active"},
    ),
    (
        "exhausted",
        gettext_lazy("Used up"),
        gettext_lazy("No coupon is used up."),
        {"state": "exhausted", "batch": "none"},
    ),
    (
        "never",
        gettext_lazy("Never used"),
        gettext_lazy("No coupon waits for its first use."),
        {"uses": "never", "state": "active", "batch": "none"},
    ),
)


@dataclass(frozen=True, slots=True)
class Row:
    code: str
    when: str
    page: str


@dataclass(frozen=True, slots=True)
class Need:
    """`page` is the list, narrowed to these coupons."""

    name: str
    title: str | Promise
    none: str | Promise
    count: str
    page: str
    rows: list[Row]


def needs_shown(organization_id: UUID, now: datetime) -> list[Need]:
    """`now` is by the organization's clock; its week ends on Sunday."""
    monday = now.date() + timedelta(days=7 - now.weekday())
    found = coupons_needing(organization_id, moment=now, week_ends=datetime.combine(monday, time(), now.tzinfo))
    listed = "admin:coupons_coupon_changelist"
    return [
        Need(name, title, none, _count(found[name]), reverse(listed, query=query), _rows(found[name], name))
        for name, title, none, query in KINDS
    ]


def _count(few: Few) -> str:
    if few.count > MOST_COUNTED:
        return _("more than %(number)s") % {"number": number_format(MOST_COUNTED)}
    return str(number_format(few.count))


def _rows(few: Few, name: str) -> list[Row]:
    return [
        Row(
            code,
            _last_day(expires_at) if name == "expiring" and expires_at else "",
            reverse("admin:coupons_coupon_change", args=[coupon_id]),
        )
        for coupon_id, code, expires_at in few.coupons
    ]


def _last_day(expires_at: datetime) -> str:
    """A coupon that ends at midnight is good through the day before."""
    last = timezone.localtime(expires_at - timedelta(microseconds=1))
    return f"{date_format(last, 'D')} {date_format(last, 'MONTH_DAY_FORMAT')}"
