"""Querysets that are turned into SQL once, and asked often: Django's own way from a queryset to its text takes longer than the answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Expression
from psycopg import sql

from bookingoffice.database.backend.moments import read_instant
from bookingoffice.database.pipeline import row_of
from bookingoffice.database.rows import query
from bookingoffice.database.scope import nobodys_scope

PLACE = re.compile("%[s%]")
PAGE = """
SELECT {total}, (SELECT coalesce(json_agg(page), '[]')::text FROM (
{rows}
{paging}
) AS page)
"""
PAGING = "LIMIT {limit} OFFSET {offset}"
COUNTED = "(SELECT count(*) FROM (\n{rows}\n) AS counted)"
LARGEST = 2**63 - 1

Row = dict[str, Any]


class Given(Expression):
    """In a queryset, a value that each asking brings by this name."""

    def __init__(self, name: str, output_field: models.Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return f"%s::{self.output_field.db_type(connection)}", [self]


ORGANIZATION = Given("organization_id", models.UUIDField())
MOMENT = Given("moment", models.DateTimeField())


@dataclass(frozen=True, slots=True)
class Remembered:
    """`instants` are columns that come as datetimes; all others as JSON has them, numbers with every digit."""

    text: str
    instants: tuple[str, ...] = ()

    def page(self, *, limit: int, offset: int = 0, last: bool = False, **given: Any) -> tuple[list[Row], int | None]:
        """In one statement of the open transaction; `last` sends the COMMIT along.

        The limit stands in it as it is: one that the planner cannot see it takes for a tenth of the table, and plans each time anew.
        """
        paging = f"LIMIT {limit:d}" + (" OFFSET %(offset)s::bigint" if offset else "")
        skipped: Any = {"offset": min(offset, LARGEST)} if offset else {}
        asked = query(self.text.replace(PAGING, paging), **skipped, **given)
        total, body = row_of(asked, last=last)
        rows = json.loads(body or b"[]", parse_float=Decimal)
        for row in rows:
            for name in self.instants:
                row[name] = read_instant(row[name])
        return rows, None if total is None else int.from_bytes(total, "big")


def remember(
    build: Callable[[], models.QuerySet[Any, Any]], *, counted: bool = False, instants: Iterable[str] = ()
) -> Remembered:
    """`build` gives a queryset of values, its `Given`s in the place of what differs; `counted` says how many there are in all."""
    with nobodys_scope():  # or managers would name the organization that happens to ask first
        rows = build()
        total = COUNTED.format(rows=_text(rows.order_by().values("id"))) if counted else "NULL::bigint"
        return Remembered(PAGE.format(total=total, rows=_text(rows), paging=PAGING), tuple(instants))


def _text(rows: models.QuerySet[Any, Any]) -> str:
    text, parameters = rows.query.sql_with_params()
    values = iter(parameters)
    return PLACE.sub(lambda found: "%" if found[0] == "%%" else _spelled(next(values)), text)


def _spelled(value: object) -> str:
    if isinstance(value, Given):
        return f"%({value.name})s"
    if isinstance(value, UUID):
        raise TypeError("a statement for everybody names no single row")
    return sql.Literal(value.value if isinstance(value, Enum) else value).as_string(None)
