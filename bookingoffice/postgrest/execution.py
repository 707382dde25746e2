"""Runs compiled statements for one organization, and tries again what PostgreSQL gave up for another transaction's sake."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple, TypeVar
from uuid import UUID

import psycopg
from django.db import DatabaseError, connections

from bookingoffice.database import pipeline, wire
from bookingoffice.database.scope import tenant_scope
from bookingoffice.errors import Malformed, RuleViolation
from bookingoffice.postgrest.compiler.fragments import Statement
from bookingoffice.postgrest.compiler.reads import Read
from bookingoffice.postgrest.errors import Problem
from bookingoffice.postgrest.resources import NO_REFUSALS, Key, Resource
from bookingoffice.postgrest.sqlerrors import TRANSIENT, database_problem, malformed_problem, rule_problem

ATTEMPTS = 3
PAUSE_SECONDS = 0.02
LOST = frozenset({"26000", "42P05"})
"""Behind a pool, what one transaction prepared the next may not find; it is not prepared again."""
Answer = TypeVar("Answer")


class Page(NamedTuple):
    """The body of a read, the number of its rows, and how many there are in all where that was asked for."""

    body: bytes
    rows: int
    total: int | None


class Outcome(NamedTuple):
    """The body of a write, the number of rows in it, the number changed, the number that a limit could not tell apart from those
    it chose, and the first row's key where it was asked for."""

    body: bytes
    rows: int
    changed: int
    tied: int = 0
    key: dict[str, object] | None = None


def read_page(
    organization_id: UUID,
    read: Read,
    values: Sequence[str],
    *,
    cap: int,
    timezone: str | None,
    resource: Resource | None,
) -> Page:
    """At most two statements; the planner is asked only where no count, or none below the cap, will do."""

    def attempt() -> Page:
        first = _query(read.statement, organization_id, values)
        estimated = read.plan and read.exact_first
        queries = [first] if estimated or not read.plan else [first, _query(read.plan, organization_id, values)]
        row, *plan = pipeline.read(organization_id, queries, timezone=timezone)
        page = Page(row[0] or b"", number(row[1]), None if row[2] is None else number(row[2]))
        if plan:
            return Page(page.body, page.rows, _planned(plan[0]))
        if read.plan and page.total is not None and page.total > cap:
            [plan_row] = pipeline.read(organization_id, [_query(read.plan, organization_id, values)])
            return Page(page.body, page.rows, max(page.total, _planned(plan_row)))
        return page

    try:
        return _persistently(attempt)
    except (psycopg.Error, DatabaseError):
        with translated(resource):
            raise


def write(
    act: Callable[[], Answer], organization_id: UUID, resource: Resource | None, timezone: str | None = None
) -> Answer:
    """One transaction in the organization's scope. Whatever `act` raises undoes it, a Problem too."""

    def attempt() -> Answer:
        with tenant_scope(organization_id), pipeline.limits(timezone):
            return act()

    with translated(resource):
        return _persistently(attempt)


def write_at_once(
    statement: Statement,
    values: Sequence[str | None],
    accept: Callable[[Outcome], Outcome],
    organization_id: UUID,
    resource: Resource | None,
    timezone: str | None = None,
) -> Outcome:
    """A write that is one statement. Whatever `accept` raises undoes it."""
    query = _query(statement, organization_id, values)

    def attempt() -> Outcome:
        return pipeline.change(organization_id, query, lambda row: accept(_outcome(row)), timezone=timezone)

    with translated(resource):
        return _persistently(attempt)


def run(
    statement: Statement, organization_id: UUID, values: Sequence[str | None], *, last: bool = False
) -> wire.Values:
    """One statement of an open transaction; the COMMIT leaves with the `last` one."""
    return pipeline.first_row(pipeline.connection_of(), _query(statement, organization_id, values), last=last)


def run_write(
    statement: Statement, organization_id: UUID, values: Sequence[str | None], *, last: bool = False
) -> Outcome:
    return _outcome(run(statement, organization_id, values, last=last))


def _outcome(row: wire.Values) -> Outcome:
    body, rows, changed, tied, key = row
    return Outcome(body or b"", number(rows), number(changed), number(tied), json.loads(key) if key else None)


def run_keys(statement: Statement, organization_id: UUID, values: Sequence[str | None]) -> tuple[list[Key], int]:
    """The keys of the rows a write is about, now locked, and the number that a limit could not tell apart."""
    keys, tied = run(statement, organization_id, values)
    return [tuple(key) for key in json.loads(keys or b"[]")], number(tied)


def number(value: bytes | None) -> int:
    return int.from_bytes(value or b"", "big", signed=True)


@contextmanager
def translated(resource: Resource | None) -> Iterator[None]:
    """Errors of the database and refusals of the rules leave as Problems."""
    try:
        yield
    except psycopg.Error as error:
        raise database_problem(error, resource) from error
    except DatabaseError as error:
        raise _problem_of(error, resource) from error
    except RuleViolation as violation:
        raise rule_problem(violation, resource.refusals if resource else NO_REFUSALS) from violation
    except Malformed as malformed:
        raise malformed_problem(malformed) from malformed


def _problem_of(error: DatabaseError, resource: Resource | None) -> Problem:
    """Django wraps the driver's error in its own."""
    cause = error.__cause__
    if isinstance(cause, psycopg.Error):
        return database_problem(cause, resource)
    raise error


def _persistently(attempt: Callable[[], Answer]) -> Answer:
    """Only a whole transaction can be tried again, so not inside another one."""
    for pause in range(1, ATTEMPTS):
        try:
            return attempt()
        except (psycopg.Error, DatabaseError) as error:
            if _sqlstate(error) not in TRANSIENT | LOST or connections["default"].in_atomic_block:
                raise
        time.sleep(PAUSE_SECONDS * pause)
    return attempt()


def _sqlstate(error: Exception) -> str | None:
    cause = error if isinstance(error, psycopg.Error) else error.__cause__
    return cause.sqlstate if isinstance(cause, psycopg.Error) else None


def _query(statement: Statement, organization_id: UUID, values: Sequence[str | None]) -> wire.Query:
    return wire.Query(statement.text, statement.parameters(organization_id, values))


def _planned(row: wire.Values) -> int:
    """The planner's estimate at the top of an EXPLAIN in JSON."""
    return int(json.loads(row[0] or b"")[0]["Plan"]["Plan Rows"])
