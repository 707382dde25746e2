"""One project, one key, and a client that speaks as the vendor's snippets do."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from bookingoffice.accounts.authentication import forget_keys
from tests.builders import make_key, make_organization


class Api:
    """Requests with a key to one project. `url` stands for a whole address, `path` for one inside of the project."""

    def __init__(self, token: str | None, project: Any, base: str = "") -> None:
        self.token = token
        self.root = f"{base}/v2/projects/{project}"
        self.client = Client(raise_request_exception=False)

    def __call__(self, method: str, path: str, body: Any = None, *, url: str | None = None, **headers: str) -> Any:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        content_type = sent.pop("Content-Type", "application/json")
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return self.client.generic(method, url or f"{self.root}{path}", data, content_type=content_type, headers=sent)

    def code_of(self, answer: Any) -> tuple[int, str]:
        return answer.status_code, answer.json()["error"]["error_code"]


@pytest.fixture
def organization(db):
    forget_keys()
    return make_organization(currency="EUR", timezone="Europe/Amsterdam")


@pytest.fixture(params=["", "/botsubscription"], ids=["root", "prefixed"])
def any_api(request, organization):
    return Api(make_key(organization), organization.pk, request.param)


@pytest.fixture
def api(organization):
    return Api(make_key(organization), organization.pk)
