"""Uses and discount of the last weeks: two pictures and the table they are drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format, number_format

from bookingoffice.accounts.middleware import zone_of
from bookingoffice.accounts.models import Organization
from bookingoffice.home.pictures import Bar, bars_of
from bookingoffice.money import minor_to_major
from coupons import wording
from coupons.weeks import Week, last_weeks

SHORT_DAY: Final = "MONTH_DAY_FORMAT"


@dataclass(frozen=True, slots=True)
class Row:
    """One week; `page` lists its uses."""

    monday: str
    uses: str
    taken: str
    page: str


@dataclass(frozen=True, slots=True)
class Weeks:
    """`taken` draws the organization's own currency; the table has them all."""

    rows: list[Row]
    uses: list[Bar]
    taken: list[Bar]
    currency: str
    empty: bool


def weeks_shown(organization: Organization, now: datetime) -> Weeks:
    zone: ZoneInfo = zone_of(organization)
    weeks = last_weeks(organization.pk, now.date(), zone)
    own = organization.currency
    pages = [_page(week) for week in weeks]
    days = [date_format(week.monday, SHORT_DAY) for week in weeks]
    amounts = [week.taken.get(own, 0) for week in weeks]
    counts = [week.uses for week in weeks]
    return Weeks(
        rows=[_row(week, page) for week, page in zip(weeks, pages, strict=True)][::-1],
        uses=bars_of(counts, [str(number_format(count)) for count in counts], days, pages),
        taken=bars_of(amounts, [_whole(amount, own) for amount in amounts], days, pages),
        currency=own,
        empty=not any(counts),
    )


def _row(week: Week, page: str) -> Row:
    taken = [wording.money(amount, currency) for currency, amount in sorted(week.taken.items())]
    return Row(date_format(week.monday, "DATE_FORMAT"), str(number_format(week.uses)), ", ".join(taken) or "—", page)


def _whole(amount_minor: int, currency: str) -> str:
    """Without what stands behind the point: the table has it."""
    return str(number_format(round(minor_to_major(amount_minor, currency)), use_l10n=True, force_grouping=True))


def _page(week: Week) -> str:
    days = {"from": week.monday.isoformat(), "until": (week.monday + timedelta(days=6)).isoformat()}
    return reverse("admin:coupons_couponuse_changelist", query={**days, "state": "redeemed"})
