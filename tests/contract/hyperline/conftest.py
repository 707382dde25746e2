"""One organization, one key, and a client that speaks as a program would."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from bookingoffice.accounts.authentication import forget_keys
from bookingoffice.database.scope import tenant_scope
from bookingoffice.references.models import Product
from tests.builders import make_key, make_organization, make_product

HARBOUR = {
    "name": "Harbour fair",
    "description": None,
    "expiration_date": "2027-10-31",
    "redemption_limit": 25,
    "type": "amount",
    "discount_amount": 1250,
    "currency": "NOK",
}
OPENING = {
    "name": "Opening month",
    "description": "for early guests",
    "expiration_date": None,
    "redemption_limit": None,
    "type": "percent",
    "discount_percent": 30,
    "repeat": "duration",
    "duration": {"count": 2, "period": "months"},
}


class Api:
    """Requests with a key, at the root or under the dialect's own address; bodies go out as JSON."""

    def __init__(self, token: str | None, prefix: str = "/hyperline") -> None:
        self.token = token
        self.prefix = prefix
        self.client = Client(raise_request_exception=False)

    def __call__(self, method: str, path: str, body: Any = ..., **headers: str) -> Any:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        content_type = sent.pop("Content-Type", "application/json")
        data = body if isinstance(body, bytes) else b"" if body is ... else json.dumps(body).encode()
        return self.client.generic(method, f"{self.prefix}{path}", data, content_type=content_type, headers=sent)


def make_public_products(organization: Any, number: int) -> list[str]:
    """In the order in which they are linked and told."""
    ids = [make_product(organization, f"Cabin {place}").pk for place in range(number)]
    with tenant_scope(organization.pk):
        return list(Product.objects.filter(id__in=ids).order_by("id").values_list("public_id", flat=True))


@pytest.fixture
def organization(db):
    forget_keys()
    return make_organization(currency="EUR", timezone="Europe/Oslo")


@pytest.fixture
def token(organization):
    return make_key(organization)


@pytest.fixture
def api(token):
    return Api(token)


@pytest.fixture
def root(token):
    return Api(token, "")
