"""The mounted engine: who calls, which table or function, and every fault as an answer."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TypeVar

import psycopg
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.urls import URLPattern, re_path
from django.views.decorators.csrf import csrf_exempt

from bookingoffice.database import pipeline
from bookingoffice.postgrest import errors
from bookingoffice.postgrest.bounds import WORKING_BOUNDS, Bounds
from bookingoffice.postgrest.callers import Caller
from bookingoffice.postgrest.catalog import Catalog
from bookingoffice.postgrest.errors import Problem
from bookingoffice.postgrest.execution import Ask
from bookingoffice.postgrest.functions import Function
from bookingoffice.postgrest.openapi import Object, description, document
from bookingoffice.postgrest.views.asks import READS, read_ask
from bookingoffice.postgrest.views.calling import call
from bookingoffice.postgrest.views.conditional import unless_known
from bookingoffice.postgrest.views.info import document_reply, function_methods, table_methods
from bookingoffice.postgrest.views.reading import Reading, read
from bookingoffice.postgrest.views.replies import NO_SUCH_PLACE, Reply, allowed, http_response, problem_reply
from bookingoffice.postgrest.views.requests import Request
from bookingoffice.postgrest.views.writing import write

METHODS = READS | {"POST", "PATCH", "PUT", "DELETE", "OPTIONS"}
FUNCTIONS = "rpc/"
FOUND = frozenset({200, 206})
log = logging.getLogger(__name__)

Authenticate = Callable[[Request], Caller]


Begun = TypeVar("Begun")


def faultless(request: Request, reply: Callable[[], Begun]) -> Begun | Reply:
    """Whatever `reply` raises is an answer too; what no Problem explains goes to the log."""
    try:
        return reply()
    except Problem as problem:
        return problem_reply(problem)
    except (psycopg.OperationalError, OperationalError, InterfaceError) as error:
        log.warning("%s %s: %s", request.method, request.path, error)
        return problem_reply(errors.broken_connection())
    except Exception:
        log.exception("%s %s", request.method, request.path)
        return problem_reply(errors.our_fault())


class Engine:
    """Serves a catalog and some functions to whom `authenticate` lets in; it raises PGRST301 or PGRST302 for others."""

    def __init__(
        self,
        catalog: Catalog,
        authenticate: Authenticate,
        functions: Iterable[Function] = (),
        bounds: Bounds = WORKING_BOUNDS,
        *,
        title: str = "bookingoffice",
    ) -> None:
        self.catalog = catalog
        self.authenticate = authenticate
        self.functions = {function.name: function for function in functions}
        self.bounds = bounds
        self.title = title

    @property
    def urls(self) -> list[URLPattern]:
        """Everything under the prefix where they are included, the prefix itself too."""
        return [re_path(r"^(?P<path>(?s:.*))$", csrf_exempt(self.view))]

    def view(self, request: Request, path: str) -> HttpResponse:
        """`path` is what follows the prefix, decoded. No input makes this raise."""
        return http_response(self.reply(request, path), request)

    def reply(self, request: Request, path: str) -> Reply:
        """The answer before it is HTTP, faults too."""
        begun = self.begin(request, path)
        return self.finish(begun) if isinstance(begun, Reading) else begun

    def begin(self, request: Request, path: str) -> Reading | Reply:
        """A read of a table up to its statement; of everything else the answer."""
        begun = faultless(request, lambda: self._begun(request, path))
        return begun if isinstance(begun, Reading) else _found(begun, request)

    def finish(self, reading: Reading, ask: Ask = pipeline.read) -> Reply:
        """The answer of a read that was begun; `ask` may raise what PostgreSQL's driver raises."""
        return _found(faultless(reading.request, lambda: reading.reply(ask)), reading.request)

    @cached_property
    def described(self) -> Object:
        return description(self.catalog, self.functions.values(), self.title)

    def _begun(self, request: Request, path: str) -> Reading | Reply:
        if request.method not in METHODS:
            raise errors.unknown_method(request.method or "")
        if path.startswith(FUNCTIONS):
            return self._function(request, path.removeprefix(FUNCTIONS))
        if "/" in path:
            return NO_SUCH_PLACE
        return self._table(request, path) if path else self._root(request)

    def catalog_for(self, caller: Caller) -> Catalog:
        """The tables as this caller may see them; the same few objects for all, because plans are remembered by them."""
        return self.catalog

    def _root(self, request: Request) -> Reply:
        if request.method == "OPTIONS":
            return allowed("OPTIONS", "GET", "HEAD")
        if request.method not in READS:
            return NO_SUCH_PLACE
        self.authenticate(request)
        return document_reply(request, document(self.described, request.path.rstrip("/") or "/"))

    def _table(self, request: Request, name: str) -> Reading | Reply:
        if request.method == "OPTIONS":
            return table_methods(self.catalog.get(name))
        caller = self.authenticate(request)
        if request.method in READS:
            return read(request, name, caller, self.catalog_for(caller), self.bounds)
        return write(read_ask(request, name, caller, self.bounds), self.catalog_for(caller), self.bounds)

    def _function(self, request: Request, name: str) -> Reply:
        if "/" in name:
            return NO_SUCH_PLACE
        function = self.functions.get(name)
        if request.method == "OPTIONS":
            return function_methods(function)
        return call(request, name, function, self.authenticate(request), self.bounds, list(self.functions))


def _found(reply: Reply, request: Request) -> Reply:
    return unless_known(reply, request) if request.method in READS and reply.status in FOUND else reply
