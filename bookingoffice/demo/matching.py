"""Which offer a guest of the demo could have used: the limits that its own offers have, no more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from bookingoffice.demo.bookings import Stay
from bookingoffice.demo.calendar import TILES
from bookingoffice.demo.house import CURRENCY, House
from bookingoffice.demo.offers import Offer

SUMMER: Final = TILES["high"][1]


def could_use(offer: Offer, stay: Stay, house: House, moment: datetime) -> bool:
    return offer.liked > 0 and all(_answers(offer, stay, house, moment))


def _answers(offer: Offer, stay: Stay, house: House, moment: datetime) -> Iterator[bool]:
    row = offer.row
    yield offer.created_at(moment) < stay.booked_at
    yield row.get("valid_from", stay.booked_at) <= stay.booked_at < row.get("expires_at", moment)
    yield row.get("currency", CURRENCY) == CURRENCY
    yield row.get("min_nights", 0) <= stay.nights <= row.get("max_nights", 365)
    yield row.get("min_lead_days", 0) <= stay.lead_days <= row.get("max_lead_days", 365)
    yield row.get("min_spend_minor", 0) <= stay.rent_minor
    yield stay.check_in.isoweekday() in row.get("arrival_weekdays", range(8))
    yield row.get("invitee_mode", "all") == "all" or (row["invitee_mode"] == "new_users") == (stay.bookings_before == 0)
    yield "season_ids" not in row or all(SUMMER[0] <= (night.month, night.day) <= SUMMER[1] for night in _nights(stay))
    yield _within_dates(offer, stay)
    yield _on_target(offer, stay, house)


def _nights(stay: Stay) -> list[date]:
    """A day out counts as the day it takes."""
    return [stay.check_in + timedelta(days=night) for night in range(max(stay.nights, 1))]


def _within_dates(offer: Offer, stay: Stay) -> bool:
    first, last = offer.row.get("stay_from", date.min), offer.row.get("stay_until", date.max)
    blackout = offer.row.get("blackout_dates", ())
    return all(first <= night <= last and night not in blackout for night in _nights(stay))


def _on_target(offer: Offer, stay: Stay, house: House) -> bool:
    named = {
        "product": {house.products[stay.product]},
        "service": {house.services[service] for service in stay.services},
        "plan": {house.plans[stay.product, stay.plan]},
    }
    wanted = all(named[target] & set(ids) for target, ids in offer.included.items())
    return wanted and not any(named[target] & set(ids) for target, ids in offer.excluded.items())
