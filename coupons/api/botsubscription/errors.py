"""Every refusal in BotSubscription's shape: one code under both of its published names, and a sentence that tells every fault."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions

from bookingoffice.errors import Malformed, RuleViolation
from bookingoffice.idempotency.refusals import KeyRefused

logger = logging.getLogger(__name__)

NOT_FOUND: Final = "NOT_FOUND"
VALIDATION_ERROR: Final = "VALIDATION_ERROR"
TRANSIENT: Final = frozenset({"40001", "40P01", "55P03"})
UNFIT: Final = ("22", "23")
"""Classes of SQLSTATE that say a value does not fit: data, and constraints."""

FIELD_NAMES: Final = {
    "name": "display_name",
    "percent": "percentage",
    "amount_minor": "amount",
    "quota": "max_redemptions",
    "expires_at": "valid_until",
    "archived_at": "status",
}
"""Columns by the names a program knows them under."""


class CouponNotArchived(Exception):
    """Only an archived coupon may be deleted."""


@dataclass(frozen=True, slots=True)
class Refusal:
    status: int
    code: str
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)
    retry_after: int | None = None

    def body(self) -> dict[str, Any]:
        error: dict[str, Any] = {"error_code": self.code, "code": self.code, "message": self.message}
        return error if self.retry_after is None else error | {"retry_after": self.retry_after}


NOTHING_HERE = Refusal(404, NOT_FOUND, "There is nothing at this address.")


def refusal_of(error: Exception) -> Refusal:
    """Whatever a handler raised. What nobody foresaw is logged and told as INTERNAL_ERROR, without a word from inside."""
    match error:
        case RuleViolation():
            return Refusal(422, VALIDATION_ERROR, _told(error.field, error.sentence))
        case Malformed():
            return Refusal(422, VALIDATION_ERROR, " ".join(_told(one.field, one.message) for one in error.faults))
        case CouponNotArchived():
            return Refusal(400, "COUPON_NOT_ARCHIVED", "Only an archived coupon can be deleted; archive it first.")
        case KeyRefused():
            return Refusal(error.status, error.code.upper(), f"{error}. {error.hint}.", error.headers)
        case Http404():
            return Refusal(404, NOT_FOUND, str(error) or NOTHING_HERE.message)
        case exceptions.APIException():
            return _of_framework(error)
        case DatabaseError() | InterfaceError():
            return _of_database(error)
    return _unforeseen(error)


def too_often(message: str, seconds: int) -> Refusal:
    return Refusal(429, "RATE_LIMIT_EXCEEDED", message, {"Retry-After": str(seconds)}, retry_after=seconds)


def _of_framework(error: exceptions.APIException) -> Refusal:
    match error:
        case exceptions.ValidationError():
            return Refusal(422, VALIDATION_ERROR, " ".join(_sentences(error.detail)))
        case exceptions.ParseError():
            return Refusal(400, "INVALID_INPUT", str(error.detail))
        case exceptions.NotAuthenticated() | exceptions.AuthenticationFailed():
            message = "Send a key of this project as `Authorization: Bearer <key>`."
            return Refusal(401, "UNAUTHORIZED", message, {"WWW-Authenticate": "Bearer"})
        case exceptions.PermissionDenied():
            return Refusal(403, "FORBIDDEN", "This key may not do that.")
        case exceptions.MethodNotAllowed():
            return Refusal(405, "METHOD_NOT_ALLOWED", str(error.detail))
        case exceptions.UnsupportedMediaType():
            return Refusal(415, "UNSUPPORTED_MEDIA_TYPE", "Bodies are application/json.")
        case exceptions.Throttled():
            return too_often(str(error.detail), max(1, round(getattr(error, "wait", None) or 1)))
    return _unforeseen(error)


def _of_database(error: DatabaseError | InterfaceError) -> Refusal:
    state = getattr(error.__cause__, "sqlstate", None)
    if state in TRANSIENT or isinstance(error, OperationalError | InterfaceError):
        if state not in TRANSIENT:
            logger.error("The database could not answer", exc_info=error)
        return Refusal(503, "SERVICE_UNAVAILABLE", "The database is busy; try again.", {"Retry-After": "1"})
    if state and state.startswith(UNFIT):
        logger.warning("A value was refused by the database alone", exc_info=error)
        return Refusal(422, VALIDATION_ERROR, "A value does not fit, or the rows it belongs to changed meanwhile.")
    return _unforeseen(error)


def _unforeseen(error: Exception) -> Refusal:
    logger.error("A request failed", exc_info=error)
    return Refusal(500, "INTERNAL_ERROR", "Something went wrong on our side.")


def _told(name: str | None, sentence: str) -> str:
    return f"{FIELD_NAMES.get(name, name)}: {sentence}" if name else sentence


def _sentences(detail: Any, name: str = "") -> Iterator[str]:
    """Faults of fields, of the items of a list by their place, and of nothing in particular."""
    if isinstance(detail, Mapping):
        for key, inner in detail.items():
            yield from _sentences(inner, f"{name}[{key}]" if name else str(key))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _sentences(inner, name)
    else:
        yield f"{name}: {detail}" if name else str(detail)
