"""`export`: seasons for a calendar, a program or a spreadsheet."""

from __future__ import annotations

import csv
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from io import StringIO

from django.conf import settings
from django.utils import timezone

from bookingoffice.database.jsontext import json_text
from seasons import answers
from seasons.expressions import intervals_of
from seasons.management.subcommands.base import Desk, Subcommand
from seasons.publishing import published
from seasons.questions import KeptSeason, kept_seasons
from seasons.ring import MonthDay


class Export(Subcommand):
    name = "export"
    help = "Every season: as the calendar feed, as the API's objects, or one line for each of its intervals."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=("ics", "json", "csv"), help="(default: json)")
        parser.add_argument("--host", default=_host(), help="ends the ids of events in a feed (default: %(default)s)")

    def run(self, desk: Desk, options: Namespace) -> None:
        with desk.scope():
            text = _written(desk, options)
        desk.out.write(text, ending="")


def _written(desk: Desk, options: Namespace) -> str:
    if options.format == "ics":
        feed = published(desk.organization, lang=desk.lang, host=options.host, moment=timezone.now())
        return feed.body.decode()
    seasons = kept_seasons(desk.organization.pk)
    if options.format == "csv":
        return _table(seasons, desk.lang)
    return json_text(answers.columns_of(desk.organization.pk, [season.id for season in seasons])) + "\n"


def _table(seasons: list[KeptSeason], lang: str | None) -> str:
    """As the intervals were typed."""
    table = StringIO()
    csv.writer(table).writerows([("id", "name", "from", "to"), *_lines(seasons, lang)])
    return table.getvalue()


def _lines(seasons: list[KeptSeason], lang: str | None) -> Iterator[tuple[str, ...]]:
    for season in seasons:
        for first, last in intervals_of(season.value):
            yield str(season.id), season.label(lang), _month_day(first), _month_day(last)


def _month_day(day: MonthDay) -> str:
    """Months from 1."""
    return f"{day.month + 1:02}-{day.day:02}"


def _host() -> str:
    names = [host.strip(".[]") for host in settings.ALLOWED_HOSTS if host != "*"]
    return names[0] if names else "localhost"
