"""Databases and the served application, for every test that asks."""

from __future__ import annotations

import os
from collections.abc import Iterator

import hypothesis
import pytest
from django.conf import settings
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from tests import databases, front
from tests.serving import served
from tests.tenancy import forgotten

# A gate gives one answer for one state of the code; chance looks for news wherever CI is not set.
hypothesis.settings.register_profile("gate", derandomize=True)
if os.environ.get("CI"):
    hypothesis.settings.load_profile("gate")


front.install()


@pytest.fixture(scope="session", autouse=True)
def quick_settings() -> None:
    """Hashing a password slowly and naming static files by content prove nothing here and cost seconds."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def statements_name_their_organization(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every statement of every test that the process sends as the serving role, read back when the test is over."""
    connection = connections["default"]
    connection.force_debug_cursor = True
    connection.queries_log.clear()
    yield
    connection.force_debug_cursor = False
    if request.node.get_closest_marker("forgets_the_tenant"):
        return
    faulty = {query["sql"]: tables for query in connection.queries_log if (tables := forgotten(query["sql"] or ""))}
    assert not faulty, faulty


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """pytest-django's own would create tables as the serving role, which may not."""
    with django_db_blocker.unblock(), databases.database_of_this_worker():
        yield


@pytest.fixture(scope="session")
def kept_tables(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> frozenset[str]:
    with django_db_blocker.unblock():
        return databases.filled_tables()


@pytest.fixture
def committed_db(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, kept_tables: frozenset[str]
) -> Iterator[None]:
    """Real commits, seen by other connections, threads and the served application; cleared away afterwards."""
    with django_db_blocker.unblock():
        try:
            yield
        finally:
            connections["default"].close()
            databases.clear(keep=kept_tables)


@pytest.fixture(scope="session")
def served_application(django_db_setup: None) -> Iterator[str]:
    with served(databases.worker_database()) as address:
        yield address


@pytest.fixture
def live_url(committed_db: None, served_application: str) -> str:
    """The production server on this worker's database: `http://127.0.0.1:41234`, without a slash at the end."""
    return served_application
