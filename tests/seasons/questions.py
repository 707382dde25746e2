"""Questions to the database's own rules of seasons."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import connection
from psycopg.types.multirange import Multirange
from psycopg.types.range import Range

ONE_DAY = timedelta(days=1)


def ask(statement: str, *parameters: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [row[0] if len(row) == 1 else row for row in cursor.fetchall()]


def spans_of(multirange: Any) -> tuple[tuple[int, int], ...]:
    return tuple((piece.lower, piece.upper) for piece in multirange)


def stretches_of(multirange: Any) -> list[tuple[date, date]]:
    return [(piece.lower, piece.upper - ONE_DAY) for piece in multirange]


def multirange_of(stretches: Iterable[tuple[date, date]]) -> Multirange[date]:
    return Multirange([Range(first, last + ONE_DAY) for first, last in stretches])
