"""Reads in one round trip: BEGIN, whose rows, the statement and COMMIT leave together, so that no scope outlives its statement."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import psycopg
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import RawCursor, sql

from bookingoffice.database.scope import tenant_scope

LONGEST_STATEMENT = "10s"
Values = tuple[bytes | None, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """SQL with `$1` placeholders; parameters go out as text without a type."""

    text: bytes
    parameters: Sequence[str | None] = ()


def read(
    organization_id: UUID, queries: Sequence[Query], *, timezone: str | None = None, using: str = "default"
) -> list[Values]:
    """The first row of each query as PostgreSQL's binary bytes; raises psycopg's errors. Inside a transaction it takes part in it."""
    connection = connections[using]
    if connection.in_atomic_block:
        with tenant_scope(organization_id, using=using), limits(timezone, using=using):
            return [first_row(connection, query) for query in queries]
    scope = f"SET LOCAL bookingoffice.organization_id = '{UUID(str(organization_id))}'".encode()
    return _read_at_once(connection, [b"BEGIN READ ONLY", scope, *_settings(timezone)], queries)


def first_row(connection: BaseDatabaseWrapper, query: Query) -> Values:
    """For statements of a transaction that is open already: a savepoint or a scope is the caller's."""
    connection.ensure_connection()
    with _logged(connection, query.text):
        return _row(_send(driver(connection), query))


@contextmanager
def limits(timezone: str | None = None, *, using: str = "default") -> Iterator[None]:
    """For the rest of the transaction no statement runs longer than LONGEST_STATEMENT; within, timestamps are shown in a zone."""
    connection = connections[using]
    _execute_all(connection, _settings(timezone))
    yield
    if timezone:
        _execute_all(connection, [b"SET LOCAL TIME ZONE 'UTC'"])


def driver(connection: BaseDatabaseWrapper) -> psycopg.Connection[Any]:
    return cast("psycopg.Connection[Any]", connection.connection)


def _settings(timezone: str | None) -> list[bytes]:
    settings = [f"SET LOCAL statement_timeout = '{LONGEST_STATEMENT}'".encode()]
    if timezone:
        settings.append(b"SET LOCAL TIME ZONE " + sql.Literal(timezone).as_bytes(None))
    return settings


def _execute_all(connection: BaseDatabaseWrapper, statements: Sequence[bytes]) -> None:
    connection.ensure_connection()
    for statement in statements:
        RawCursor(driver(connection)).execute(statement)


def _read_at_once(connection: BaseDatabaseWrapper, before: Sequence[bytes], queries: Sequence[Query]) -> list[Values]:
    """A connection that the server closed while it was idle is opened anew, once: nothing was done on it."""
    fresh = connection.connection is None
    connection.ensure_connection()
    try:
        return _pipelined(connection, before, queries)
    except psycopg.OperationalError:
        if fresh or not driver(connection).closed:
            raise
        connection.close()
        connection.ensure_connection()
        return _pipelined(connection, before, queries)


def _pipelined(connection: BaseDatabaseWrapper, before: Sequence[bytes], queries: Sequence[Query]) -> list[Values]:
    wire = driver(connection)
    try:
        with _logged(connection, *(query.text for query in queries)), wire.pipeline():
            for statement in before:
                RawCursor(wire).execute(statement)
            cursors = [_send(wire, query) for query in queries]
            RawCursor(wire).execute(b"COMMIT")
    except BaseException:
        _leave(wire)
        raise
    return [_row(cursor) for cursor in cursors]


def _leave(wire: psycopg.Connection[Any]) -> None:
    """After a failed statement the transaction is still open."""
    if not wire.closed:
        wire.rollback()


def _send(wire: psycopg.Connection[Any], query: Query) -> RawCursor[Any]:
    return RawCursor(wire).execute(query.text, query.parameters or None, binary=True)


def _row(cursor: RawCursor[Any]) -> Values:
    result = cursor.pgresult
    if result is None or not result.ntuples:
        return ()
    return tuple(result.get_value(0, column) for column in range(result.nfields))


@contextmanager
def _logged(connection: BaseDatabaseWrapper, *statements: bytes) -> Iterator[None]:
    """Django's query log counts these statements too, where it is switched on."""
    started = time.monotonic()
    try:
        yield
    finally:
        if connection.queries_logged:
            taken = f"{time.monotonic() - started:.3f}"
            connection.queries_log.extend({"sql": statement.decode(), "time": taken} for statement in statements)
