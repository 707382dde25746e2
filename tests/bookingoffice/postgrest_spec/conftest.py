"""A shipyard that belongs to everybody, served as PostgREST would serve it to a key that may write without a filter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from bookingoffice.postgrest.catalog import Catalog
from bookingoffice.postgrest.introspection import read_catalog
from bookingoffice.postgrest.views import Engine
from tests.bookingoffice.postgrest_sql.conftest import Client, authenticate

SCRIPTS = [Path(__file__).parent / name for name in ("shipyard.sql", "shipyard_links.sql")]
GRANTS = """
GRANT USAGE ON SCHEMA shipyard TO bookingoffice;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA shipyard TO bookingoffice;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA shipyard TO bookingoffice;
"""


@pytest.fixture(scope="session")
def shipyard(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Catalog]:
    """The schema, its rows and the planner's view of them, made by the owner role."""
    with django_db_blocker.unblock():
        wire: psycopg.Connection[Any] = _owner()
        with wire.transaction():
            wire.execute("DROP SCHEMA IF EXISTS shipyard CASCADE")
            for script in SCRIPTS:
                wire.execute(script.read_bytes())
            wire.execute(GRANTS.encode())
        wire.execute("ANALYZE shipyard.marks, shipyard.branches")
        catalog = read_catalog(wire, "shipyard")
    yield catalog
    with django_db_blocker.unblock():
        _owner().execute("DROP SCHEMA shipyard CASCADE")


def _owner() -> psycopg.Connection[Any]:
    connections["owner"].ensure_connection()
    wire: psycopg.Connection[Any] = connections["owner"].connection
    return wire


@pytest.fixture
def client(shipyard: Catalog, db: None) -> Client:
    """Inside the test's transaction: whatever it writes is undone."""
    return Client(Engine(shipyard, authenticate))
