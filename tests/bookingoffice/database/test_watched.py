"""A statement that takes long is told by its text, in whichever form it was given."""

from __future__ import annotations

import logging

import pytest
from django.db import connection
from psycopg import sql

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "statement", ["SELECT 42", sql.SQL("SELECT {}").format(sql.Literal(42))], ids=["text", "composed"]
)
def test_a_slow_statement_is_told(statement, settings, caplog):
    settings.SLOW_QUERY_SECONDS = 0.000_001

    with caplog.at_level(logging.WARNING, "bookingoffice.slow"), connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.fetchone() == (42,)

    assert "SELECT 42" in caplog.text
