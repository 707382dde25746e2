"""A request read in the order of its checks: query string, preferences, Accept, schema, ranges, body. The first fault wins."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.core.exceptions import RequestDataTooBig
from django.core.handlers.wsgi import get_bytes_from_wsgi
from django.http.request import UnreadablePostError

from bookingoffice.postgrest import errors
from bookingoffice.postgrest.bodies import EMPTY, Body, parse_body
from bookingoffice.postgrest.bounds import Bounds
from bookingoffice.postgrest.callers import Caller
from bookingoffice.postgrest.compiler.answers import Form
from bookingoffice.postgrest.compiler.binding import Values
from bookingoffice.postgrest.grammar import parse_query
from bookingoffice.postgrest.media import Media, negotiate
from bookingoffice.postgrest.nodes import Level, Query
from bookingoffice.postgrest.preferences import Preferences, parse_preferences
from bookingoffice.postgrest.ranges import NEGATIVE_LIMIT, Window, window
from bookingoffice.postgrest.views.requests import Request

READS = frozenset({"GET", "HEAD"})
WITH_BODY = frozenset({"POST", "PATCH", "PUT"})
FORMS = {
    ("json", False): Form.JSON,
    ("json", True): Form.JSON_STRIPPED,
    ("object", False): Form.OBJECT,
    ("object", True): Form.OBJECT_STRIPPED,
    ("csv", False): Form.CSV,
    ("text", False): Form.TEXT,
    ("binary", False): Form.TEXT,
    ("xml", False): Form.XML,
}


@dataclass(frozen=True, slots=True)
class Ask:
    """What one request wants of one table or function."""

    method: str
    name: str
    query_string: bytes
    query: Query
    preferences: Preferences
    media: Media
    window: Window
    caller: Caller
    body: Body = EMPTY
    profile: str | None = None

    @property
    def form(self) -> Form:
        return FORMS[self.media.shape, self.media.nulls_stripped]

    @property
    def singular(self) -> bool:
        return self.media.shape == "object"

    def bound_level(self, values: Values) -> Level:
        """The request's shape; `values` takes its values."""
        return values.bind_level(replace(self.query.root, limit=self.window.limit, offset=self.window.offset))

    def headers(self) -> dict[str, str]:
        """Of every answer that has a body."""
        return {"Content-Profile": self.profile} if self.profile else {}


def read_ask(request: Request, name: str, caller: Caller, bounds: Bounds) -> Ask:
    """A request of a table."""
    ask = read_head(request, name, caller, bounds, raw_query(request))
    if ask.method not in WITH_BODY:
        return ask
    content_type = request.META.get("CONTENT_TYPE")
    return replace(
        ask, body=parse_body(raw_body(request, bounds), content_type, columns=ask.query.columns, bounds=bounds)
    )


def read_head(request: Request, name: str, caller: Caller, bounds: Bounds, query_string: bytes) -> Ask:
    """Everything before the body. `query_string` is the part of the request's own that is for the grammar."""
    method = request.method or "GET"
    refuse_long_target(request, bounds)
    query = parse_query(query_string, bounds)
    preferences = parse_preferences(_every(request, "HTTP_PREFER"))
    media = negotiate(request.META.get("HTTP_ACCEPT"), reading=method in READS)
    profile = _profile(request, method)
    rows = window(
        limit=query.root.limit, offset=query.root.offset, range_header=request.META.get("HTTP_RANGE"), method=method
    )
    _refuse_negative_limits(query.root)
    return Ask(method, name, query_string, query, preferences, media, rows, caller, profile=profile)


def raw_query(request: Request) -> bytes:
    """As it was sent: the gateway hands bytes over as Latin-1."""
    return bytes(get_bytes_from_wsgi(request.META, "QUERY_STRING", ""))


def refuse_long_target(request: Request, bounds: Bounds) -> None:
    target = len(request.path.encode()) + len(raw_query(request)) + 1
    if target > bounds.target_bytes:
        raise errors.Problem(
            414, "uri_too_long", f"The request target is longer than the {bounds.target_bytes} bytes that are allowed"
        )


def raw_body(request: Request, bounds: Bounds) -> bytes:
    try:
        return request.body
    except RequestDataTooBig:
        raise errors.body_too_large(bounds.body_bytes) from None
    except UnreadablePostError:
        raise errors.bad_body("The body ended early") from None


def _every(request: Request, header: str) -> list[str]:
    value = request.META.get(header)
    return [] if value is None else [value]


def _profile(request: Request, method: str) -> str | None:
    """The schema asked for, which can only be the one there is."""
    asked = request.META.get("HTTP_ACCEPT_PROFILE" if method in READS else "HTTP_CONTENT_PROFILE")
    if asked not in (None, "public"):
        raise errors.unknown_schema()
    return asked


def _refuse_negative_limits(level: Level) -> None:
    for embed in level.embeds:
        if embed.level.limit is not None and embed.level.limit < 0:
            raise errors.bad_range(NEGATIVE_LIMIT)
        _refuse_negative_limits(embed.level)
