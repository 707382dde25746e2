"""The production server with committed rows that a whole module reads; a test that writes opens a business of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from tests import databases
from tests.clients.scene import Business, furnish, open_business


@pytest.fixture(scope="module")
def address(served_application: str, django_db_blocker: DjangoDbBlocker, kept_tables: frozenset[str]) -> Iterator[str]:
    """The dialect's address. `live_url` for a module: what its tests commit is cleared away once."""
    with django_db_blocker.unblock():
        try:
            yield f"{served_application}/v1"
        finally:
            connections["default"].close()
            databases.clear(keep=kept_tables)


@pytest.fixture(scope="module")
def lakeside(address: str) -> Business:
    """Rows to read; no test changes them."""
    return furnish(open_business())


@pytest.fixture
def business(address: str) -> Business:
    """Rows of the test's own."""
    return furnish(open_business("Hillside"))
