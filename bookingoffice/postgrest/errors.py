"""Every refusal of the row grammar: a status, a code that never changes, and PostgREST v11.1's own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Problem(Exception):
    """An answer that is an error; `details` is text, a list of objects, or nothing."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        details: Any = None,
        hint: str | None = None,
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        self.hint = hint
        self.headers = headers

    def body(self) -> dict[str, Any]:
        """The four keys of every error, in their order on the wire."""
        return {"code": self.code, "details": self.details, "hint": self.hint, "message": self.message}


def unparsable(what: str, text: str, column: int, details: str, *, line: int = 1) -> Problem:
    """`what` is "select parameter", "filter", "order" and so on; line and column count from 1."""
    return Problem(400, "PGRST100", f'"failed to parse {what} ({text})" (line {line}, column {column})', details)


def beyond_bound(bound: str, limit: int) -> Problem:
    """`bound` names the bound in words a client understands ("the nesting of and/or")."""
    return Problem(400, "PGRST100", f"{bound} is more than the {limit} that are allowed")


def unreadable_query(message: str) -> Problem:
    return Problem(400, "PGRST100", message)


def wrong_method_for_function(method: str) -> Problem:
    return Problem(405, "PGRST101", f"Cannot use the {method} method on RPC")


def bad_body(message: str, details: str | None = None) -> Problem:
    return Problem(400, "PGRST102", message, details)


def body_too_large(limit: int) -> Problem:
    return Problem(413, "PGRST102", f"The body is longer than the {limit} bytes that are allowed")


def bad_range(details: str, headers: Mapping[str, str] = NO_HEADERS) -> Problem:
    return Problem(416, "PGRST103", "Requested range not satisfiable", details, headers=headers)


def bad_put_filters() -> Problem:
    message = "Filters must include all and only primary key columns with 'eq' operators"
    return Problem(405, "PGRST105", message)


def unknown_schema(schemas: Sequence[str] = ("public",)) -> Problem:
    return Problem(406, "PGRST106", f"The schema must be one of the following: {', '.join(schemas)}")


def unknown_media(asked: Sequence[str]) -> Problem:
    return Problem(415, "PGRST107", f"None of these media types are available: {', '.join(asked)}")


def not_embedded(name: str) -> Problem:
    hint = f"Verify that '{name}' is included in the 'select' query parameter."
    return Problem(400, "PGRST108", f"'{name}' is not an embedded resource in this request", hint=hint)


def limit_without_order() -> Problem:
    message = "A 'limit' was applied without an explicit 'order'"
    return Problem(400, "PGRST109", message, hint="Apply an 'order' using unique column(s)")


def too_many_changes(rows: int, limit: int) -> Problem:
    details = f"Results contain {rows} rows changed but the maximum number allowed is {limit}"
    return Problem(400, "PGRST110", "The maximum number of rows allowed to change was surpassed", details)


def several_columns(media: str) -> Problem:
    return Problem(406, "PGRST113", f"{media} requested but more than one column was selected")


def limited_put() -> Problem:
    return Problem(400, "PGRST114", "limit/offset querystring parameters are not allowed for PUT")


def mismatched_put() -> Problem:
    return Problem(400, "PGRST115", "Payload values do not match URL in primary key column(s)")


def not_singular(rows: int) -> Problem:
    details = f"Results contain {rows} rows, application/vnd.pgrst.object+json requires 1 row"
    return Problem(406, "PGRST116", "JSON object requested, multiple (or no) rows returned", details)


def unknown_method(method: str) -> Problem:
    return Problem(405, "PGRST117", f"Unsupported HTTP method: {method}")


def _not_to_one(origin: str, target: str) -> str:
    return f"'{origin}' and '{target}' do not form a many-to-one or one-to-one relationship"


def bad_related_order(origin: str, target: str) -> Problem:
    return Problem(400, "PGRST118", f"A related order on '{target}' is not possible", _not_to_one(origin, target))


def bad_spread(origin: str, target: str) -> Problem:
    return Problem(400, "PGRST119", f"A spread operation on '{target}' is not possible", _not_to_one(origin, target))


def bad_embed_filter(name: str) -> Problem:
    details = "Only is null or not is null filters are allowed on embedded resources"
    return Problem(400, "PGRST120", f"Bad operator on the '{name}' embedded resource", details)


def bad_preferences(words: Sequence[str]) -> Problem:
    details = f"Invalid preferences: {', '.join(words)}"
    return Problem(400, "PGRST122", "Invalid preferences given with handling=strict", details)


def too_many_affected(rows: int) -> Problem:
    message = "Query result exceeds max-affected preference constraint"
    return Problem(400, "PGRST124", message, f"The query affects {rows} rows")


def no_relationship(parent: str, child: str, *, embed_hint: str | None, hint: str | None) -> Problem:
    using = f" using the hint '{embed_hint}'" if embed_hint else ""
    between = f"between '{parent}' and '{child}'"
    details = (
        f"Searched for a foreign key relationship {between}{using} in the schema 'public', but no matches were found."
    )
    return Problem(400, "PGRST200", f"Could not find a relationship {between} in the schema cache", details, hint)


