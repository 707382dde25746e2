"""A year of guests: who came when, for how long, and what stands on their bill."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from bookingoffice.database.rows import insert_rows
from bookingoffice.demo.dice import Dice
from bookingoffice.demo.house import CURRENCY, PRODUCTS, SERVICES, TIMEZONE, House
from bookingoffice.references.models import Booking, LineItem

BOOKINGS: Final = 440
CUSTOMERS: Final = 190
DEPOSIT_MINOR: Final = 20_000
LEADS: Final = ((0, 6), (7, 30), (31, 90), (91, 210))
DEMAND: Final = (70, 75, 85, 100, 110, 120, 140, 140, 105, 95, 75, 100)
"""Percent of the usual rent, by month of arrival."""

FIRST_NAMES: Final = (
    "Anouk", "Bram", "Clara", "Daan", "Elif", "Femke", "Gijs", "Hanna", "Ivo", "Jasmijn", "Kofi", "Lotte", "Mees",
    "Noor", "Ole", "Petra", "Quinten", "Roos", "Sanne", "Tomas",
)  # fmt: skip
LAST_NAMES: Final = (
    "Bakker", "Cornelissen", "van Dijk", "Eriksen", "Fischer", "de Groot", "Haddad", "Ivanov", "Jansen", "Kowalski",
    "Lemaire", "Meijer", "Nguyen", "Okafor", "Peters", "Rossi", "Smit", "Visser", "de Wit", "Zimmermann",
)  # fmt: skip
RENTS: Final = {code: price for code, _, _, _, price in PRODUCTS}
FEES: Final = {kind: price for kind, _, _, price in SERVICES}
NAMES: Final = {
    **{code: {"default": name, "nl": name_nl} for code, name, name_nl, _, _ in PRODUCTS},
    **{kind: {"default": label, "nl": label_nl} for kind, label, label_nl, _ in SERVICES},
}


@dataclass(frozen=True, slots=True)
class Stay:
    id: UUID
    booked_at: datetime
    check_in: date
    nights: int
    product: str
    plan: str
    services: tuple[str, ...]
    guests: int
    customer: int
    bookings_before: int

    @property
    def rent_minor(self) -> int:
        """The boat is let by the day: a day out is no night."""
        units = max(self.nights, 1)
        return RENTS[self.product] * DEMAND[self.check_in.month - 1] // 100 * units

    @property
    def lead_days(self) -> int:
        return (self.check_in - day_of(self.booked_at)).days


def day_of(moment: datetime) -> date:
    """By the house's own clock, as lead times are judged."""
    return moment.astimezone(ZoneInfo(TIMEZONE)).date()


def fill_year(house: House, dice: Dice, moment: datetime) -> list[Stay]:
    """Bookings of the last year, oldest first, with their line items. Runs in the organization's scope."""
    before: Counter[int] = Counter()
    stays = []
    for booked_at in dice.moments(moment - timedelta(days=365), moment - timedelta(hours=2), BOOKINGS):
        customer = dice.between(1, CUSTOMERS)
        stays.append(_stay(dice, booked_at, customer, before[customer]))
        before[customer] += 1
    insert_rows(Booking, house.organization.pk, [_booking(dice, stay, place) for place, stay in enumerate(stays, 1)])
    insert_rows(LineItem, house.organization.pk, [line for stay in stays for line in _lines(house, dice, stay)])
    return stays


def _stay(dice: Dice, booked_at: datetime, customer: int, bookings_before: int) -> Stay:
    lead = dice.between(*dice.one_of(LEADS, (2, 3, 3, 2)))
    product = dice.one_of(tuple(RENTS), (5, 6, 5, 4, 4, 6, 5, 2))
    extras = ("pet", "wellness", "meal", "time", "equipment")
    chosen = tuple(dice.some_of(extras, dice.one_of((0, 1, 2, 3), (4, 4, 2, 1))))
    return Stay(
        id=dice.id_at(booked_at),
        booked_at=booked_at,
        check_in=day_of(booked_at) + timedelta(days=lead),
        nights=0 if product == "sloop" else dice.one_of((2, 3, 4, 5, 7, 10, 14), (5, 6, 4, 3, 6, 2, 1)),
        product=product,
        plan="early" if lead > 60 and dice.happens(60) else "flex",
        services=("tax",) if product == "sloop" else ("cleaning", "linens", "tax", *chosen),
        guests=dice.between(1, 6),
        customer=customer,
        bookings_before=bookings_before,
    )


def customer_of(number: int) -> tuple[str, str]:
    """Id and address of a customer who does not exist."""
    first = FIRST_NAMES[number % len(FIRST_NAMES)]
    last = LAST_NAMES[number * 7 // len(FIRST_NAMES) % len(LAST_NAMES)]
    return f"guest-{number:04}", f"{first}.{last.replace(' ', '')}.{number}@example.org".lower()


def _booking(dice: Dice, stay: Stay, place: int) -> dict[str, Any]:
    customer_id, email = customer_of(stay.customer)
    books = dice.happens(70)
    confirmed = books or dice.happens(85)
    confirmed_at = stay.booked_at + timedelta(minutes=2 if books else dice.between(30, 900))
    return {
        "id": stay.id,
        "created_at": stay.booked_at,
        "updated_at": stay.booked_at,
        "confirmed_at": confirmed_at if confirmed else None,
        "currency": CURRENCY,
        "method": "book" if books else "request",
        "occupancy": {"adults": max(1, stay.guests - 2), "children": min(2, stay.guests - 1)},
        "reference": f"ML-{stay.booked_at:%y}-{place:04}",
        "check_in": stay.check_in,
        "check_out": stay.check_in + timedelta(days=stay.nights),
        "customer_id": customer_id,
        "customer_email": email,
        "customer_bookings_before": stay.bookings_before,
    }


def _lines(house: House, dice: Dice, stay: Stay) -> Iterator[dict[str, Any]]:
    stamps = {"booking_id": stay.id, "created_at": stay.booked_at, "updated_at": stay.booked_at}
    nothing = {"product_id": None, "service_id": None, "plan_id": None}
    rent = stay.rent_minor
    yield {**nothing, **stamps} | {
        "id": dice.id_at(stay.booked_at),
        "product_id": house.products[stay.product],
        "plan_id": house.plans[stay.product, stay.plan],
        "item_type": "rent",
        "name": NAMES[stay.product],
        "quantity": max(stay.nights, 1),
        "amount_minor": rent,
        "tax_minor": rent * 9 // 109,
        "tax_included": True,
    }
    for service in stay.services:
        quantity = stay.guests * max(stay.nights, 1) if service == "tax" else stay.guests if service == "linens" else 1
        yield {**nothing, **stamps} | {
            "id": dice.id_at(stay.booked_at),
            "service_id": house.services[service],
            "item_type": "fee",
            "name": NAMES[service],
            "quantity": quantity,
            "amount_minor": FEES[service] * quantity,
            "tax_minor": 0 if service == "tax" else FEES[service] * quantity * 21 // 121,
            "tax_included": service != "tax",
        }
    yield {**nothing, **stamps} | {
        "id": dice.id_at(stay.booked_at),
        "item_type": "deposit",
        "name": {"default": "Deposit", "nl": "Borg"},
        "quantity": 1,
        "amount_minor": DEPOSIT_MINOR,
        "tax_minor": 0,
        "tax_included": False,
    }
