"""The four dialects as four doors to the coupons of one organization, each answer brought to one form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.test import Client

from bookingoffice.money import EXPONENTS
from tests.builders import make_key

NAMES: Final = ("bookingmood", "hyperline", "fynn", "botsubscription")
Value = tuple[Decimal | int, str]
"""12.5 and "%", or 1250 and "EUR"."""


@dataclass(frozen=True)
class Doors:
    organization: Any
    token: str
    client: Client

    @classmethod
    def of(cls, organization: Any) -> Doors:
        return cls(organization, make_key(organization), Client(raise_request_exception=False))

    def ask(self, method: str, address: str, body: Any = None, *, once: str | None = None) -> Any:
        """With the key `once` a write happens once."""
        headers = {"Authorization": f"Bearer {self.token}"} | ({"Idempotency-Key": once} if once else {})
        data = b"" if body is None else json.dumps(body).encode()
        return self.client.generic(method, address, data, content_type="application/json", headers=headers)

    def address(self, name: str, coupon: Any) -> str:
        """Of one coupon."""
        return {
            "bookingmood": f"/v1/coupons?id=eq.{coupon.pk}",
            "hyperline": f"/hyperline/v1/coupons/{coupon.public_id}",
            "fynn": f"/fynn/coupons/{coupon.pk}",
            "botsubscription": f"{self._project}/{coupon.pk}",
        }[name]

    def told(self, name: str, coupon: Any) -> Any:
        """The coupon as an object, None where the dialect knows no such coupon."""
        answer = self.ask("GET", self.address(name, coupon))
        if name == "bookingmood":
            return next(iter(answer.json(parse_float=Decimal)), None)
        assert answer.status_code in (200, 404)
        if answer.status_code == 404:
            return None
        body = answer.json(parse_float=Decimal)
        return body["data"] if name == "botsubscription" else body

    def listed(self, name: str) -> list[str]:
        """The ids of all coupons, as the dialect has them."""
        address, rows, key = {
            "bookingmood": ("/v1/coupons", None, "id"),
            "hyperline": ("/hyperline/v1/coupons?take=100", "data", "id"),
            "fynn": ("/fynn/coupons?limit=100", "data", "id"),
            "botsubscription": (f"{self._project}?limit=1000", "data", "coupon_id"),
        }[name]
        body = self.ask("GET", address).json()
        return [row[key] for row in (body[rows] if rows else body)]

    def value(self, name: str, told: Mapping[str, Any]) -> Value:
        return getattr(self, f"_{name}")(told)

    @property
    def _project(self) -> str:
        return f"/botsubscription/v2/projects/{self.organization.pk}/coupons"

    def _bookingmood(self, told: Mapping[str, Any]) -> Value:
        definition = told["definition"]
        if definition["type"] == "relative":
            return -Decimal(definition["value"]), "%"
        [variant] = definition["value"]
        return _minor(variant["value"], self.organization.currency), self.organization.currency

    def _hyperline(self, told: Mapping[str, Any]) -> Value:
        if told["type"] == "percent":
            return Decimal(told["discount_percent"]), "%"
        return told["discount_amount"], told["currency"]

    def _fynn(self, told: Mapping[str, Any]) -> Value:
        if told["type"] == "percentage":
            return Decimal(told["percentage"]), "%"
        fixed = told["fixedAmount"]
        assert fixed["precision"] == EXPONENTS[fixed["currencyCode"]]
        return fixed["amount"], fixed["currencyCode"]

    def _botsubscription(self, told: Mapping[str, Any]) -> Value:
        if told["coupon_type"] == "percentage":
            return Decimal(told["percentage"]), "%"
        return _minor(told["amount"], told["currency"]), told["currency"]


def _minor(major: Any, currency: str) -> int:
    minor = Decimal(major).scaleb(EXPONENTS[currency])
    assert minor == int(minor)
    return int(minor)
