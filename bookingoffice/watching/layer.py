"""The outermost layer: a request's id, its numbers, its line where lines are wanted, and the three addresses of monitoring."""

from __future__ import annotations

import hmac
import logging
import time
from collections.abc import Callable, Iterable
from typing import Any, Final

from bookingoffice.database.watched import counted_anew
from bookingoffice.watching import health, metrics, request_ids
from bookingoffice.watching.doors import Doors, method_of

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Headers = list[tuple[str, str]]
FORWARDED: Final = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")
LOOPBACK: Final = ("127.", "::1", "::ffff:127.")
access = logging.getLogger("bookingoffice.access")


class Watch:
    """Sees requests from their beginning to the beginning of their answer; `lines` says whether each is told of in the log."""

    def __init__(self, doors: Doors, *, lines: bool = False) -> None:
        self.doors = doors
        self.lines = lines
        self.metrics = metrics.metrics()

    def begin(self, environ: dict[str, Any]) -> Sight:
        return Sight(self, environ)


class Sight:
    """One request. The first status that is noted counts."""

    __slots__ = ("_environ", "_noted", "_started", "_trips", "_watch", "header")

    def __init__(self, watch: Watch, environ: dict[str, Any]) -> None:
        self._watch = watch
        self._environ = environ
        self._noted = False
        self._started = time.perf_counter()
        self._trips = counted_anew()
        self.header = ("X-Request-Id", request_ids.begin(environ))

    def note(self, status: str) -> None:
        if self._noted:
            return
        self._noted = True
        seconds, trips = time.perf_counter() - self._started, self._trips
        place = self._watch.doors.of(self._environ["PATH_INFO"])
        method = method_of(self._environ["REQUEST_METHOD"])
        self._watch.metrics.request(place, method, status, seconds, trips.number, trips.seconds)
        if self._watch.lines:
            _line(self._environ, place, status, seconds)


class Watched:
    """`token` opens the metrics; without one they are told to this machine alone, and never through a proxy."""

    def __init__(self, application: Application, *, watch: Watch, token: str = "") -> None:
        self.application = application
        self.watch = watch
        self.token = token
        self.own = {"/healthz": self._health, "/readyz": self._readiness, "/metrics": self._numbers}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        sight = self.watch.begin(environ)

        def start(status: str, headers: Headers, *rest: Any) -> Any:
            """An answer that waits for PostgreSQL begins when that has answered."""
            sight.note(status[:3])
            return start_response(status, [*headers, sight.header], *rest)

        try:
            own = self.own.get(environ["PATH_INFO"])
            return own(environ, start) if own else self.application(environ, start)
        except Exception:
            sight.note("500")
            raise

    def _health(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        return _told(start, "200 OK", b"alive\n")

    def _readiness(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        reason = health.ready()
        if reason:
            return _told(start, "503 Service Unavailable", f"{reason}\n".encode())
        return _told(start, "200 OK", b"ready\n")

    def _numbers(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if not self._may_count(environ):
            return _told(start, "404 Not Found", b"There is nothing at this address.\n")
        return _told(start, "200 OK", *metrics.written())

    def _may_count(self, environ: dict[str, Any]) -> bool:
        if self.token:
            sent = environ.get("HTTP_AUTHORIZATION", "").encode("utf-8", "surrogateescape")
            return hmac.compare_digest(sent, f"Bearer {self.token}".encode())
        return environ.get("REMOTE_ADDR", "").startswith(LOOPBACK) and not any(name in environ for name in FORWARDED)


def _told(
    start: Callable[..., Any], status: str, body: bytes, content_type: str = "text/plain; charset=utf-8"
) -> Iterable[bytes]:
    start(status, [("Content-Type", content_type), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")])
    return [body]


def _line(environ: dict[str, Any], place: tuple[str, str], status: str, seconds: float) -> None:
    """Without the query, which may name guests and codes."""
    method, path, took = environ["REQUEST_METHOD"], environ["PATH_INFO"], round(seconds * 1000, 2)
    fields = {"method": method, "path": path, "status": status, "milliseconds": took, "door": place[0]}
    access.info("%s %s %s %.2f ms", method, path, status, took, extra={"fields": fields})
