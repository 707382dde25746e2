"""A small library that is nobody's real schema, served by the engine to one of two organizations."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django.plugin import DjangoDbBlocker

from bookingoffice.postgrest import errors
from bookingoffice.postgrest.callers import UNFILTERED_WRITES, Caller
from bookingoffice.postgrest.catalog import Catalog
from bookingoffice.postgrest.introspection import read_catalog
from bookingoffice.postgrest.views import Engine

OURS = UUID("0190a000-0000-7000-8000-00000000000a")
THEIRS = UUID("0190a000-0000-7000-8000-00000000000b")
SCHEMA = (Path(__file__).parent / "library.sql").read_text()
SCOPES = frozenset({"read", "write"})


@pytest.fixture(scope="session")
def library(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Catalog]:
    """The schema with its rows, made by the owner role; neither RLS nor anything else but the statements guards them."""
    with django_db_blocker.unblock(), connections["owner"].cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS library CASCADE")
        cursor.execute(SCHEMA.format(ours=OURS, theirs=THEIRS))
        wire: psycopg.Connection[Any] = connections["owner"].connection
        catalog = read_catalog(wire, "library")
    yield catalog
    with django_db_blocker.unblock(), connections["owner"].cursor() as cursor:
        cursor.execute("DROP SCHEMA library CASCADE")


@dataclass(frozen=True)
class Answer:
    response: HttpResponse

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def text(self) -> str:
        return self.response.content.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.response.content)

    @property
    def headers(self) -> Any:
        return self.response.headers

    @property
    def range(self) -> str | None:
        return self.response.headers.get("Content-Range")

    @property
    def refusal(self) -> tuple[int, str]:
        return self.status, self.json["code"]


@dataclass
class Client:
    """Calls the engine with one organization's key, by path and query."""

    engine: Engine

    def __call__(self, method: str, target: str, body: Any = None, **headers: str) -> Answer:
        path, _, query = target.partition("?")
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        content_type = sent.pop("Content-Type", "application/json")
        data = body if isinstance(body, str) else "" if body is None else json.dumps(body)
        sent = {"Authorization": "Bearer ours", **sent}
        wire = query.encode().decode("latin-1")  # as a gateway hands it over
        request = RequestFactory().generic(method, f"/{path}", data, content_type, QUERY_STRING=wire, headers=sent)
        return Answer(self.engine.view(request, path))

    def get(self, target: str, **headers: str) -> Answer:
        return self("GET", target, **headers)

    def rows(self, target: str) -> Any:
        answer = self.get(target)
        assert answer.status in (200, 206), answer.text
        return answer.json


def authenticate(request: HttpRequest) -> Caller:
    match request.headers.get("Authorization"):
        case "Bearer ours":
            return Caller(OURS, SCOPES)
        case "Bearer theirs":
            return Caller(THEIRS, SCOPES)
        case "Bearer bold":
            return Caller(OURS, SCOPES | {UNFILTERED_WRITES})
        case "Bearer reader":
            return Caller(OURS, frozenset({"read"}))
        case None:
            raise errors.missing_key()
        case _:
            raise errors.unknown_key()


@pytest.fixture(scope="session")
def committed_client(library: Catalog) -> Client:
    """Outside any test's transaction: reads go through the pipeline."""
    return Client(Engine(library, authenticate))


@pytest.fixture
def client(committed_client: Client, db: None) -> Client:
    """Inside the test's transaction: whatever it writes is undone."""
    return committed_client


@pytest.fixture
def serve(library: Catalog, db: None) -> Callable[..., Client]:
    """A client of another engine over the same rows."""

    def make(catalog: Catalog | None = None, **options: Any) -> Client:
        return Client(Engine(catalog or library, authenticate, **options))

    return make
