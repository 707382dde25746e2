"""How often a request has asked PostgreSQL, and which statements took long: their text, never their values."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from psycopg.sql import Composable

LONGEST_TOLD: Final = 4000
log = logging.getLogger("bookingoffice.slow")


@dataclass(slots=True)
class Trips:
    number: int = 0
    seconds: float = 0.0


_current: ContextVar[Trips | None] = ContextVar("trips", default=None)


def counted_anew() -> Trips:
    """Counts what is asked from here on in this context, whichever thread goes on with it."""
    trips = Trips()
    _current.set(trips)
    return trips


def note(seconds: float, statements: Iterable[bytes | str | Composable]) -> None:
    """One round trip is over."""
    trips = _current.get()
    if trips is not None:
        trips.number += 1
        trips.seconds += seconds
    if 0 < settings.SLOW_QUERY_SECONDS <= seconds:
        texts = "; ".join(map(_text, statements))
        log.warning(
            "%.0f ms: %s",
            seconds * 1000,
            texts[:LONGEST_TOLD],
            extra={"fields": {"milliseconds": round(seconds * 1000)}},
        )


def _text(statement: bytes | str | Composable) -> str:
    if isinstance(statement, Composable):
        return statement.as_string(None)
    return statement.decode() if isinstance(statement, bytes) else statement


def around(execute: Callable[..., Any], statement: str | Composable, parameters: Any, many: bool, context: Any) -> Any:
    """Django's wrapper of a statement."""
    started = time.perf_counter()
    try:
        return execute(statement, parameters, many, context)
    finally:
        note(time.perf_counter() - started, [statement])
