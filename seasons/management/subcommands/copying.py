"""`copy`: a season, or the dates of one year."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Any, get_args

from django.core.management.base import CommandError
from django.utils import timezone

from bookingoffice.accounts.finding import the_organization
from bookingoffice.database.scope import tenant_scope
from seasons import answers
from seasons.asked import year_asked
from seasons.calendar import Run
from seasons.copying import make_copy
from seasons.management.subcommands.base import ACTOR, Desk, Subcommand, run_line
from seasons.questions import KeptSeason, kept_season
from seasons.year_rows import Mode
from seasons.year_writes import copy_year


class Copy(Subcommand):
    name = "copy"
    help = "A new season with the same days and rows of single years; or a year's own dates, to another year."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("season", metavar="SEASON", help="its id or name")
        parser.add_argument("--name", metavar="TEXT", help="(default: its own, marked as a copy)")
        parser.add_argument("--to-organization", metavar="ID", help="another organization")
        parser.add_argument("--from-year", metavar="Y", help="copy the dates of this year")
        parser.add_argument("--to-year", metavar="Z", help="to this one")
        parser.add_argument("--mode", choices=get_args(Mode), help="keep month and day, or weekday and nights")
        parser.add_argument("--replace", action="store_true", help="even where the year has dates already")

    def run(self, desk: Desk, options: Namespace) -> None:
        of_year = (options.from_year, options.to_year, options.mode)
        of_season = (options.name, options.to_organization)
        if all(of_year) and not any(of_season):
            _copy_year(desk, options)
        elif any(of_year) or options.replace:
            raise CommandError(
                "A year is copied with --from-year, --to-year and --mode, and without the other options."
            )
        else:
            _copy_season(desk, options)


def _copy_season(desk: Desk, options: Namespace) -> None:
    """Read in one organization's transaction, written in another's where that is asked."""
    target = desk.organization if options.to_organization is None else the_organization(options.to_organization)
    with desk.scope():
        source = desk.season(options.season)
    with tenant_scope(target.pk):
        copied = make_copy(target, source, name=options.name, actor=ACTOR, moment=timezone.now())
        [told] = answers.shown(target.pk, [kept_season(target.pk, copied)], desk.lang)
    desk.tell(told, [f"{told['label']}\t{copied}"])


def _copy_year(desk: Desk, options: Namespace) -> None:
    to_year = year_asked(options.to_year, "--to-year")
    act: Any = {
        "from_year": year_asked(options.from_year, "--from-year"),
        "to_year": to_year,
        "mode": options.mode,
        "replace": options.replace,
        "actor": ACTOR,
        "moment": timezone.now(),
    }
    with desk.scope():
        season = desk.season(options.season)
        written = copy_year(desk.organization, season.id, **act)
    if written is None:
        answer = {"season_id": season.id, "year": to_year, "skipped": True}
        desk.tell(answer, [f"{_named(season, desk)} has dates for {to_year} already; --replace replaces them."])
        return
    runs = [Run(*dates) for dates in written]
    answer = {"season_id": season.id, "year": to_year, "skipped": False, "dates": answers.runs_told(runs)}
    desk.tell(answer, [f"{_named(season, desk)}, {to_year}:", *map(run_line, runs)])


def _named(season: KeptSeason, desk: Desk) -> str:
    return season.label(desk.lang) or str(season.id)
