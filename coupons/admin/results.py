"""What came of a coupon, on its page: sums by currency, and its weeks as a picture with the numbers beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils.formats import date_format
from django.utils.timezone import localtime

from bookingoffice.accounts.models import Organization
from coupons.services.statistics import Asked, Result, statistics
from coupons.wording import day, money, number

MOST_WEEKS: Final = 53
WEEK: Final = timedelta(weeks=1)
HEIGHT: Final = 100
"""Of the tallest bar; a week's place is as wide as STEP, in the picture's own units."""
STEP, GAP = 12, 3


@dataclass(frozen=True)
class Sum:
    """Of one currency, in words."""

    currency: str
    uses: str
    customers: str
    holds: str
    discount: str
    revenue: str
    first: str
    last: str


@dataclass(frozen=True)
class Bar:
    """`tick` is the label under it, for the first week of a month."""

    week: str
    uses: int
    discount: str
    tick: str
    x: int
    y: int
    height: int


@dataclass(frozen=True)
class Results:
    sums: tuple[Sum, ...]
    bars: tuple[Bar, ...]
    most: int
    earlier: bool
    """There were uses before the first bar."""

    @property
    def width(self) -> int:
        return STEP * len(self.bars)

    @property
    def newest(self) -> tuple[Bar, ...]:
        """Weeks with uses, the last one first."""
        return tuple(bar for bar in reversed(self.bars) if bar.uses)


def results_of(organization: Organization, coupon_id: UUID, *, moment: datetime) -> Results:
    sums = statistics(organization, Asked(coupon_id=coupon_id), moment=moment)
    weekly = statistics(organization, Asked(coupon_id=coupon_id, period="week"), moment=moment)
    used = [one for one in weekly if one.uses and one.period]
    bars = _bars(used, localtime(moment).date())
    first = min((one.period for one in used if one.period), default=None)
    shown = bars[0].week if bars else ""
    return Results(
        tuple(map(_sum, sums)),
        bars,
        most=max((bar.uses for bar in bars), default=0),
        earlier=first is not None and day(first) != shown,
    )


def _sum(one: Result) -> Sum:
    return Sum(
        currency=one.currency,
        uses=number(one.uses),
        customers=number(one.customers),
        holds=number(one.live_holds),
        discount=money(one.discount_minor, one.currency),
        revenue=money(one.revenue_minor, one.currency),
        first=_day_of(one.first_use_at),
        last=_day_of(one.last_use_at),
    )


def _day_of(moment: datetime | None) -> str:
    return day(localtime(moment)) if moment else "—"


def _bars(used: Sequence[Result], today: date) -> tuple[Bar, ...]:
    """From the first use to the last week there is, empty weeks among them; the newest ones where they are many."""
    by_week: defaultdict[date, list[Result]] = defaultdict(list)
    for one in used:
        by_week[one.period or today].append(one)
    if not by_week:
        return ()
    last = max(*by_week, today - timedelta(days=today.weekday()))
    first = max(min(by_week), last - WEEK * (MOST_WEEKS - 1))
    weeks = [first + WEEK * place for place in range((last - first).days // 7 + 1)]
    most = max((sum(one.uses for one in by_week.get(week, ())) for week in weeks), default=0)
    return tuple(_bar(place, week, by_week.get(week, []), most) for place, week in enumerate(weeks))


def _bar(place: int, week: date, found: list[Result], most: int) -> Bar:
    uses = sum(one.uses for one in found)
    height = 0 if not uses else max(2, HEIGHT * uses // most)
    return Bar(
        week=day(week),
        uses=uses,
        discount=" + ".join(money(one.discount_minor, one.currency) for one in found) or "—",
        tick=date_format(week, "M") if week.day <= 7 else "",
        x=place * STEP,
        y=HEIGHT - height,
        height=height,
    )
