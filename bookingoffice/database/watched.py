"""How often this thread has asked PostgreSQL, and which statements took long: their text, never their values."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.conf import settings

LONGEST_TOLD: Final = 4000
log = logging.getLogger("bookingoffice.slow")


class _Trips(threading.local):
    number = 0
    seconds = 0.0


trips = _Trips()
"""Since the thread began, ever growing."""


def note(seconds: float, statements: Iterable[bytes | str]) -> None:
    """One round trip is over."""
    trips.number += 1
    trips.seconds += seconds
    if 0 < settings.SLOW_QUERY_SECONDS <= seconds:
        texts = "; ".join(text.decode() if isinstance(text, bytes) else text for text in statements)
        log.warning(
            "%.0f ms: %s",
            seconds * 1000,
            texts[:LONGEST_TOLD],
            extra={"fields": {"milliseconds": round(seconds * 1000)}},
        )


@contextmanager
def noted(statement: bytes) -> Iterator[None]:
    started = time.perf_counter()
    try:
        yield
    finally:
        note(time.perf_counter() - started, [statement])


def around(execute: Callable[..., Any], statement: str, parameters: Any, many: bool, context: Any) -> Any:
    """Django's wrapper of a statement."""
    started = time.perf_counter()
    try:
        return execute(statement, parameters, many, context)
    finally:
        note(time.perf_counter() - started, [statement])
