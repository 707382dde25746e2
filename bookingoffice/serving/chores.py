"""Housekeeping that `up` does once an hour beside its watch. What fails is said, ends nothing, and comes again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

from django.conf import settings
from django.db import DatabaseError, connections

from bookingoffice.request_log import partitions

EVERY = 3600.0  # seconds


class Chores:
    def __init__(self) -> None:
        self._next = 0.0

    def do_if_due(self) -> Iterator[str]:
        """What went wrong, in sentences."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + EVERY
        try:
            tend_request_log(datetime.now(UTC))
        except DatabaseError as error:
            yield f"The request log's partitions could not be tended: {str(error).strip()}"
        finally:
            connections.close_all()


def tend_request_log(moment: datetime) -> None:
    if settings.REQUESTS_KEPT_DAYS:
        partitions.make(moment.date())
        partitions.prune(moment.date(), keep_days=settings.REQUESTS_KEPT_DAYS)
