"""A kept connection is looked at, not asked, before a request uses it."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection

from bookingoffice.database.pipeline import driver


@pytest.fixture
def kept(committed_db: None):
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    yield driver(connection)
    connection.close()


def begin_request() -> None:
    connection.close_if_unusable_or_obsolete()


def test_a_connection_that_stands_is_used_without_a_question(kept):
    begin_request()
    connection.queries_log.clear()

    with connection.cursor() as cursor:
        cursor.execute("SELECT 2")

    assert [query["sql"] for query in connection.queries_log] == ["SELECT 2"]
    assert driver(connection) is kept


def test_one_that_the_server_ended_is_opened_anew(kept):
    with psycopg.connect(kept.info.dsn, password=kept.info.password) as other:
        other.execute("SELECT pg_terminate_backend(%s, 2000)", [kept.info.backend_pid])
    begin_request()

    with connection.cursor() as cursor:
        assert cursor.execute("SELECT 3").fetchone() == (3,)
    assert driver(connection) is not kept