def several_relationships(parent: str, child: str, found: Sequence[Mapping[str, str]], hints: Sequence[str]) -> Problem:
    """`found` are the objects of `details`; `hints` the words that go after `child!`."""
    choices = ", ".join(f"'{child}!{word}'" for word in hints)
    hint = f"Try changing '{child}' to one of the following: {choices}. "
    hint += "Find the desired relationship in the 'details' key."
    message = f"Could not embed because more than one relationship was found for '{parent}' and '{child}'"
    return Problem(300, "PGRST201", message, list(found), hint)


def unknown_function(name: str, arguments: Sequence[str], hint: str | None = None, *, posted: bool = False) -> Problem:
    """`posted` arguments came as JSON, which one unnamed parameter could have taken."""
    listed = ", ".join(arguments)
    short = f"({listed})" if arguments else " without parameters"
    long = f" with parameter{'s' if len(arguments) > 1 else ''} {listed}" if arguments else " without parameters"
    message = f"Could not find the function public.{name}{short} in the schema cache"
    unnamed = " or with a single unnamed json/jsonb parameter" if posted else ""
    details = f"Searched for the function public.{name}{long}{unnamed}, but no matches were found in the schema cache."
    return Problem(404, "PGRST202", message, details, hint)


def unknown_column(column: str, table: str) -> Problem:
    """A column named in a body or in `columns`; one in a select or filter is PostgreSQL's own 42703."""
    return Problem(400, "PGRST204", f"Column '{column}' of relation '{table}' does not exist")


def unknown_key() -> Problem:
    return Problem(401, "PGRST301", "The API key is not valid", headers={"WWW-Authenticate": "Bearer"})


def missing_key() -> Problem:
    return Problem(401, "PGRST302", "Anonymous access is disabled", headers={"WWW-Authenticate": "Bearer"})


def our_fault() -> Problem:
    """Never with internals: what went wrong is in the log."""
    return Problem(500, "PGRSTX00", "Internal server error")


def too_many_requests(seconds: int) -> Problem:
    """PostgREST has no limits and so no code for this; PostgreSQL's class 53 is that of what there is not enough of."""
    message = "Too many requests"
    return Problem(429, "53400", message, hint=f"Try again in {seconds} s", headers={"Retry-After": str(seconds)})


def unreachable_database() -> Problem:
    return Problem(503, "PGRST000", "Database connection error. Retrying the connection.")


def broken_connection() -> Problem:
    return Problem(503, "PGRST001", "Database client error. Retrying the connection.", headers={"Retry-After": "1"})


def missing_schema() -> Problem:
    return Problem(503, "PGRST002", "Could not query the database for the schema cache. Retrying.")


def no_free_connection() -> Problem:
    return Problem(504, "PGRST003", "Timed out acquiring connection from connection pool.")


def unknown_table(name: str) -> Problem:
    return Problem(404, "42P01", f'relation "public.{name}" does not exist')


def unfiltered_write(verb: str) -> Problem:
    """`verb` is DELETE or UPDATE, as in SQL."""
    hint = "Add a filter, for example ?id=eq.<id>; ?id=not.is.null names every row"
    return Problem(400, "21000", f"{verb} requires a filter", hint=hint)


def changed_twice() -> Problem:
    """PostgreSQL's own words for a key that comes twice in one merge."""
    hint = "Ensure that no rows proposed for insertion within the same command have duplicate constrained values."
    return Problem(400, "21000", "ON CONFLICT DO UPDATE command cannot affect row a second time", hint=hint)


STATUS_OF_SQLSTATE = {
    **dict.fromkeys(("55P03", "40001", "40P01"), 503),
    "23503": 409,
    "23505": 409,
    "25006": 405,
    "42501": 403,
    "42883": 404,
    "42P01": 404,
    "57014": 504,
    "57P01": 503,
    "P0001": 400,
}
STATUS_OF_CLASS = {
    **dict.fromkeys(("28", "0L", "0P"), 403),
    **dict.fromkeys(("09", "25", "2D", "38", "39", "3B", "40", "55", "57", "58", "F0", "HV", "XX", "P0"), 500),
    **dict.fromkeys(("08", "53"), 503),
    "54": 413,
}


def status_of(sqlstate: str) -> int:
    """The HTTP status of one of PostgreSQL's errors; `PTxyz`, raised by a function, names its own."""
    if sqlstate.startswith("PT"):
        return _named_status(sqlstate[2:])
    return STATUS_OF_SQLSTATE.get(sqlstate) or STATUS_OF_CLASS.get(sqlstate[:2], 400)


def _named_status(text: str) -> int:
    if len(text) == 3 and text.isascii() and text.isdigit() and 200 <= int(text) <= 599:
        return int(text)
    return 500
