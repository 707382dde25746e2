"""Every refusal in one shape: `statusCode`, `type`, `message`, and `errors` where there is something to list."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404
from django.http.request import UnreadablePostError
from rest_framework import exceptions

from bookingoffice.errors import Malformed, RuleViolation
from bookingoffice.idempotency.refusals import KeyRefused
from bookingoffice.postgrest.sqlerrors import CANCELED, TRANSIENT

log = logging.getLogger(__name__)

TYPES: Final = {
    400: "validation_error",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "payload_too_large",
    415: "unsupported_media_type",
    429: "rate_limited",
    500: "server_error",
    503: "unavailable",
    504: "timeout",
}
NAMES: Final = {
    "expires_at": "expiration_date",
    "quota": "redemption_limit",
    "amount_minor": "discount_amount",
    "percent": "discount_percent",
}
"""Keys of this dialect for columns that are called otherwise."""
REFUSED_BY_RULES: Final = ("22", "23")
"""Classes of SQLSTATE: data that no column takes, and constraints."""


@dataclass(frozen=True, slots=True)
class WireFault:
    """One thing wrong with the value at `path`; `received` is what it is, where the wrong thing is its type, else its value."""

    path: tuple[str | int, ...]
    code: str
    message: str
    expected: str
    received: str

    def told(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "expected": self.expected,
            "received": self.received,
            "path": list(self.path),
            "message": self.message,
        }

    def __str__(self) -> str:
        return f"{'.'.join(map(str, self.path))}: {self.message}" if self.path else self.message


class Refused(Exception):
    """What was sent cannot be done: every fault at once."""

    def __init__(self, faults: Sequence[WireFault], kind: str = TYPES[400]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = tuple(faults)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Problem:
    status: int
    message: str
    kind: str = ""
    faults: tuple[WireFault, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        told = {"statusCode": self.status, "type": self.kind or TYPES[self.status], "message": self.message}
        return {**told, "errors": [fault.told() for fault in self.faults]} if self.faults else told


def problem_of(error: Exception) -> Problem:
    """Whatever a handler raised. What nobody foresaw is logged and says nothing of our insides."""
    match error:
        case Refused():
            return Problem(400, str(error), error.kind, error.faults)
        case RuleViolation():
            return _of_faults([_fault(error.field, error.code, error.sentence)])
        case Malformed():
            return _of_faults([_fault(fault.field, fault.code, fault.message) for fault in error.faults])
        case Http404():
            return Problem(404, str(error) or "Route not found")
        case RequestDataTooBig():
            return Problem(413, "The body is larger than is accepted")
        case UnreadablePostError():
            return Problem(400, "The body ended early")
        case KeyRefused():
            return Problem(error.status, f"{error.sentence}. {error.hint}.", error.code, headers=error.headers)
        case exceptions.APIException():
            return _of_framework(error)
        case DatabaseError() | InterfaceError():
            return _of_database(error)
    return _unforeseen(error)


def _of_faults(faults: Sequence[WireFault]) -> Problem:
    return Problem(400, "; ".join(map(str, faults)), faults=tuple(faults))


def _fault(name: str | None, code: str, sentence: str) -> WireFault:
    return WireFault((NAMES.get(name, name),) if name else (), code, sentence, "another value", "this value")


def _of_framework(error: exceptions.APIException) -> Problem:
    match error:
        case exceptions.NotAuthenticated():
            return _unauthorized("Missing authentication token")
        case exceptions.AuthenticationFailed():
            return _unauthorized("Invalid authentication token")
        case exceptions.PermissionDenied():
            return Problem(403, "The scopes of this key do not allow this call")
        case exceptions.Throttled():
            return Problem(
                429, "Too many requests", headers={"Retry-After": str(int(getattr(error, "wait", None) or 1))}
            )
        case exceptions.ParseError() | exceptions.MethodNotAllowed() | exceptions.UnsupportedMediaType():
            return Problem(error.status_code, str(error.detail))
    return Problem(error.status_code, str(error.detail)) if error.status_code in TYPES else _unforeseen(error)


def _unauthorized(message: str) -> Problem:
    return Problem(401, message, headers={"WWW-Authenticate": "Bearer"})


def _of_database(error: DatabaseError | InterfaceError) -> Problem:
    state = getattr(error.__cause__, "sqlstate", None)
    if state == CANCELED:
        return Problem(504, "The database took too long")
    if state in TRANSIENT or isinstance(error, OperationalError | InterfaceError):
        return Problem(503, "The database is busy or away; send the request again", headers={"Retry-After": "1"})
    if state is not None and state.startswith(REFUSED_BY_RULES):
        log.warning("refused by the database: %s", error)
        return Problem(400, "A value cannot be kept")
    return _unforeseen(error)


def _unforeseen(error: Exception) -> Problem:
    log.error("%s", error, exc_info=error)
    return Problem(500, "Something went wrong on our side")
