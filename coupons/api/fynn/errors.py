"""Refusals as this dialect says them: a problem document (RFC 9457), with one violation for each fault of what was sent."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid5

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404
from django.http.request import UnreadablePostError
from rest_framework import exceptions

from bookingoffice.errors import Fault, Malformed, RuleViolation
from bookingoffice.idempotency.refusals import KeyRefused
from bookingoffice.postgrest.sqlerrors import CANCELED, RETRY, TRANSIENT

log = logging.getLogger(__name__)
MEDIA_TYPE: Final = "application/problem+json"
BLANK: Final = "blank"
SYMFONY_BLANK: Final = "c1051bb4-d103-4f74-8988-acbcafc7fdc3"
_RULES: Final = UUID("635a0ff3-7d3a-499e-8711-155c98a97041")

PROPERTIES: Final = {
    "quota": "maxRedemptions",
    "max_per_customer": "maxRedemptionsPerCustomer",
    "expires_at": "expiresAt",
    "percent": "percentage",
    "amount_minor": "fixedAmount.amount",
    "currency": "fixedAmount.currencyCode",
}
"""Columns whose name on the wire is another."""

CHECKED: Final = {"coupons_code_check": "code", "coupons_name_check": "name"}
"""What the database judges by itself, and which property it is about."""

UNFIT: Final = ("22", "23")
"""Classes of SQLSTATE that say a value does not fit: data, and constraints."""


@dataclass(frozen=True, slots=True)
class Violation:
    """`path` is the property as the wire writes it (`limitedToPlans[0]`), `rule` a name that never changes."""

    path: str
    rule: str
    message: str

    @property
    def line(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message

    @property
    def body(self) -> dict[str, str]:
        return {"propertyPath": self.path, "message": self.message, "code": code_of(self.rule)}


@dataclass(frozen=True, slots=True)
class Problem:
    status: int
    detail: str
    violations: Sequence[Violation] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def body(self) -> dict[str, Any]:
        told = {"type": "about:blank", "title": "An error occurred", "status": self.status, "detail": self.detail}
        return told | ({"violations": [violation.body for violation in self.violations]} if self.violations else {})


class Invalid(Exception):
    """What was sent breaks these rules."""

    def __init__(self, violations: Sequence[Violation]) -> None:
        super().__init__(violations[0].line)
        self.violations = tuple(violations)


class Locked(Exception):
    """The coupon may not change any more, whatever was asked."""


NOT_FOUND: Final = Problem(404, "Not Found")
FAILURE: Final = Problem(500, "Internal Server Error")
REDEEMED: Final = Problem(400, "This coupon has been redeemed and can no longer change.")


def code_of(rule: str) -> str:
    """A rule's UUID follows from its name, so that it is fixed and no two rules share one; Symfony's where it has published one."""
    return SYMFONY_BLANK if rule == BLANK else str(uuid5(_RULES, rule))


def problem_of(error: Exception) -> Problem | None:
    """None for what is no refusal but a failure of ours."""
    match error:
        case Invalid():
            return _invalid(error.violations)
        case Locked():
            return REDEEMED
        case Malformed():
            return _invalid([_of_fault(fault) for fault in error.faults])
        case RuleViolation():
            return _invalid([Violation(property_of(error.field or ""), error.code, error.sentence)])
        case Http404():
            return NOT_FOUND
        case KeyRefused():
            return Problem(error.status, f"{error.sentence}. {error.hint}.", headers=error.headers)
        case RequestDataTooBig():
            return Problem(413, "The body is too large.")
        case UnreadablePostError():
            return Problem(400, "The body did not arrive whole.")
        case exceptions.APIException():
            return _of_framework(error)
        case DatabaseError() | InterfaceError():
            return _of_database(error)
    return None


def flattened(detail: Any, path: str) -> Iterator[Violation]:
    """The framework's nested details as violations: keys are properties, numbers are places in a list."""
    if isinstance(detail, Mapping):
        for key, inner in detail.items():
            yield from flattened(inner, f"{path}[{key}]" if isinstance(key, int) else f"{path}.{key}")
    elif isinstance(detail, list):
        for inner in detail:
            yield from flattened(inner, path)
    else:
        yield Violation(path, detail.code, str(detail))


def property_of(column: str) -> str:
    return PROPERTIES.get(column) or re.sub("_([a-z])", lambda found: found[1].upper(), column)


def _invalid(violations: Sequence[Violation]) -> Problem:
    return Problem(400, "\n".join(violation.line for violation in violations), violations)


def _of_fault(fault: Fault) -> Violation:
    rule = BLANK if fault.code == "code_empty" else fault.code
    return Violation(property_of(fault.field), rule, fault.message)


def _of_framework(error: exceptions.APIException) -> Problem:
    wait = getattr(error, "wait", None)
    headers = {"Retry-After": str(int(wait))} if wait else {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(error.auth_header)  # type: ignore[attr-defined]
    return Problem(error.status_code, str(error.detail), headers=headers)


def _of_database(error: DatabaseError | InterfaceError) -> Problem | None:
    told: Any = error.__cause__
    state = getattr(told, "sqlstate", None)
    if state in TRANSIENT:
        return Problem(503, "Others are changing the same coupon. Try again.", headers=RETRY)
    if state == CANCELED:
        return Problem(504, "The database took too long to answer.")
    if isinstance(error, OperationalError | InterfaceError):
        log.warning("The database could not answer: %s", error)
        return Problem(503, "The database is busy or away. Try again.", headers=RETRY)
    constraint = told.diag.constraint_name if state else None
    if constraint in CHECKED:
        return _invalid([Violation(CHECKED[constraint], constraint, "This value cannot be kept.")])
    if state and state.startswith(UNFIT):
        log.warning("A value was refused by the database alone: %s", error)
        return Problem(400, "A value cannot be kept, or what it belongs to changed meanwhile.")
    return None
