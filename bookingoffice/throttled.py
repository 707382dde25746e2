"""What who asks too often is told: the refusal in the shape of the dialect whose address was called, and where a program stands."""

from __future__ import annotations

import json
import time
from typing import Any, Final
from uuid import uuid4

from bookingoffice.limits.gcra import SECOND, Limit, Verdict
from bookingoffice.limits.layer import Headers
from bookingoffice.postgrest.errors import too_many_requests
from bookingoffice.postgrest.views.replies import problem_reply
from coupons.api.botsubscription.errors import too_often as botsubscription
from coupons.api.fynn import errors as fynn
from coupons.api.hyperline import errors as hyperline

SENTENCE: Final = "Too many requests; try again in {seconds} s."
BOTSUBSCRIPTION: Final = ("/botsubscription", "/v2/projects")
FYNN: Final = ("/fynn", "/coupons")
HYPERLINE: Final = ("/hyperline", "/v1/coupons/")
ROWS: Final = ("/v1", "/bookingmood")
PROGRAMS: Final = (*BOTSUBSCRIPTION, *FYNN, *HYPERLINE, *ROWS)
JSON: Final = ("Content-Type", "application/json")


def refuse(environ: dict[str, Any], seconds: int) -> tuple[Headers, bytes]:
    path, sentence = environ["PATH_INFO"], SENTENCE.format(seconds=seconds)
    if path.startswith(BOTSUBSCRIPTION):
        refusal = botsubscription(sentence, seconds)
        asked = {"request_id": str(uuid4()), "method": environ["REQUEST_METHOD"], "path": path, "code": 429}
        return [JSON], _written({"ok": False, **asked, "error": refusal.body()})
    if path.startswith(FYNN):
        return [("Content-Type", fynn.MEDIA_TYPE)], _written(fynn.Problem(429, sentence).body)
    if path.startswith(HYPERLINE):
        return [JSON], _written(hyperline.Problem(429, sentence).body())
    if path.startswith(ROWS):
        reply = problem_reply(too_many_requests(seconds))
        return [("Content-Type", reply.content_type or JSON[1])], reply.body
    return [("Content-Type", "text/plain; charset=utf-8")], sentence.encode()


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
