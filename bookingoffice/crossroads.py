"""`/v1/coupons` is one address in two APIs: the row grammar's table, and what Hyperline's reference prints for its create."""

from __future__ import annotations

import json
from typing import Any, Final

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponseBase
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from bookingoffice.api import engine
from bookingoffice.postgrest.bodies import CSV_TYPE
from bookingoffice.postgrest.views.requests import Request
from coupons.api.hyperline.urls import create_coupon

HYPERLINE_KEYS: Final = frozenset(
    ["type", "discount_amount", "discount_percent", "redemption_limit", "expiration_date", "currency"]
)
BOOKINGMOOD_KEYS: Final = frozenset(["definition", "code", "quota", "scope", "stackable", "organization_id"])
JSON_SPACE: Final = b" \t\r\n"


@csrf_exempt
def coupons(request: HttpRequest) -> HttpResponseBase:
    """A POST of one object with a key that only Hyperline has and none that only Bookingmood has; all else are rows."""
    if is_hyperlines(request):
        return create_coupon(request)
    return engine.view(request, "coupons")


def is_hyperlines(request: Request) -> bool:
    """Of a request to this address. Only a POST is looked into."""
    return request.method == "POST" and _speaks_hyperline(request)


def _speaks_hyperline(request: Request) -> bool:
    if request.META.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() == CSV_TYPE:
        return False
    try:
        body = request.body
    except (RequestDataTooBig, UnreadablePostError):
        return False  # the engine meets the same and says so
    keys = _keys_of(body) if body.lstrip(JSON_SPACE).startswith(b"{") else frozenset()
    return not keys.isdisjoint(HYPERLINE_KEYS) and keys.isdisjoint(BOOKINGMOOD_KEYS)


def _keys_of(body: bytes) -> frozenset[str]:
    """Of one JSON object; none for anything else. Numbers are not read, however long they are."""
    try:
        value: Any = json.loads(body.decode(), parse_int=str, parse_float=str, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return frozenset()
    return frozenset(value)


def _refuse(word: str) -> None:
    raise ValueError(word)
