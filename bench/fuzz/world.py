"""Three organizations laid in over HTTP. Two of them ask; of the third nothing may ever be told, and nothing in it may change.

Each has rows that the others may know of and guess at (open), and rows that nobody else ever names (hidden). A request may be
answered with what it named itself, so only what is hidden is a secret.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bench.fuzz.asking import Asker

SUMMER = {
    "type": "recurring-date-range",
    "intervals": [{"min": {"day": 3, "month": 5}, "max": {"day": 29, "month": 7}}],
}
TABLES = (
    "products",
    "services",
    "plans",
    "bookings",
    "line_items",
    "coupons",
    "coupon_products",
    "coupon_uses",
    "seasons",
)


@dataclass
class Organization:
    """`known` are ids and codes by table that others may guess with; `hidden` are this organization's secrets."""

    id: str
    key: str
    marker: str
    known: dict[str, list[str]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()


def furnished(ask: Asker, organization_id: str, key: str, marker: str) -> Organization:
    organization = Organization(organization_id, key, marker)
    for word in ("open", "hidden"):
        _lay_in(ask, organization, f"{marker}{word}")
    rows = everything(ask, organization)
    secrets: set[str] = {f"{marker}hidden"}
    for table, listed in rows.items():
        for row in listed:
            shown = json.dumps(row)
            ids = [row[name] for name in ("id", "code", "reference") if row.get(name)]
            if f"{marker}hidden" in shown:
                secrets.update(text for text in ids if len(text) > 8)
            elif table not in ("coupon_products", "coupon_uses"):
                organization.known.setdefault(table, []).extend(ids)
    organization.hidden = frozenset(secret.lower() for secret in secrets)
    return organization


def everything(ask: Asker, organization: Organization) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, in one order."""
    return {table: _got(ask, organization, f"/v1/{table}?order=id") for table in TABLES}


def _lay_in(ask: Asker, organization: Organization, word: str) -> None:
    def posted(table: str, **row: Any) -> str:
        headers = {"Prefer": "return=representation", "Content-Type": "application/json"}
        answer = ask("POST", f"/v1/{table}", organization.key, json.dumps([row]), headers)
        assert answer.status == 201, (table, answer)
        return str(json.loads(answer.body)[0]["id"])

    product = posted("products", name={"default": word}, currency="EUR")
    posted("services", label={"default": word}, type="cleaning")
    posted("plans", code=word, name=word, product_id=product)
    bookings = [posted("bookings", reference=f"{word} {number}") for number in range(3)]
    for number, booking in enumerate(bookings):
        posted("line_items", booking_id=booking, amount_minor=1000 * number, item_type="rent", name={"default": word})
    value = [{"value": 5, "period": None, "occupancy_group_id": None}]
    definition = {"type": "absolute", "restrictions": [], "value": value}
    coupons = [
        posted("coupons", code=f"{word}-{number}", definition=definition, description=word, quota=50)
        for number in range(3)
    ]
    links = [("coupon_products", {"coupon_id": coupons[0], "product_id": product})]
    links += [("coupon_uses", {"coupon_id": coupons[1], "booking_id": booking}) for booking in bookings]
    for table, row in links:
        posted(table, **row)
    posted("seasons", name={"default": word}, value=SUMMER)


def _got(ask: Asker, organization: Organization, address: str) -> list[dict[str, Any]]:
    answer = ask("GET", address, organization.key)
    assert answer.status == 200, answer
    return list(json.loads(answer.body))


def secrets_from(others: list[Organization]) -> Iterator[str]:
    for other in others:
        yield from other.hidden
