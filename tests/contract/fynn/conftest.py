"""One organization, one key, and a client that speaks as a program would."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from bookingoffice.accounts.authentication import forget_keys
from tests.builders import make_key, make_organization


class Api:
    """Requests with a key, at the root or under the dialect's prefix; bodies go out as JSON."""

    def __init__(self, token: str | None, prefix: str = "") -> None:
        self.token = token
        self.prefix = prefix
        self.client = Client(raise_request_exception=False)

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        content_type = sent.pop("Content-Type", "application/json")
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return self.client.generic(method, f"{self.prefix}{path}", data, content_type=content_type, headers=sent)


@pytest.fixture
def organization(db):
    forget_keys()
    return make_organization(currency="EUR", timezone="Europe/Amsterdam")


@pytest.fixture
def api(organization):
    return Api(make_key(organization))
