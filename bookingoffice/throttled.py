"""What is told whom no door has heard: who asks too often, too slowly, or a server that is full. Each in the shape of the dialect
whose address was called; and where a program stands with its limits.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

from bookingoffice.chunked import Application
from bookingoffice.limits.gcra import SECOND, Limit, Verdict
from bookingoffice.limits.layer import Headers
from bookingoffice.postgrest.errors import Problem, too_many_requests
from bookingoffice.postgrest.views.replies import cross_origin, problem_reply
from bookingoffice.postgrest.views.requests import PlainRequest
from coupons.api.botsubscription import errors as botsubscription
from coupons.api.fynn import errors as fynn
from coupons.api.hyperline import errors as hyperline

SENTENCE: Final = "Too many requests; try again in {seconds} s."
BOTSUBSCRIPTION: Final = ("/botsubscription", "/v2/projects")
FYNN: Final = ("/fynn", "/coupons")
HYPERLINE: Final = ("/hyperline", "/v1/coupons/")
ROWS: Final = ("/v1", "/bookingmood")
PROGRAMS: Final = (*BOTSUBSCRIPTION, *FYNN, *HYPERLINE, *ROWS)
TURNED_AWAY: Final = "bookingoffice.turned_away"
NAMES: Final = {
    408: ("REQUEST_TIMEOUT", "timeout", "PGRST102"),
    429: ("RATE_LIMIT_EXCEEDED", "rate_limited", "53400"),
    503: ("SERVICE_UNAVAILABLE", "unavailable", "53300"),
}
"""What each status is called: BotSubscription's code, Hyperline's type, and the row grammar's code."""
JSON: Final = ("Content-Type", "application/json")


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """A refusal that no door of the application has judged; `seconds` until one may come again, where that is known."""

    status: int
    sentence: str
    seconds: int | None = None


def refuse(environ: dict[str, Any], seconds: int) -> tuple[Headers, bytes]:
    """The limits' own."""
    return refusal(environ, TurnedAway(429, SENTENCE.format(seconds=seconds), seconds))


def refusal(environ: dict[str, Any], away: TurnedAway) -> tuple[Headers, bytes]:
    """In the shape of the dialect at the address; without `Retry-After`, which is the caller's to add."""
    path = environ["PATH_INFO"]
    code, kind, state = NAMES[away.status]
    if path.startswith(BOTSUBSCRIPTION):
        asked = {"request_id": str(uuid4()), "method": environ["REQUEST_METHOD"], "path": path, "code": away.status}
        told = botsubscription.Refusal(away.status, code, away.sentence, retry_after=away.seconds)
        return [JSON], _written({"ok": False, **asked, "error": told.body()})
    if path.startswith(FYNN):
        return [("Content-Type", fynn.MEDIA_TYPE)], _written(fynn.Problem(away.status, away.sentence).body)
    if path.startswith(HYPERLINE):
        return [JSON], _written(hyperline.Problem(away.status, away.sentence, kind).body())
    if path.startswith(ROWS):
        reply, shown = problem_reply(_row_problem(away, state)), cross_origin(PlainRequest(environ, path))
        return [("Content-Type", reply.content_type or JSON[1]), *shown.items()], reply.body
    return [("Content-Type", "text/plain; charset=utf-8")], away.sentence.encode()


def _row_problem(away: TurnedAway, state: str) -> Problem:
    if away.status == HTTPStatus.TOO_MANY_REQUESTS and away.seconds is not None:
        return too_many_requests(away.seconds)
    hint = f"Try again in {away.seconds} s" if away.seconds is not None else None
    return Problem(away.status, state, away.sentence, hint=hint)


class Admitted:
    """A layer that answers for a request which was turned away before it came here, so that it is dressed, counted and logged."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        away: TurnedAway | None = environ.get(TURNED_AWAY)
        if away is None:
            return self.application(environ, start_response)
        headers, body = refusal(environ, away)
        again = [("Retry-After", str(away.seconds))] if away.seconds is not None else []
        status = f"{away.status} {HTTPStatus(away.status).phrase}"
        start_response(status, [*headers, ("Content-Length", str(len(body))), *again, ("Connection", "close")])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def tell(environ: dict[str, Any], limit: Limit, verdict: Verdict) -> Headers:
    """The two fields of the IETF's draft, for BotSubscription's programs also the three that it publishes; nothing for pages."""
    path = environ["PATH_INFO"]
    if not path.startswith(PROGRAMS):
        return []
    left, rested = verdict.remaining, -(-verdict.tired // SECOND)
    told = [("RateLimit-Policy", limit.policy), ("RateLimit", f'"{limit.name}";r={left};t={rested}')]
    if path.startswith(BOTSUBSCRIPTION):
        told += [("X-RateLimit-Limit", str(limit.quota)), ("X-RateLimit-Remaining", str(left))]
        told.append(("X-RateLimit-Reset", str(int(time.time()) + rested)))
    return told


def _written(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
