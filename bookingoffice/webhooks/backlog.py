"""How much waits to be told, and for how long: asked when monitoring reads, so that a worker that is dead shows too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg

from bookingoffice.watching import health
from bookingoffice.watching.metrics import Number


def backlog() -> Iterator[Number]:
    """Nothing while the database does not answer: no number is better than a wrong one."""
    try:
        with health.with_little_patience() as connection:
            found = connection.execute("SELECT pending, oldest, read_at FROM public.webhook_backlog()").fetchone()
    except psycopg.Error:
        return
    assert found is not None
    pending, oldest, read_at = found
    yield "bookingoffice_webhooks_pending", "Notifications that wait to be sent, or to be tried again", pending
    yield "bookingoffice_webhooks_oldest_seconds", "How long the oldest of them has waited", _age(oldest)
    yield "bookingoffice_webhooks_unread_seconds", "How long ago the worker last looked for what is new", _age(read_at)


def _age(moment: datetime | None) -> float:
    return max(0.0, (datetime.now(UTC) - moment).total_seconds()) if moment else 0.0
