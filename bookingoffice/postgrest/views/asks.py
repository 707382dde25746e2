"""A request read in the order of its checks: query string, preferences, Accept, schema, ranges, body. The first fault wins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.core.handlers.wsgi import get_bytes_from_wsgi
from django.http.request import UnreadablePostError

from bookingoffice.postgrest import errors
from bookingoffice.postgrest.bodies import EMPTY, Body, parse_body
from bookingoffice.postgrest.bounds import Bounds
from bookingoffice.postgrest.callers import READ, Caller
from bookingoffice.postgrest.compiler.answers import Form
from bookingoffice.postgrest.compiler.binding import Values
from bookingoffice.postgrest.grammar import parse_query
from bookingoffice.postgrest.media import Media, negotiate
from bookingoffice.postgrest.nodes import Level, Query
from bookingoffice.postgrest.preferences import Preferences, parse_preferences
from bookingoffice.postgrest.ranges import NEGATIVE_LIMIT, Window, window
from bookingoffice.postgrest.views.requests import Request

READS = frozenset({"GET", "HEAD"})
NOBODY = Caller(UUID(int=0))
MOST_REMEMBERED = 1024
LONGEST_REMEMBERED = 2048  # characters of one head; a longer one is rarely sent twice
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
    caller: Caller = NOBODY
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


class Head(NamedTuple):
    """What a request says before its body, as it was sent: requests with equal heads are understood alike, whoever calls."""

    method: str
    query_string: bytes
    prefer: str | None = None
    accept: str | None = None
    range: str | None = None
    profile: str | None = None

    @property
    def size(self) -> int:
        return len(self.query_string) + sum(len(text) for text in self[2:] if text)


def head_of(request: Request, query_string: bytes) -> Head:
    """`query_string` is the part of the request's own that is for the grammar."""
    meta, method = request.META, request.method or "GET"
    profile = meta.get("HTTP_ACCEPT_PROFILE" if method in READS else "HTTP_CONTENT_PROFILE")
    return Head(method, query_string, meta.get("HTTP_PREFER"), meta.get("HTTP_ACCEPT"), meta.get("HTTP_RANGE"), profile)


def read_ask(request: Request, name: str, caller: Caller, bounds: Bounds) -> Ask:
    """A request of a table."""
    ask = read_head(request, name, caller, bounds, raw_query(request))
    _refuse_limited_write(ask.method, ask.query.root)
    if ask.method not in WITH_BODY:
        return ask
    content_type = request.META.get("CONTENT_TYPE")
    columns = None if ask.method == "PUT" else ask.query.columns  # a PUT writes the row as it is
    return replace(ask, body=parse_body(raw_body(request, bounds), content_type, columns=columns, bounds=bounds))


def read_head(request: Request, name: str, caller: Caller, bounds: Bounds, query_string: bytes) -> Ask:
    """Everything before the body."""
    refuse_long_target(request, bounds)
    ask = replace(understood(head_of(request, query_string), name, bounds), caller=caller)
    _refuse_unreadable(ask)
    return ask


def understood(head: Head, name: str, bounds: Bounds) -> Ask:
    """Nobody's ask: the caller and the body are the request's own. A head that comes again is not read again."""
    read = _remembered if head.size <= LONGEST_REMEMBERED else _understood
    return read(head, name, bounds)


def _understood(head: Head, name: str, bounds: Bounds) -> Ask:
    query = parse_query(head.query_string, bounds)
    preferences = parse_preferences([] if head.prefer is None else [head.prefer])
    media = negotiate(head.accept, reading=head.method in READS)
    if head.profile not in (None, "public"):
        raise errors.unknown_schema()
    root = query.root
    rows = window(limit=root.limit, offset=root.offset, range_header=head.range, method=head.method)
    _refuse_negative_limits(root)
    return Ask(head.method, name, head.query_string, query, preferences, media, rows, profile=head.profile)


_remembered = lru_cache(maxsize=MOST_REMEMBERED)(_understood)


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


def _refuse_unreadable(ask: Ask) -> None:
    """Who may write without reading is answered with what was written, and not with what hangs on it."""
    for embed in ask.query.root.embeds:
        if not ask.caller.may(READ):
            raise errors.Problem(403, "42501", f"permission denied for table {embed.target}")


def _refuse_limited_write(method: str, root: Level) -> None:
    """With the ranges, before the body. An offset of 0 was asked for too."""
    if root.limit is None and root.offset is None:
        return
    if method == "PUT":
        raise errors.limited_put()
    if method in ("PATCH", "DELETE") and not root.order:
        raise errors.limit_without_order()


def _refuse_negative_limits(level: Level) -> None:
    for embed in level.embeds:
        if embed.level.limit is not None and embed.level.limit < 0:
            raise errors.bad_range(NEGATIVE_LIMIT)
        _refuse_negative_limits(embed.level)
