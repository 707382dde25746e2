"""The row grammar's addresses, answered before Django: the same engine, without middleware that serves only pages.

What a request must pass on its way through Django holds here too. The host must be an allowed one and the scheme safe, or
Django is left to refuse in its own words; and the headers that Django's security middleware gives to every answer are taken
from that middleware.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from http import HTTPStatus
from io import BytesIO
from typing import Any, Final

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest, get_path_info
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpResponse
from django.http.request import split_domain_port, validate_host
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware

from bookingoffice.accounts.authentication import LET_IN, caller_at_once
from bookingoffice.api import engine
from bookingoffice.awaiting import AT_ONCE, Awaiting, Later
from bookingoffice.chunked import Application
from bookingoffice.crossroads import is_hyperlines
from bookingoffice.headers import Headers
from bookingoffice.postgrest.views.asks import READS
from bookingoffice.postgrest.views.conditional import packed, takes_gzip
from bookingoffice.postgrest.views.reading import Reading
from bookingoffice.postgrest.views.replies import Reply, cross_origin, headers_of_body
from bookingoffice.postgrest.views.requests import PlainRequest, Request

PREFIXES: Final = ("/v1/", "/bookingmood/v1/")
SHARED: Final = "/v1/coupons"
"""Also Hyperline's, for a create; and what lies below it is all Hyperline's."""

LONGEST_AT_ONCE: Final = 2048
LONGEST_HOST: Final = 260  # letters: a name of 253, and a port
BODILESS: Final = frozenset({204, 304})
LINES: Final = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


class Front:
    """A WSGI application that answers for the row grammar and hands everything else to `django`."""

    def __init__(self, django: Application) -> None:
        self.django = django

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if AT_ONCE in environ and not lets_in_at_once(environ):
            return Later(lambda: self._answer(environ, start_response))
        return self._answer(environ, start_response)

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith(PREFIXES) or not _passes(environ):
            return self.django(environ, start_response)
        request = PlainRequest(environ, get_path_info(environ))
        if _is_hyperlines(request):
            if request.body_was_read:
                environ["wsgi.input"] = BytesIO(request.body)
            return self.django(environ, start_response)
        return _answered(request, start_response)


def _is_hyperlines(request: PlainRequest) -> bool:
    if not request.path.startswith(SHARED):
        return False
    below = request.path.removeprefix(SHARED)
    return is_hyperlines(request) if not below else below.startswith("/") and below != "/"


def _answered(request: PlainRequest, start_response: Any) -> Iterable[bytes]:
    _renew(connections["default"])
    begun = engine.begin(request, below(request.path))
    if isinstance(begun, Reply):
        return _sent(begun, request, start_response)
    return awaited(begun, lambda reply: _sent(reply, request, start_response))


def awaited(reading: Reading, sent: Callable[[Reply], Iterable[bytes]]) -> Awaiting | Later:
    if reading.page.planned:  # perhaps to be asked too
        return Later(lambda: sent(engine.finish(reading)))
    return Awaiting(reading.page.asked, lambda ask: sent(engine.finish(reading, ask)))


def _sent(reply: Reply, request: PlainRequest, start_response: Any) -> Iterable[bytes]:
    reply = packed(reply, gzip=takes_gzip(request.META.get("HTTP_ACCEPT_ENCODING", "")))
    start_response(line_of(reply.status), [*headers_of_answer(reply), *headers_of_any(request)])
    return [] if request.method == "HEAD" else [reply.body]


def below(path: str) -> str:
    """What stands behind the prefix: a table, a function, or anything else."""
    return path[len(PREFIXES[0] if path.startswith(PREFIXES[0]) else PREFIXES[1]) :]


def lets_in_at_once(environ: dict[str, Any]) -> bool:
    """Whether the request waits for its statement alone: a read of a table by a key that is remembered. Who that is, is noted: a
    moment later the key may have to be looked up.
    """
    caller = caller_at_once(environ.get("HTTP_AUTHORIZATION", ""))
    if caller is None or not _is_quickly_understood(environ):
        return False
    environ[LET_IN] = caller
    return True


def _is_quickly_understood(environ: dict[str, Any]) -> bool:
    """Not by Django, nor by a function, and of no unusual length."""
    path = environ["PATH_INFO"]
    return (
        environ["REQUEST_METHOD"] in READS
        and path.startswith(PREFIXES)
        and below(path) in engine.catalog.resources
        and len(environ.get("QUERY_STRING", "")) <= LONGEST_AT_ONCE
        and _passes(environ)
    )


def _renew(connection: BaseDatabaseWrapper) -> None:
    """As Django does when a request begins. Inside a transaction, as in a test, the connection is another's to judge."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


def headers_of_answer(reply: Reply) -> Headers:
    """What is said of this one. The length is that of the body which a GET would have had, for HEAD too."""
    length = [] if reply.status in BODILESS else [("Content-Length", str(len(reply.body)))]
    return [*headers_of_body(reply), *reply.headers.items(), *length]


def headers_of_any(request: Request) -> Headers:
    """What is said to whoever sends this head, whatever the answer."""
    return [*cross_origin(request).items(), *_secure_headers(safe=_is_safe(request.META))]


def line_of(status: int) -> str:
    return LINES.get(status) or f"{status} Unknown"


def _passes(environ: dict[str, Any]) -> bool:
    """Whether nothing is left for Django to refuse or redirect, and the application stands at the root."""
    if environ.get("SCRIPT_NAME") or (settings.SECURE_SSL_REDIRECT and not _is_safe(environ)):
        return False
    host = environ["HTTP_HOST"] if "HTTP_HOST" in environ else environ["SERVER_NAME"]
    return len(host) <= LONGEST_HOST and _is_allowed(host, tuple(settings.ALLOWED_HOSTS), settings.DEBUG)


@lru_cache(maxsize=1024)
def _is_allowed(host: str, allowed: tuple[str, ...], debug: bool) -> bool:
    """As Django judges a Host header; an odd one, or one that nobody listed, is Django's to refuse."""
    domain, _ = split_domain_port(host)
    return bool(domain) and not (debug and not allowed) and validate_host(domain, allowed)


def _is_safe(environ: dict[str, Any]) -> bool:
    """Whether the caller spoke https, by the word of the proxy where one is believed."""
    if settings.SECURE_PROXY_SSL_HEADER:
        header, word = settings.SECURE_PROXY_SSL_HEADER
        said: str | None = environ.get(header)
        if said is not None:
            return said.split(",", 1)[0].strip() == word
    return environ.get("wsgi.url_scheme") == "https"


@cache
def _secure_headers(*, safe: bool) -> tuple[tuple[str, str], ...]:
    """What Django's own middleware gives to an answer that has nothing yet."""
    request, bare = WSGIRequest(_environment("https" if safe else "http")), HttpResponse()
    del bare.headers["Content-Type"]
    for middleware in (XFrameOptionsMiddleware, SecurityMiddleware):
        middleware(lambda _: bare).process_response(request, bare)
    return tuple(bare.items())


def _environment(scheme: str) -> dict[str, Any]:
    return {"REQUEST_METHOD": "GET", "wsgi.url_scheme": scheme, "wsgi.input": BytesIO()}
