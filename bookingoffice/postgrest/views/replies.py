"""An answer before it is HTTP, and what every answer carries: the error's four keys, and the headers that browsers ask for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from django.http import HttpResponse

from bookingoffice.postgrest.errors import Problem
from bookingoffice.postgrest.media import JSON
from bookingoffice.postgrest.views.requests import Request

EXPOSED = "Content-Encoding, Content-Location, Content-Range, Content-Type, Date, Location, Server, Transfer-Encoding, Range-Unit"
METHODS = "GET, POST, PATCH, PUT, DELETE, OPTIONS, HEAD"
MAX_AGE = "86400"
NOTHING_MORE: Final[Mapping[str, str]] = MappingProxyType({})


class Reply(NamedTuple):
    """`content_type` None is an answer without a body."""

    status: int = 200
    body: bytes = b""
    content_type: str | None = None
    headers: Mapping[str, str] = NOTHING_MORE


NO_SUCH_PLACE = Reply(404, b"{}", JSON.content_type)


def problem_reply(problem: Problem) -> Reply:
    headers = dict(problem.headers)
    content_type = headers.pop("Content-Type", JSON.content_type)
    body = json.dumps(problem.body(), ensure_ascii=False, separators=(",", ":")).encode()
    return Reply(problem.status, body, content_type, headers)


def allowed(*methods: str) -> Reply:
    return Reply(headers={"Allow": ",".join(methods)})


def http_response(reply: Reply, request: Request) -> HttpResponse:
    """HEAD has the status and headers of GET and no body."""
    body = b"" if request.method == "HEAD" else reply.body
    response = HttpResponse(body, status=reply.status)
    del response.headers["Content-Type"]
    for name, value in (*headers_of_body(reply), *reply.headers.items(), *cross_origin(request).items()):
        response.headers[name] = value
    return response


def headers_of_body(reply: Reply) -> list[tuple[str, str]]:
    return [("Content-Type", reply.content_type)] if reply.content_type else []


def cross_origin(request: Request) -> dict[str, str]:
    """What a browser must hear before it shows an answer to another site's page."""
    origin = request.META.get("HTTP_ORIGIN")
    shared = {"Access-Control-Allow-Origin": origin or "*"}
    if origin:
        shared |= {"Access-Control-Allow-Credentials": "true", "Access-Control-Expose-Headers": EXPOSED}
    if request.method == "OPTIONS":
        shared |= {"Access-Control-Allow-Methods": METHODS, "Access-Control-Max-Age": MAX_AGE}
        shared["Access-Control-Allow-Headers"] = _welcome_headers(request)
    return shared


def _welcome_headers(request: Request) -> str:
    asked = request.META.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", "")
    words = [word.strip() for word in asked.split(",")]
    return ", ".join(["Authorization", *(word for word in words if word and word.lower() != "authorization")])
