"""The defaults of columns that a request names and its rows leave out, for a service to write."""

from __future__ import annotations

from collections.abc import Sequence

from bookingoffice.postgrest.compiler.fragments import Parameters, Statement, join, listed, plain
from bookingoffice.postgrest.compiler.sent import default_pairs
from bookingoffice.postgrest.resources import Column


def compile_defaults(columns: Sequence[Column], rows: int) -> Statement:
    """Answers one JSON array with an object for each of so many rows, made anew for each so that no two share a generated id."""
    parameters = Parameters()
    made = join(plain("json_build_object("), listed(default_pairs(columns, parameters)), plain(")"))
    count = join(parameters.take(str(rows)), plain("::int"))
    return parameters.statement(
        join(plain("SELECT json_agg("), made, plain(") FROM generate_series(1, "), count, plain(")"))
    )
