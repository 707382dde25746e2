"""Scope and statement in one round trip: nothing of a request stays on the connection."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any
from unittest import mock

import psycopg
import pytest
from django.db import connection, connections, transaction

from bookingoffice.database import pipeline
from bookingoffice.database.batches import Query
from bookingoffice.postgrest import execution
from bookingoffice.postgrest.errors import Problem

from .conftest import OURS, Client

SCOPE = Query(b"SELECT current_setting('bookingoffice.organization_id', true)")


@pytest.fixture(autouse=True)
def outside(committed_db: None) -> Iterator[None]:
    yield
    assert not connection.in_atomic_block


def another_connection() -> psycopg.Connection[Any]:
    parameters = connections["default"].get_connection_params()
    known = ("dbname", "user", "password", "host", "port")
    return psycopg.connect(**{key: parameters[key] for key in known if key in parameters})


def scope_now() -> bytes | None:
    connection.ensure_connection()
    return pipeline.first_row(connection, SCOPE)[0]


def test_the_scope_is_there_for_the_statement_and_gone_afterwards() -> None:
    [row] = pipeline.read(pipeline.Read(OURS, [SCOPE]))

    assert row == (str(OURS).encode(),)
    assert not scope_now()


def test_parameters_have_no_type_of_their_own() -> None:
    [row] = pipeline.read(pipeline.Read(OURS, [Query(b"SELECT pg_typeof(1 + $1), $2::int4", ["2", "7"])]))

    assert row == (b"\x00\x00\x00\x17", b"\x00\x00\x00\x07")


def test_a_read_writes_nothing(committed_client: Client) -> None:
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        pipeline.read(pipeline.Read(OURS, [Query(b"DELETE FROM library.notes")]))


def test_after_a_refused_statement_the_connection_serves_the_next(committed_client: Client) -> None:
    for _ in range(2):
        assert committed_client.get("books?id=eq.x").refusal == (400, "22P02")
        assert committed_client.rows("books?select=id&limit=1") == [{"id": 1}]
    assert not scope_now()


def test_the_plan_travels_with_the_statement(committed_client: Client) -> None:
    assert committed_client.get("books?select=id", Prefer="count=planned").status in (200, 206)


def test_a_connection_that_the_server_closed_is_opened_anew(committed_client: Client) -> None:
    committed_client.rows("books?limit=1")
    backend = connections["default"].connection.info.backend_pid
    _terminate(backend)

    assert committed_client.rows("books?select=id&limit=1") == [{"id": 1}]


def _terminate(backend: int) -> None:
    """The serving role may end its own sessions."""
    with another_connection() as other:
        other.execute("SELECT pg_terminate_backend(%s, 2000)", [backend])


def test_a_statement_that_takes_too_long(committed_client: Client) -> None:
    with (
        mock.patch.object(pipeline, "LONGEST_STATEMENT", "20ms"),
        pytest.raises(Problem) as refusal,
        execution.translated(None),
    ):
        pipeline.read(pipeline.Read(OURS, [Query(b"SELECT pg_sleep(1)")]))

    assert (refusal.value.status, refusal.value.code) == (504, "57014")
    assert refusal.value.message == "the statement took longer than 10 s"


def test_what_gave_way_to_another_transaction_is_tried_again() -> None:
    outcomes = [psycopg.errors.DeadlockDetected("deadlock"), psycopg.errors.SerializationFailure("clash"), None]

    def act() -> str:
        if error := outcomes.pop(0):
            raise error
        return "done"

    assert execution.write(act, OURS, None) == "done"


def test_what_gives_way_each_time_is_told_to_come_back() -> None:
    def act() -> None:
        raise psycopg.errors.LockNotAvailable("locked")

    with pytest.raises(Problem) as refusal:
        execution.write(act, OURS, None)

    assert (refusal.value.status, refusal.value.code) == (503, "55P03")
    assert refusal.value.headers == {"Retry-After": "1"}


def test_a_refused_write_leaves_nothing(committed_client: Client) -> None:
    answer = committed_client("POST", "tags", [{"id": 42}, {"id": 43}], Accept="application/vnd.pgrst.object+json")

    assert answer.status == 406
    assert committed_client.rows("tags?id=in.(42,43)") == []
    assert not scope_now()


def test_a_write_is_there_for_others_once_it_is_answered(committed_client: Client) -> None:
    with another_connection() as other:
        assert committed_client("POST", "tags", {"id": 78}).status == 201
        assert other.execute("SELECT count(*) FROM library.tags WHERE id = 78").fetchone() == (1,)
        other.commit()
        assert committed_client("DELETE", "tags?id=eq.78", Prefer="count=exact").range == "*/1"


def test_a_write_the_database_refuses_leaves_no_transaction_behind(committed_client: Client) -> None:
    assert committed_client("POST", "tags", [{"id": 79}, {"id": 1}]).refusal == (409, "23505")
    assert committed_client.rows("tags?id=eq.79") == []
    assert not scope_now()


def test_inside_a_transaction_a_read_takes_part_in_it(committed_client: Client) -> None:
    with transaction.atomic():
        committed_client("POST", "tags", {"id": 77})
        assert len(committed_client.rows("tags?id=eq.77")) == 1
        transaction.set_rollback(True)

    assert committed_client.rows("tags?id=eq.77") == []


def test_concurrent_changes_meet_the_row_as_it_is(committed_client: Client) -> None:
    """The condition is judged again once the other transaction has let go of the row."""
    with another_connection() as other:
        other.execute("UPDATE library.books SET pages = 121 WHERE organization_id = %s AND id = 1", [OURS])
        answers: list[str | None] = []

        def change() -> None:
            answers.append(committed_client("PATCH", "books?id=eq.1&pages=eq.120", {"mood": "wild"}).range)
            connections["default"].close()

        waiting = threading.Thread(target=change)
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
        other.commit()
        waiting.join(5)
        assert answers == ["*/*"]
        other.execute("UPDATE library.books SET pages = 120 WHERE organization_id = %s AND id = 1", [OURS])
