"""A read that comes again, with the same values or others, on a short way through the layers.

What the layers and the engine make of a head alone is remembered with it. What differs each time is done each time: the key is
looked at, limits are counted, PostgreSQL is asked, and the answer is dressed, seen and written down, all by the layers' own hands.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any, Final, Self

from bookingoffice import layers
from bookingoffice.accounts.authentication import LET_IN, caller_at_once
from bookingoffice.api import engine
from bookingoffice.chunked import Application
from bookingoffice.front import (
    awaited,
    below,
    headers_of_answer,
    headers_of_any,
    lets_in_at_once,
    line_of,
)
from bookingoffice.headers import Headers, missing
from bookingoffice.limits.layer import Count
from bookingoffice.postgrest.callers import Caller
from bookingoffice.postgrest.views.conditional import packed, takes_gzip
from bookingoffice.postgrest.views.parting import Parted
from bookingoffice.postgrest.views.reading import Reading
from bookingoffice.postgrest.views.replies import Reply, headers_of_body
from bookingoffice.postgrest.views.requests import PlainRequest

PARTED: Final = "bookingoffice.parted"
"""In the environment of a request on a shortcut, its query string parted into shape and values."""

REQUEST_ID: Final = "HTTP_X_REQUEST_ID"


class Shortcut:
    """The application for heads of one shape. Whatever is not as it was goes the `whole` way."""

    def __init__(self, whole: Application, environ: dict[str, Any], reading: Reading, caller: Caller) -> None:
        self._environ = environ
        self._path: str = environ["PATH_INFO"]
        self._whole = whole
        self._reading = reading
        self._caller = caller
        self._watch, self._limits, self._log = layers.watch(), layers.limits(), layers.log()
        shaped = environ | {"QUERY_STRING": reading.parted.shape.decode("latin-1")}
        self._counting = self._limits.counting(shaped, self._path) if self._limits else ()
        self._gzip = takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
        self._said_to_all: dict[str | None, Headers] = {}

    @classmethod
    def of(cls, whole: Application, environ: dict[str, Any]) -> Self | None:
        """None where there is more to do than a read; `environ` names no request."""
        path, asked = environ["PATH_INFO"], environ.copy()  # in which is noted who was let in this time
        if REQUEST_ID in environ or not lets_in_at_once(asked):
            return None
        reading = engine.begin(PlainRequest(asked, path), below(path))
        if not isinstance(reading, Reading) or not reading.holds_for_its_shape:
            return None
        return cls(whole, environ, reading, asked[LET_IN])

    def environ(self, query: str, parted: Parted, request_id: str = "") -> dict[str, Any]:
        """Of a request whose `query` is of the same shape, and whose head is the same otherwise but for its id."""
        named = {REQUEST_ID: request_id} if request_id else {}
        return self._environ | {"QUERY_STRING": query, PARTED: parted, **named}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if caller_at_once(environ["HTTP_AUTHORIZATION"]) != self._caller:
            return self._whole(environ, start_response)
        count = self._limits.take(self._counting) if self._limits else None
        if count and count.verdict.wait:
            return self._whole(environ, start_response)
        sight, at = self._watch.begin(environ), time.time()
        reading, parted = self._reading, environ[PARTED]
        if parted.values:
            reading = reading.again(PlainRequest(environ, self._path), parted)

        def sent(reply: Reply) -> Iterable[bytes]:
            reply = packed(reply, gzip=self._gzip)
            line = line_of(reply.status)
            if self._log:
                self._log.note(self._caller, at, self._log.words(environ), line)
            sight.note(line[:3])
            headers = [*self._headers(reply, count), sight.header]
            if self._limits and count and self._limits.is_a_try(count):
                self._limits.charge(count, line, headers, reply.body)
            start_response(line, headers)
            return [reply.body]

        return awaited(reading, sent)

    def _headers(self, reply: Reply, count: Count | None) -> Headers:
        told = self._limits.told(self._environ, count) if self._limits and count else []
        return [*headers_of_answer(reply), *self._to_all(reply.content_type), *told]

    def _to_all(self, content_type: str | None) -> Headers:
        """What is said with every answer of this type."""
        said = self._said_to_all.get(content_type)
        if said is None:
            own = headers_of_any(self._reading.request)
            typed = [*own, *headers_of_body(Reply(content_type=content_type))]
            said = self._said_to_all[content_type] = [*own, *missing(self._path, typed)]
        return said
