"""One reading and one writing address of each door, and what a refusal looks like there."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Any
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Door:
    """`sentence` finds what a person reads in the refusal's body."""

    name: str
    path: str
    row: Callable[[int], dict[str, Any]]
    sentence: Callable[[Any], str]


def doors(organization_id: object) -> list[Door]:
    hyperline = {
        "description": None,
        "expiration_date": None,
        "redemption_limit": None,
        "type": "percent",
        "discount_percent": 5,
    }
    return [
        Door("rows", "/v1/bookings", lambda n: {"reference": f"R{n}"}, lambda body: body["message"]),
        Door(
            "hyperline", "/hyperline/v1/coupons", lambda n: {"name": f"H{n}", **hyperline}, lambda body: body["message"]
        ),
        Door(
            "fynn",
            "/fynn/coupons",
            lambda n: {"code": f"F{n}", "name": "f", "type": "percentage", "percentage": 5, "frequency": "once"},
            lambda body: body["detail"],
        ),
        Door(
            "botsubscription",
            f"/botsubscription/v2/projects/{organization_id}/coupons",
            lambda n: {"code": f"B{n}", "coupon_type": "percentage", "percentage": 5},
            lambda body: body["error"]["message"],
        ),
    ]


def ask(
    url: str, path: str, key: str = "", body: object = None, timeout: float = 60, cookie: str = "", once: str = ""
) -> Answer:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
    headers |= {"Cookie": cookie} if cookie else {}
    headers |= {"Idempotency-Key": once} if once else {}
    data = json.dumps(body).encode() if body is not None else None
    try:
        with urlopen(Request(url + path, data, headers), timeout=timeout) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except HTTPError as error:
        return Answer(error.code, error.headers, error.read())
