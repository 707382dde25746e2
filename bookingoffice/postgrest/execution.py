"""Runs compiled statements for one organization, and tries again what PostgreSQL gave up for another transaction's sake."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple, Self, TypeVar
from uuid import UUID

import psycopg
from django.db import DatabaseError, connections

from bookingoffice.database import pipeline
from bookingoffice.database.batches import Query, Values
from bookingoffice.database.scope import tenant_scope
from bookingoffice.errors import Malformed, RuleViolation
from bookingoffice.postgrest.compiler.fragments import Statement
from bookingoffice.postgrest.compiler.reads import Read
from bookingoffice.postgrest.errors import Problem
from bookingoffice.postgrest.resources import NO_REFUSALS, Key, Resource
from bookingoffice.postgrest.sqlerrors import TRANSIENT, database_problem, malformed_problem, rule_problem

ATTEMPTS = 3
PAUSE_SECONDS = 0.02
LOST = frozenset(error.sqlstate for error in pipeline.LOST)
"""Behind a pool, what one transaction prepared the next may not find; it is not prepared again."""
Answer = TypeVar("Answer")
Ask = Callable[[pipeline.Read], list[Values]]
"""How PostgreSQL is asked: `pipeline.read`, or what gives its answer where somebody else has asked it already."""


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


class PageRead(NamedTuple):
    """A page as PostgreSQL is asked for it: at most two round trips. The planner is asked only where no count, or none below the
    cap, will do: along with the rows, or where their count met the cap, which then is `planned`."""

    asked: pipeline.Read
    planned: pipeline.Read | None = None
    cap: int = 0

    @classmethod
    def of(
        cls, organization_id: UUID, read: Read, values: Sequence[str], *, cap: int, timezone: str | None = None
    ) -> Self:
        queries = [_query(each, organization_id, values) for each in (read.statement, read.plan) if each]
        if not read.exact_first:
            return cls(pipeline.Read(organization_id, queries, timezone, one_plan=read.follows))
        planned = pipeline.Read(organization_id, queries[1:]) if read.plan else None
        return cls(pipeline.Read(organization_id, queries[:1], timezone), planned, cap)

    def page(self, ask: Ask = pipeline.read) -> Page:
        row, *plan = ask(self.asked)
        page = Page(row[0] or b"", number(row[1]), None if row[2] is None else number(row[2]))
        if plan:
            return page._replace(total=_planned(plan[0]))
        if self.planned and page.total is not None and page.total > self.cap:
            return page._replace(total=max(page.total, _planned(*ask(self.planned))))
        return page


def read_page(read: PageRead, resource: Resource | None, ask: Ask = pipeline.read) -> Page:
    """What PostgreSQL refuses leaves as a Problem."""
    try:
        return read.page(ask)
    except (psycopg.Error, DatabaseError) as error:
        with translated(resource):
            return _persistently(lambda: read.page(ask), error)


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


def run(statement: Statement, organization_id: UUID, values: Sequence[str | None], *, last: bool = False) -> Values:
    """One statement of an open transaction; the COMMIT leaves with the `last` one."""
    return pipeline.first_row(pipeline.connection_of(), _query(statement, organization_id, values), last=last)


def run_write(
    statement: Statement, organization_id: UUID, values: Sequence[str | None], *, last: bool = False
) -> Outcome:
    return _outcome(run(statement, organization_id, values, last=last))


def _outcome(row: Values) -> Outcome:
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


def _persistently(attempt: Callable[[], Answer], failed: Exception | None = None) -> Answer:
    """Only a whole transaction can be tried again, so not inside another one. The first attempt may have `failed` already."""
    for pause in range(1, ATTEMPTS):
        try:
            if failed is not None:
                raise failed
            return attempt()
        except (psycopg.Error, DatabaseError) as error:
            if not is_worth_another_try(error) or connections["default"].in_atomic_block:
                raise
        failed = None
        time.sleep(PAUSE_SECONDS * pause)
    return attempt()


def is_worth_another_try(error: Exception) -> bool:
    """Of a whole transaction, with the same words."""
    return _sqlstate(error) in TRANSIENT | LOST


def _sqlstate(error: Exception) -> str | None:
    cause = error if isinstance(error, psycopg.Error) else error.__cause__
    return cause.sqlstate if isinstance(cause, psycopg.Error) else None


def _query(statement: Statement, organization_id: UUID, values: Sequence[str | None]) -> Query:
    return Query(statement.text, statement.parameters(organization_id, values))


def _planned(row: Values) -> int:
    """The planner's estimate at the top of an EXPLAIN in JSON."""
    return int(json.loads(row[0] or b"")[0]["Plan"]["Plan Rows"])
