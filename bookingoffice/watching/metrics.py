"""The numbers that monitoring reads. Workers add to files in one folder, and whoever is asked adds these up.

No label says anything of an organization: doors, tables, methods and statuses are all there is.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


def share_in(folder: Path) -> None:
    """Before the library is imported, which looks at the environment once. Without it each worker tells of itself alone."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError:
        return
    os.environ.setdefault(FOLDER, str(folder))


def begin_anew(folder: Path) -> None:
    """Numbers of an earlier server are forgotten when the next one starts: a counter may begin at nought again."""
    if folder.is_dir():
        for file in folder.glob("*.db"):
            file.unlink(missing_ok=True)


class Metrics:
    """Made once a process, by `metrics()`."""

    def __init__(self) -> None:
        from prometheus_client import Counter, Histogram

        self._requests = Counter(
            "bookingoffice_requests",
            "Requests by door, table or function, method and status",
            ["door", "route", "method", "status"],
        )
        self._seconds = Histogram(
            "bookingoffice_request_seconds", "From the first layer to the last byte made", ["door"], buckets=SECONDS
        )
        self._trips = Counter("bookingoffice_postgresql_round_trips", "Round trips to PostgreSQL", ["door"])
        self._asked = Counter("bookingoffice_postgresql_seconds", "Seconds spent waiting for PostgreSQL", ["door"])
        self._limited = Counter("bookingoffice_rate_limited", "Requests refused with 429", ["limit"])
        self._logged = Counter("bookingoffice_requests_logged", "Rows of the request log", ["outcome"])
        self.connected = Counter("bookingoffice_postgresql_connections", "Connections opened to PostgreSQL")
        self._counter = cache(self._requests.labels)
        self._of_door = cache(
            lambda door: (self._seconds.labels(door), self._trips.labels(door), self._asked.labels(door))
        )

    def request(
        self, place: tuple[str, str], method: str, status: str, seconds: float, trips: int, asked: float
    ) -> None:
        door, route = place
        self._counter(door, route, method, status).inc()
        duration, round_trips, waited = self._of_door(door)
        duration.observe(seconds)
        if trips:
            round_trips.inc(trips)
            waited.inc(asked)

    def limited(self, limit: str) -> None:
        self._limited.labels(limit).inc()

    def logged(self, outcome: str, rows: int) -> None:
        """`written`, `dropped` or `failed`."""
        self._logged.labels(outcome).inc(rows)


@cache
def metrics() -> Metrics:
    return Metrics()


def written() -> tuple[bytes, str]:
    """Everything in Prometheus' text form, and its type."""
    from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    metrics()
    registry = REGISTRY
    if os.environ.get(FOLDER):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry), CONTENT_TYPE_LATEST
