"""A request as its key tells it from others: whose key it is, which, and a digest of what it asks for."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http.request import UnreadablePostError

from bookingoffice.idempotency.refusals import malformed_key
from bookingoffice.postgrest.views.requests import Request

HEADER = "HTTP_IDEMPOTENCY_KEY"
WRITES = frozenset({"POST", "PATCH", "PUT", "DELETE"})
KEY = re.compile(r"[ -~]{1,255}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A key belongs to the API key that sent it: two programs of one organization may use the same word."""

    organization_id: UUID
    api_key_id: UUID
    key: str
    fingerprint: bytes


def keyed(request: Request) -> bool:
    """Whether the request is to happen once. This is all that one without a key costs."""
    return HEADER in request.META and request.method in WRITES


def read_asked(request: Request, *, organization_id: UUID, api_key_id: UUID) -> Asked | None:
    """None for a body that cannot be read, which no door acts on. Refuses a malformed key."""
    key = request.META[HEADER]
    if not KEY.fullmatch(key):
        raise malformed_key()
    try:
        body = request.body
    except (RequestDataTooBig, UnreadablePostError):
        return None
    return Asked(organization_id, api_key_id, key, fingerprint(request.method or "", request.get_full_path(), body))


def fingerprint(method: str, target: str, body: bytes) -> bytes:
    """`target` is the path with its query string, encoded, so that it holds no line break."""
    return hashlib.sha256(f"{method}\n{target}\n".encode() + body).digest()
