"""What the demo business lets and what it charges beside the rent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from bookingoffice.accounts.models import Organization
from bookingoffice.database.rows import insert_rows
from bookingoffice.demo.dice import Dice
from bookingoffice.references.models import Plan, Product, Service

NAME: Final = "Meerhoeve Lakeside Stays"
TIMEZONE: Final = "Europe/Amsterdam"
CURRENCY: Final = "EUR"

PRODUCTS: Final = (
    ("boathouse", "The Boathouse", "Het Boothuis", "Sleeps six above the water, with its own jetty.", 21_500),
    ("reed-cabin", "Reed Cabin", "Riethut", "A wooden cabin for two between the reeds.", 9_800),
    ("heron-loft", "Heron Loft", "Reigerzolder", "Studio under the roof of the old ice house.", 11_200),
    ("houseboat", "Houseboat Zilvermeeuw", "Woonboot Zilvermeeuw", "Moored at the quiet end of the harbour.", 17_900),
    ("orchard-house", "Orchard House", "Boomgaardhuis", "Family house for eight, with a walled garden.", 26_400),
    ("bell-tent", "Bell Tent", "Belltent", "Canvas, a stove and proper beds.", 7_400),
    ("tiny-otter", "Tiny House Otter", "Tiny House Otter", "Twenty square metres that lack nothing.", 8_900),
    ("sloop", "Sloop Windvaan", "Sloep Windvaan", "An electric sloop by the day, for up to seven.", 16_500),
)
"""Code, name, the name in Dutch, what it is, and euro cents a night (the sloop: a day)."""

SERVICES: Final = (
    ("cleaning", "Final cleaning", "Eindschoonmaak", 6_500),
    ("linens", "Bed linen and towels", "Beddengoed en handdoeken", 1_850),
    ("tax", "Tourist tax", "Toeristenbelasting", 275),
    ("pet", "Dog", "Hond", 1_500),
    ("wellness", "Sauna evening", "Sauna-avond", 3_900),
    ("meal", "Breakfast basket", "Ontbijtmand", 1_650),
    ("time", "Late check-out", "Laat uitchecken", 2_500),
    ("equipment", "Canoe for a day", "Kano voor een dag", 3_200),
)
"""Type, label, the label in Dutch, and euro cents."""

PLANS: Final = (("flex", "Flexible"), ("early", "Early bird, no refund"))


@dataclass(frozen=True, slots=True)
class House:
    """Ids by code or type."""

    organization: Organization
    products: dict[str, UUID]
    services: dict[str, UUID]
    plans: dict[tuple[str, str], UUID]
    """By product and plan."""


def furnish(organization: Organization, dice: Dice, opened_at: datetime) -> House:
    """Runs in the organization's scope."""
    stamps = {"created_at": opened_at, "updated_at": opened_at}
    products = [{"id": dice.id_at(opened_at), **_product(*product), **stamps} for product in PRODUCTS]
    services = [
        {"id": dice.id_at(opened_at), **_service(*service), "order": place, **stamps}
        for place, service in enumerate(SERVICES)
    ]
    plans = [
        {"id": dice.id_at(opened_at), "product_id": product["id"], "code": code, "name": name, **stamps}
        for product in products
        for code, name in PLANS
    ]
    for model, rows in ((Product, products), (Service, services), (Plan, plans)):
        insert_rows(model, organization.pk, rows)
    codes = {product["id"]: product["code"] for product in products}
    return House(
        organization,
        products={product["code"]: product["id"] for product in products},
        services={service["type"]: service["id"] for service in services},
        plans={(codes[plan["product_id"]], plan["code"]): plan["id"] for plan in plans},
    )


def _product(code: str, name: str, name_nl: str, description: str, price: int) -> dict[str, Any]:
    return {
        "code": code,
        "name": {"default": name, "nl": name_nl},
        "description": {"default": description},
        "currency": CURRENCY,
        "timezone": TIMEZONE,
        "rent_period": "daily" if code == "sloop" else "nightly",
    }


def _service(kind: str, label: str, label_nl: str, price: int) -> dict[str, Any]:
    return {"type": kind, "label": {"default": label, "nl": label_nl}}
