"""Whose rows, and the statement, in one round trip: BEGIN, the scope and what is asked leave together, so that no scope outlives
its transaction."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar, cast
from uuid import UUID

import psycopg
from django.db import connections
from psycopg import sql
from psycopg.pq import PipelineStatus, TransactionStatus

from bookingoffice.database import wire
from bookingoffice.database.backend.base import DatabaseWrapper
from bookingoffice.database.batches import ONE_PLAN, Query, Values
from bookingoffice.database.kept import prepare_no_more
from bookingoffice.database.scope import scope_command, tenant_scope

LONGEST_STATEMENT = "10s"
Answer = TypeVar("Answer")
UNLOGGED = nullcontext()
LOST = (psycopg.errors.InvalidSqlStatementName, psycopg.errors.DuplicatePreparedStatement)


class Read(NamedTuple):
    """Queries that are one transaction of their own, which leaves, and comes back, in one round trip.

    With `one_plan` the plan for all values is taken, which the caller knows to be as good as any: PostgreSQL weighs it against the
    plans that it made for single values when the table was smaller, and may go on planning each time.
    """

    organization_id: UUID
    queries: Sequence[Query]
    timezone: str | None = None
    one_plan: bool = False

    @property
    def before(self) -> tuple[bytes, ...]:
        scope = _scope(self.organization_id, self.timezone, LONGEST_STATEMENT)
        return (b"BEGIN READ ONLY", *scope, ONE_PLAN) if self.one_plan else (b"BEGIN READ ONLY", *scope)

    @property
    def after(self) -> tuple[bytes, ...]:
        return (b"COMMIT",)


def read(asked: Read, *, using: str = "default") -> list[Values]:
    """The first row of each query as PostgreSQL's binary bytes; raises psycopg's errors. Inside a transaction it takes part in it."""
    connection = connection_of(using)
    if connection.in_atomic_block:
        with tenant_scope(asked.organization_id, using=using), limits(asked.timezone, using=using):
            return [first_row(connection, query) for query in asked.queries]
    with _Transaction(connection):
        return _sent(connection, asked.before, asked.queries, asked.after)


def change(
    organization_id: UUID,
    query: Query,
    judge: Callable[[Values], Answer],
    *,
    timezone: str | None = None,
    using: str = "default",
) -> Answer:
    """One statement that writes, in two round trips: what it answers is judged before the COMMIT, and undone if `judge` raises."""
    connection = connection_of(using)
    if connection.in_atomic_block:
        with tenant_scope(organization_id, using=using), limits(timezone, using=using):
            return judge(first_row(connection, query))
    with _Transaction(connection):
        [row] = _sent(connection, (b"BEGIN", *_scope(organization_id, timezone, LONGEST_STATEMENT)), [query])
        answer = judge(row)
        wire.round_trip(driver(connection), [b"COMMIT"], [])
        return answer


def first_row(connection: DatabaseWrapper, query: Query, *, last: bool = False) -> Values:
    """For statements of a transaction that is open already: a savepoint or a scope is the caller's.

    After the `last` one of a transaction nothing is asked any more: the COMMIT leaves with it, unless a transaction around this one
    goes on.
    """
    after = [b"COMMIT"] if last and len(connection.atomic_blocks) == 1 else []
    connection.ensure_connection()
    before, queries = connection.taken_along()
    with _logged(connection, query.text):
        try:
            return wire.round_trip(driver(connection), before, [*queries, query], after)[-1]
        except LOST:
            prepare_no_more(driver(connection))
            raise


def row_of(asked: Query, *, last: bool = False) -> Values:
    """As `first_row`, of the database that everybody asks, for those who know Django's errors alone."""
    connection = connection_of()
    with connection.wrap_database_errors:
        return first_row(connection, asked, last=last)


def put_off(connection: DatabaseWrapper, query: Query) -> None:
    """In an open transaction: it leaves with the next statement, and what it answers is not read."""
    with _logged(connection, query.text):
        connection.put_off.append(query)


@contextmanager
def limits(timezone: str | None = None, *, using: str = "default") -> Iterator[None]:
    """For the rest of the transaction no statement runs longer than LONGEST_STATEMENT; within, timestamps are shown in a zone."""
    connection = connection_of(using)
    for setting in _settings(timezone, LONGEST_STATEMENT):
        connection.send_ahead(setting)
    yield
    if timezone and driver(connection).pgconn.transaction_status == TransactionStatus.INTRANS:
        _execute_all(connection, [b"SET LOCAL TIME ZONE 'UTC'"])


def connection_of(using: str = "default") -> DatabaseWrapper:
    return cast("DatabaseWrapper", connections[using])


def driver(connection: DatabaseWrapper) -> psycopg.Connection[Any]:
    return cast("psycopg.Connection[Any]", connection.connection)


@lru_cache(maxsize=1024)
def _scope(organization_id: UUID, timezone: str | None, longest: str) -> tuple[bytes, ...]:
    return (scope_command(organization_id), *_settings(timezone, longest))


def _settings(timezone: str | None, longest: str) -> list[bytes]:
    settings = [f"SET LOCAL statement_timeout = '{longest}'".encode()]
    if timezone:
        settings.append(b"SET LOCAL TIME ZONE " + sql.Literal(timezone).as_bytes(None))
    return settings


def _execute_all(connection: DatabaseWrapper, statements: Sequence[bytes]) -> None:
    connection.ensure_connection()
    before, queries = connection.taken_along()
    wire.round_trip(driver(connection), before, queries, statements)


def _sent(
    connection: DatabaseWrapper, before: Sequence[bytes], queries: Sequence[Query], after: Sequence[bytes] = ()
) -> list[Values]:
    """Once more on a new connection if the server closed this one while it was idle, and without prepared statements if a pool
    lost them: in both cases nothing is left of the first attempt."""
    fresh = connection.connection is None
    connection.ensure_connection()
    with _logged(connection, *(query.text for query in queries)):
        try:
            return wire.round_trip(driver(connection), before, queries, after)
        except LOST:
            _leave(driver(connection))
            prepare_no_more(driver(connection))
        except psycopg.OperationalError:
            if fresh or not driver(connection).closed:
                raise
            connection.close()
            connection.ensure_connection()
        return wire.round_trip(driver(connection), before, queries, after)


class _Transaction:
    """Whatever goes wrong, the connection is left without one."""

    __slots__ = ("connection",)

    def __init__(self, connection: DatabaseWrapper) -> None:
        self.connection = connection

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and self.connection.connection is not None:
            _leave(driver(self.connection))


def _leave(link: psycopg.Connection[Any]) -> None:
    """After an interruption the results are still on their way, and the connection is of no more use."""
    if link.closed:
        return
    if link.pgconn.pipeline_status == PipelineStatus.OFF:
        link.rollback()
    else:
        link.close()


def _logged(connection: DatabaseWrapper, *statements: bytes) -> AbstractContextManager[None]:
    """Django's query log counts these statements too, where it is switched on."""
    return _kept_in_log(connection, statements) if connection.queries_logged else UNLOGGED


@contextmanager
def _kept_in_log(connection: DatabaseWrapper, statements: Sequence[bytes]) -> Iterator[None]:
    started = time.monotonic()
    try:
        yield
    finally:
        taken = f"{time.monotonic() - started:.3f}"
        connection.queries_log.extend({"sql": statement.decode(), "time": taken} for statement in statements)
