"""The limits as a layer around the whole application: before anything is parsed, and without a statement."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, Protocol

from bookingoffice.limits.clients import client_address, key_in
from bookingoffice.limits.gcra import SECOND, Limit, Verdict
from bookingoffice.limits.leases import Leases
from bookingoffice.limits.lookups import tries_a_code, unknown_codes
from bookingoffice.limits.rates import Rates

Headers = list[tuple[str, str]]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
SIGN_IN = "/admin/login/"
FREE = ("/static/", "/healthz", "/readyz", "/metrics")


class Count(NamedTuple):
    """One limit that a request counted in, by whom, and what came out."""

    limit: Limit
    who: str
    verdict: Verdict


class Refuse(Protocol):
    """The answer of the address's own dialect to one who must wait."""

    def __call__(self, environ: dict[str, Any], seconds: int) -> tuple[Headers, bytes]: ...


class Tell(Protocol):
    """The headers that tell a program where it stands, in the way of the address's dialect."""

    def __call__(self, environ: dict[str, Any], limit: Limit, verdict: Verdict) -> Headers: ...


Counting = Sequence[tuple[Limit, str]]
"""The limits that a request counts in, and by whom; the widest first."""


class Limits:
    """Who may ask how often, and how often he has."""

    def __init__(self, rates: Rates, leases: Leases, tell: Tell) -> None:
        self.rates = rates
        self.leases = leases
        self.tell = tell

    def counting(self, environ: dict[str, Any], path: str) -> Counting:
        if path.startswith(FREE):
            return ()
        rates = self.rates
        address = client_address(environ, rates.proxies)
        counting = [(rates.address, address)]
        if path == SIGN_IN and environ["REQUEST_METHOD"] == "POST":
            counting.append((rates.sign_ins, address))
        if sent := environ.get("HTTP_AUTHORIZATION"):
            key = key_in(sent)
            counting.append((rates.key, key))
            if tries_a_code(path, environ.get("QUERY_STRING", "")):
                counting.append((rates.lookups, key))
        return [(limit, who) for limit, who in counting if limit]

    def take(self, counting: Counting) -> Count | None:
        """The tightest, which is the one that is told; or the first one that is met. None where nothing is counted."""
        now = time.monotonic_ns()
        tightest: Count | None = None
        for limit, who in counting:
            tightest = Count(limit, who, self.leases.take(limit, who, now))
            if tightest.verdict.wait:
                break
        return tightest

    def told(self, environ: dict[str, Any], count: Count) -> Headers:
        return self.tell(environ, count.limit, count.verdict)

    def is_a_try(self, count: Count) -> bool:
        """Whether it counts as one of a code, whose answer is to be charged for."""
        return count.limit is self.rates.lookups

    def charge(self, count: Count, status: str, headers: Headers, body: bytes) -> None:
        """For the codes of which the answer says that there are none."""
        if unknown := unknown_codes(status, headers, body):
            cost = unknown * self.rates.unknown_cost
            self.leases.charge(count.limit, count.who, time.monotonic_ns(), cost)


class Limited:
    """`refused` is told the name of each limit that was met."""

    def __init__(
        self,
        application: Application,
        *,
        limits: Limits,
        refuse: Refuse,
        refused: Callable[[str], None] = lambda name: None,
    ) -> None:
        self.application = application
        self.limits = limits
        self.refuse = refuse
        self.refused = refused

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        count = self.limits.take(self.limits.counting(environ, environ["PATH_INFO"]))
        if count is None:
            return self.application(environ, start_response)
        if count.verdict.wait:
            return self._refusal(environ, start_response, count)
        if self.limits.is_a_try(count):
            return self._looked_up(environ, start_response, count)
        return self.application(environ, self._telling(environ, start_response, count))

    def _telling(self, environ: dict[str, Any], start_response: Callable[..., Any], count: Count) -> Callable[..., Any]:
        def start(status: str, headers: Headers, *rest: Any) -> Any:
            return start_response(status, [*headers, *self.limits.told(environ, count)], *rest)

        return start

    def _looked_up(self, environ: dict[str, Any], start_response: Callable[..., Any], count: Count) -> Iterable[bytes]:
        """The answer is read for codes that there are not, which are charged for; one that is still awaited, when it is there."""
        heard: list[tuple[str, Headers]] = []

        def start(status: str, headers: Headers, *rest: Any) -> Any:
            heard.append((status, headers))
            return start_response(status, [*headers, *self.limits.told(environ, count)], *rest)

        def examined(parts: Iterable[bytes]) -> Iterable[bytes]:
            body = b"".join(parts)
            if callable(close := getattr(parts, "close", None)):
                close()
            self.limits.charge(count, *heard[-1], body)
            return [body]

        parts = self.application(environ, start)
        then = getattr(parts, "then", None)
        return then(examined) if then else examined(parts)

    def _refusal(self, environ: dict[str, Any], start_response: Callable[..., Any], count: Count) -> Iterable[bytes]:
        self.refused(count.limit.name)
        seconds = max(1, -(-count.verdict.wait // SECOND))
        headers, body = self.refuse(environ, seconds)
        told = self.limits.told(environ, count)
        length = ("Content-Length", str(len(body)))
        start_response("429 Too Many Requests", [*headers, length, ("Retry-After", str(seconds)), *told])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
