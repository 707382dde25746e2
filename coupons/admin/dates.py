"""A list by the time of making: years, months and days that have rows, each found by one look into an index.

Django's own drill-down reads every row to find out which months there are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from bookingoffice.accounts.desk import organization_of
from bookingoffice.database.rows import execute

_WRITTEN: Final = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")

# Each period is one look at the index that begins with the organization and the moment: the last row before the period's end.
FILLED: Final = """
SELECT period::date FROM generate_series(
    date_trunc(%(unit)s, %(first)s::timestamp), %(last)s::timestamp, ('1 ' || %(unit)s)::interval) AS periods(period)
WHERE (
    SELECT max(made.created_at) FROM {table} AS made WHERE made.organization_id = %(organization_id)s
    AND made.created_at < (period + ('1 ' || %(unit)s)::interval) AT TIME ZONE %(zone)s) >= period AT TIME ZONE %(zone)s
ORDER BY period
"""
ENDS: Final = """
SELECT min(made.created_at), max(made.created_at) FROM {table} AS made WHERE made.organization_id = %(organization_id)s
"""


@dataclass(frozen=True)
class Span:
    """A year, a month or a day, as the address writes it: 2027, 2027-06, 2027-06-15."""

    first: date
    unit: str

    @property
    def after(self) -> date:
        if self.unit == "day":
            return self.first + timedelta(days=1)
        return (self.first.replace(day=1) + timedelta(days=32 if self.unit == "month" else 366)).replace(day=1)

    @property
    def written(self) -> str:
        return self.first.isoformat()[: {"year": 4, "month": 7, "day": 10}[self.unit]]

    @property
    def words(self) -> str:
        form = {"year": "Y", "month": "YEAR_MONTH_FORMAT", "day": "DATE_FORMAT"}[self.unit]
        return date_format(self.first, form)

    @property
    def parent(self) -> Span | None:
        if self.unit == "day":
            return Span(self.first.replace(day=1), "month")
        return Span(self.first.replace(month=1, day=1), "year") if self.unit == "month" else None

    @property
    def moments(self) -> tuple[datetime, datetime]:
        zone = timezone.get_current_timezone()
        return datetime.combine(self.first, time(), zone), datetime.combine(self.after, time(), zone)


def span_of(text: str) -> Span | None:
    """None for what is no such time."""
    match = _WRITTEN.fullmatch(text)
    if not match or not 1900 <= int(match[1]) <= 2199:
        return None
    try:
        first = date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return None
    return Span(first, "day" if match[3] else "month" if match[2] else "year")


class MadeFilter(admin.SimpleListFilter):
    """`when` is drawn as a trail of links above the list."""

    title = _("made")
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("", "")]  # without an answer to offer, the filter would not be asked at all

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        span = span_of(self.value() or "")
        if span is None:
            return queryset
        first, after = span.moments
        return queryset.filter(created_at__gte=first, created_at__lt=after)


@dataclass(frozen=True)
class Trail:
    """The way down to where the list is, and the next steps."""

    above: list[Span]
    below: list[Span]


def trail(request: HttpRequest, table: str) -> Trail:
    organization_id = organization_of(request).pk
    here = span_of(request.GET.get("when", ""))
    above: list[Span] = []
    step = here
    while step:
        above.insert(0, step)
        step = step.parent
    if here and here.unit == "day":
        return Trail(above, [])
    if here:
        unit = {"year": "month", "month": "day"}[here.unit]
        return Trail(above, _filled(table, organization_id, unit, here.first, here.after - timedelta(days=1)))
    ends = execute(sql.SQL(ENDS).format(table=sql.Identifier(table)), organization_id=organization_id)[0]
    if None in ends:
        return Trail([], [])
    first, last = (timezone.localtime(end).date() for end in ends)
    return Trail([], _filled(table, organization_id, "year", first, last))


def _filled(table: str, organization_id: UUID, unit: str, first: date, last: date) -> list[Span]:
    statement = sql.SQL(FILLED).format(table=sql.Identifier(table))
    zone = str(timezone.get_current_timezone())
    found = execute(statement, organization_id=organization_id, unit=unit, first=first, last=last, zone=zone)
    return [Span(day, unit) for (day,) in found]
