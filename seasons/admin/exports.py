"""Ticked seasons as a file: for a calendar, a program or a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import StringIO
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port

from bookingoffice.accounts.desk import organization_of
from bookingoffice.database.jsontext import json_text
from seasons.admin.reading import label_of, language_of, today
from seasons.answers import columns_of
from seasons.expressions import intervals_of
from seasons.feeds import FeedSeason, calendar_bytes, feed_window
from seasons.questions import KeptSeason
from seasons.ring import MonthDay

MEDIA: Final = {"ics": "text/calendar", "json": "application/json", "csv": "text/csv"}
_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")

Writer = Callable[[HttpRequest, Sequence[KeptSeason]], bytes]


def export_of(request: HttpRequest, seasons: Sequence[KeptSeason], kind: str) -> HttpResponse | None:
    """None for a kind that is not known."""
    writer = WRITERS.get(kind)
    if writer is None:
        return None
    response = HttpResponse(writer(request, seasons), content_type=f"{MEDIA[kind]}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="seasons.{kind}"'
    return response


def _calendar(request: HttpRequest, seasons: Sequence[KeptSeason]) -> bytes:
    lang = language_of(request)
    told = [FeedSeason(season.id, label_of(season, lang), season.dates, season.updated_at) for season in seasons]
    host = split_domain_port(request.get_host())[0]
    return calendar_bytes(told, name="Seasons", host=host, window=feed_window(today()))


def _objects(request: HttpRequest, seasons: Sequence[KeptSeason]) -> bytes:
    return json_text(columns_of(organization_of(request).pk, [season.id for season in seasons])).encode()


def _table(request: HttpRequest, seasons: Sequence[KeptSeason]) -> bytes:
    """One line for each row of days; months count from 1."""
    table = StringIO()
    csv.writer(table).writerows([("id", "name", "from", "to"), *_lines(seasons, language_of(request))])
    return table.getvalue().encode()


def _lines(seasons: Sequence[KeptSeason], lang: str) -> Iterator[tuple[str, ...]]:
    for season in seasons:
        for first, last in intervals_of(season.value):
            yield str(season.id), _harmless(label_of(season, lang)), _month_day(first), _month_day(last)


def _harmless(text: str) -> str:
    """A spreadsheet would run what begins like a formula."""
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text


def _month_day(day: MonthDay) -> str:
    return f"{day.month + 1:02}-{day.day:02}"


WRITERS: Final[Mapping[str, Writer]] = {"ics": _calendar, "json": _objects, "csv": _table}
