"""Thirty coupons, one of every kind there is, in the words of a small business."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from bookingoffice.demo.house import CURRENCY, TIMEZONE, House
from coupons.services.targets import Target


@dataclass(frozen=True, slots=True)
class Offer:
    """`row`: the coupon's columns. `age`: days since it was made. `liked`: how often guests try it, against the others."""

    code: str
    description: str
    row: Mapping[str, Any]
    age: int = 364
    liked: int = 0
    fate: Literal["", "archived", "deleted"] = ""
    included: Mapping[Target, tuple[UUID, ...]] = field(default_factory=dict)
    excluded: Mapping[Target, tuple[UUID, ...]] = field(default_factory=dict)

    def created_at(self, moment: datetime) -> datetime:
        return moment - timedelta(days=self.age)


def offers(house: House, seasons: Mapping[str, UUID], moment: datetime) -> list[Offer]:
    return [*_plain(), *_by_stay(seasons, moment), *_by_target(house), *_by_time(moment), *_odd_values()]


def percent(number: int | str, **columns: Any) -> dict[str, Any]:
    return {"kind": "percent", "percent": str(number), **columns}


def amount(minor: int, currency: str = CURRENCY, **columns: Any) -> dict[str, Any]:
    return {"kind": "amount", "amount_minor": minor, "currency": currency, **columns}


def _plain() -> list[Offer]:
    """Percentages, amounts, and limits of their number."""
    return [
        Offer("WELCOME10", "First booking", percent(10, invitee_mode="new_users", max_per_customer=1), liked=30),
        Offer("LAKE15", "Newsletter", percent(15, quota=120), liked=24),
        Offer("Tenner", "Thank-you card in the guest book", amount(1_000), liked=14),
        Offer("FIFTY-OFF", "Large bookings", amount(5_000, min_spend_minor=80_000, stackable=False), liked=12),
        Offer("PARTNER-5", "Bike rental next door", percent(5, auto_apply=True, priority=10), liked=10),
        Offer("Loyal-3", "Three times for guests who return", percent(
            12, invitee_mode="existing_users", max_per_customer=3, stackable=False), liked=14),
        Offer("FIRST-12", "The first twelve of the spring letter", percent(25, quota=12), age=300, liked=16),
        Offer("RAFFLE", "Prize of the harbour raffle", amount(7_500, quota=1), age=250, liked=3),
        Offer("BUDGET-500", "Five hundred euros together, at most forty each", percent(
            20, budget_minor=50_000, max_discount_minor=4_000, limit_currency=CURRENCY), age=120, liked=4),
    ]  # fmt: skip


def _by_stay(seasons: Mapping[str, UUID], moment: datetime) -> list[Offer]:
    """Limits of nights, arrival, lead time and season."""
    year = moment.year + 1
    quiet = {"stay_from": date(moment.year - 1, 11, 1), "stay_until": date(year, 3, 31)}
    holidays = [date(at, month, day) for at in (moment.year, year) for month, day in ((1, 1), (12, 25), (12, 26))]
    return [
        Offer("SUMMER-20", "Five nights or more in high summer", percent(
            20, scope="rent", season_ids=[seasons["high"]], min_nights=5), liked=12),
        Offer("LASTMINUTE", "Within a week", percent("12.5", max_lead_days=7), liked=14),
        Offer("EARLYBIRD", "Three months ahead", percent(8, min_lead_days=90), liked=14),
        Offer("LONG-STAY", "Ten nights or more", percent(18, scope="rent", min_nights=10), liked=9),
        Offer("MIDWEEK", "Arrival from Monday to Wednesday", percent(
            10, arrival_weekdays=[1, 2, 3], max_nights=5), liked=12),
        Offer("QUIET-DAYS", "The cold half of the year, not on holidays", percent(
            15, **quiet, blackout_dates=holidays), age=330, liked=10),
    ]  # fmt: skip


def _by_target(house: House) -> list[Offer]:
    """For chosen products, services and plans."""
    water = (house.products["boathouse"], house.products["houseboat"])
    early = tuple(plan for (_, code), plan in house.plans.items() if code == "early")
    return [
        Offer("ON-THE-WATER", "Boathouse and houseboat", percent(
            15, scope="product"), liked=10, included={"product": water}),
        Offer("FREE-CLEANING", "Final cleaning is on us", percent(
            100, scope="service"), liked=9, included={"service": (house.services["cleaning"],)}),
        Offer("BREAKFAST-5", "Off the breakfast basket", amount(
            500, scope="service"), liked=8, included={"service": (house.services["meal"],)}),
        Offer("NOT-THE-SLOOP", "Rent of everything with a roof", percent(
            7, scope="rent"), liked=8, excluded={"product": (house.products["sloop"],)}),
        Offer("PLAN-AHEAD", "Early-bird plans only", amount(
            2_500, plan_scope="specific"), age=200, liked=8, included={"plan": early}),
    ]  # fmt: skip


def _by_time(moment: datetime) -> list[Offer]:
    """Expired, not yet begun, taken out of use, and for payments that return. Days are whole by the house's clock."""
    today = moment.astimezone(ZoneInfo(TIMEZONE)).replace(hour=0, minute=0, second=0, microsecond=0)

    def begin(days: int) -> datetime:
        return today + timedelta(days=days)

    def end(days: int) -> datetime:
        return begin(days).replace(hour=23, minute=59, second=59)

    return [
        Offer("WINTER-WARMER", "Last winter's letter", percent(15, expires_at=end(-240)), liked=18),
        Offer("SPRINGTIME", "Spring letter", amount(2_000, valid_from=begin(-260), expires_at=end(-150)), liked=14),
        Offer("NEXT-SEASON", "Begins with next season", percent(
            10, valid_from=begin(30), expires_at=end(150)), age=9),
        Offer("OLD-FRIENDS", "Replaced by Loyal-3", percent(
            20, invitee_mode="existing_users"), liked=7, fate="archived"),
        Offer("TYPO-LAEK", "Misprinted on the flyer", percent(15), age=280, fate="deleted"),
        Offer("WINTER-LET", "Three months of a winter let", percent(
            10, repeat="limited", repeat_count=3, repeat_unit="months"), age=90, liked=2),
        Offer("CREW", "People who work here", percent(30, repeat="forever", stackable=False), liked=3),
    ]  # fmt: skip


def _odd_values() -> list[Offer]:
    """Other currencies, and a definition that no single number says."""
    variants = [{"value": value, "period": None, "occupancy_group_id": None} for value in (10, 25)]
    return [
        Offer("ZÜRI-30", "Guests who pay in francs", amount(3_000, "CHF"), age=180),
        Offer("OSAKA-3000", "Guests who pay in yen", amount(3_000, "JPY"), age=60),
        Offer("TWO-SIZES", "Ten or twenty-five, by variant", {
            "definition": {"type": "absolute", "restrictions": [], "value": variants}}, age=150, liked=2),
    ]  # fmt: skip
