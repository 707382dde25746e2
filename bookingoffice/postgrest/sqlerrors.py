"""What PostgreSQL or a rule of the house refused, as a Problem: SQLSTATE, message, detail and hint pass through."""

from __future__ import annotations

import re
from collections.abc import Mapping

import psycopg

from bookingoffice.errors import Malformed, RuleViolation
from bookingoffice.postgrest import errors
from bookingoffice.postgrest.errors import Problem, status_of
from bookingoffice.postgrest.resources import Resource

TRANSIENT = frozenset({"40001", "40P01", "55P03"})
CANCELED = "57014"
FULL = "53100"
KEY_LINE = re.compile(r"Key \((?P<columns>[^)]*)\)=\((?P<values>.*)\)(?P<rest>.*)", re.DOTALL)
WHOLE_ROW = "Failing row contains ("
SQLSTATE = re.compile(r"[0-9A-Z]{5}")
RETRY = {"Retry-After": "1"}


def database_problem(error: psycopg.Error, resource: Resource | None = None) -> Problem:
    """`resource` is the one whose hidden columns must not be named."""
    state, told = error.sqlstate, error.diag
    if state is None:
        return errors.broken_connection() if isinstance(error, psycopg.OperationalError) else _unsendable(error)
    if state == CANCELED:
        return Problem(504, state, "the statement took longer than 10 s")
    if state == FULL:
        return Problem(503, state, "the disk of the database is full; nothing was written", headers=RETRY)
    detail = told.message_detail and visible_detail(told.message_detail, told.constraint_name or "", resource)
    headers = RETRY if state in TRANSIENT else errors.NO_HEADERS
    return Problem(status_of(state), state, told.message_primary or "", detail, told.message_hint, headers)


def _unsendable(error: psycopg.Error) -> Problem:
    """The driver refuses a null character before the server can."""
    return Problem(400, "22021", str(error).splitlines()[0])


def visible_detail(detail: str, constraint: str, resource: Resource | None) -> str | None:
    """The detail without what the wire does not show: in a `Key (…)=(…)` line hidden columns, and the organization that leads
    every key, unless the constraint's own name tells that it is part of the rule; a whole row only where all of it is shown."""
    if resource is None:
        return detail
    if detail.startswith(WHOLE_ROW):
        return detail if resource.complete else None
    match = KEY_LINE.fullmatch(detail)
    if not match:
        return detail
    columns = match["columns"].split(", ")
    values = match["values"].split(", ", len(columns) - 1)
    kept = [pair for pair in zip(columns, values, strict=False) if not _is_hidden(pair[0], constraint, resource)]
    if not kept or len(values) != len(columns):
        return None
    shown_columns, shown_values = (", ".join(side) for side in zip(*kept, strict=True))
    return f"Key ({shown_columns})=({shown_values}){match['rest']}"


def _is_hidden(column: str, constraint: str, resource: Resource) -> bool:
    if column == resource.tenant_column:
        return column not in constraint
    return column in resource.hidden_names or column == "organization_id"


def rule_problem(violation: RuleViolation, refusals: Mapping[str, int]) -> Problem:
    """409 unless the resource or, for a SQLSTATE, PostgreSQL's table says otherwise."""
    code = violation.code
    status = refusals.get(code) or (status_of(code) if SQLSTATE.fullmatch(code) else 409)
    return Problem(status, code, violation.sentence, hint=violation.hint)


def malformed_problem(malformed: Malformed) -> Problem:
    faults = [
        {
            "row": fault.row,
            "field": fault.field,
            "code": fault.code,
            "path": fault.path,
            "message": fault.message,
        }
        for fault in malformed.faults
    ]
    return Problem(400, "23514", malformed.faults[0].message, faults)
