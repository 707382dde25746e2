"""The numbers that monitoring reads. Each worker adds its own up for a second at most, then adds them to its files in one folder,
and whoever is asked reads the files of all.

No label says anything of an organization: doors, tables, methods and statuses are all there is.
"""

from __future__ import annotations

import os
import threading
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from bookingoffice.watching.ticking import ticker

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
OUTCOMES: Final = ("written", "dropped", "failed")
Key = tuple[tuple[str, str], str, str]


def share_in(folder: Path) -> None:
    """Before the library is imported, which looks at the environment once. Without a folder each worker tells of itself alone."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError:
        return
    os.environ.setdefault(FOLDER, str(folder))


def begin_anew(folder: Path) -> None:
    """A server that starts forgets the numbers of the one before: a counter may begin at nought again."""
    for file in folder.glob("*.db"):
        file.unlink(missing_ok=True)


@dataclass(slots=True)
class Tally:
    """Requests of one kind since the last flush. `buckets` are those of SECONDS, and one above."""

    seconds: float = 0.0
    trips: int = 0
    asked: float = 0.0
    buckets: list[int] = field(default_factory=lambda: [0] * (len(SECONDS) + 1))


class Metrics:
    """Made once a process, by `metrics()`."""

    def __init__(self) -> None:
        from prometheus_client import Counter, Histogram

        class Durations(Histogram):
            """Takes what was counted elsewhere."""

            def add(self, tally: Tally) -> None:
                self._sum.inc(tally.seconds)
                for bucket, number in zip(self._buckets, tally.buckets, strict=True):
                    bucket.inc(number)

        kind = ["door", "route", "method", "status"]
        self._requests = Counter("bookingoffice_requests", "Requests by door, table or function, method, status", kind)
        self._seconds = Durations(
            "bookingoffice_request_seconds", "Until the answer was made", ["door"], buckets=SECONDS
        )
        self._trips = Counter("bookingoffice_postgresql_round_trips", "Round trips to PostgreSQL", ["door"])
        self._asked = Counter("bookingoffice_postgresql_seconds", "Seconds of waiting for PostgreSQL", ["door"])
        self._limited = Counter("bookingoffice_rate_limited", "Requests refused with 429, by limit", ["limit"])
        self._logged = Counter(
            "bookingoffice_request_log_rows", "Rows of the request log, by what became of them", ["outcome"]
        )
        for outcome in OUTCOMES:  # from nought: who watches for an increase does not see a first number that appears
            self._logged.labels(outcome)
        self._tallies: dict[Key, Tally] = {}
        self._adding = threading.Lock()
        self._process = 0

    def request(
        self, place: tuple[str, str], method: str, status: str, seconds: float, trips: int, asked: float
    ) -> None:
        with self._adding:
            tally = self._tallies.get((place, method, status))
            if tally is None:
                tally = self._tallies[place, method, status] = Tally()
            tally.seconds += seconds
            tally.trips += trips
            tally.asked += asked
            tally.buckets[bisect_left(SECONDS, seconds)] += 1
        if self._process != os.getpid():
            self._process = os.getpid()
            ticker.add(self.flush)

    def flush(self) -> None:
        with self._adding:
            tallies, self._tallies = self._tallies, {}
        for ((door, route), method, status), tally in tallies.items():
            self._requests.labels(door, route, method, status).inc(sum(tally.buckets))
            self._seconds.labels(door).add(tally)
            self._trips.labels(door).inc(tally.trips)
            self._asked.labels(door).inc(tally.asked)

    def limited(self, limit: str) -> None:
        self._limited.labels(limit).inc()

    def logged(self, outcome: str, rows: int) -> None:
        """One of OUTCOMES."""
        self._logged.labels(outcome).inc(rows)


@cache
def metrics() -> Metrics:
    return Metrics()


Number = tuple[str, str, float]
"""A name, what it means, and how much it is now."""

asked: list[Callable[[], Iterable[Number]]] = []
"""What is not counted by workers but looked up when monitoring reads."""


class Asked:
    """In the library's form."""

    def collect(self) -> Iterator[Any]:
        from prometheus_client.core import GaugeMetricFamily

        for ask in asked:
            for name, meaning, value in ask():
                yield GaugeMetricFamily(name, meaning, value=value)


def written() -> tuple[bytes, str]:
    """Everything in Prometheus' text form, and its type."""
    from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    metrics().flush()
    registry: Any = REGISTRY
    gauges: Any = CollectorRegistry()
    gauges.register(Asked())
    if os.environ.get(FOLDER):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry) + generate_latest(gauges), CONTENT_TYPE_LATEST
