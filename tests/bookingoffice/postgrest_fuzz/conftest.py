"""Committed rows of two organizations, and a caller that asks as one of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from bookingoffice.accounts.authentication import forget_keys
from tests import databases
from tests.bookingoffice.postgrest_fuzz.asking import Asker
from tests.bookingoffice.postgrest_fuzz.model import Rows
from tests.bookingoffice.postgrest_fuzz.scene import TABLES, Tenant, furnished


@pytest.fixture(scope="package")
def committed_rows(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, kept_tables: frozenset[str]
) -> Iterator[None]:
    with django_db_blocker.unblock():
        forget_keys()
        try:
            yield
        finally:
            connections["default"].close()
            databases.clear(keep=kept_tables)


@pytest.fixture(scope="package")
def ours(committed_rows: None) -> Tenant:
    return furnished("amber")


@pytest.fixture(scope="package")
def stranger(committed_rows: None) -> Tenant:
    return furnished("velvet")


@pytest.fixture(scope="package")
def ask(ours: Tenant, stranger: Tenant) -> Asker:
    return Asker(ours.token)


@pytest.fixture(scope="package")
def rows(ask: Asker) -> Rows:
    """All that there is for our key."""
    return {table: ask.rows(table) for table in TABLES}
