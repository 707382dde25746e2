"""`on`, `dates` and `stay`: the questions that programs ask too."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from uuid import UUID

from seasons import answers
from seasons.asked import UNITS, day_asked, stay_asked, window_asked
from seasons.management.subcommands.base import Desk, Subcommand, nights, run_line
from seasons.questions import kept_seasons, runs_of
from seasons.stays import Night, nights_by_season, nights_of

NOTHING = "no season"


class OnDay(Subcommand):
    name = "on"
    help = "The seasons of a day, the primary one first: name and id, separated by a tab."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("day", metavar="DAY", help="such as 2027-04-30")

    def run(self, desk: Desk, options: Namespace) -> None:
        day = day_asked(options.day, "DAY")
        with desk.scope():
            found = answers.on_day(desk.organization.pk, day, desk.lang)
        desk.tell(found, [f"{season['label']}\t{season['id']}" for season in found] or [f"{day}: {NOTHING}"])


class Runs(Subcommand):
    name = "dates"
    help = "The longest stretches of days in a season, both ends included."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("season", metavar="SEASON", help="its id or name")
        parser.add_argument("--from", dest="first", metavar="DAY", required=True)
        parser.add_argument("--to", dest="last", metavar="DAY", required=True)
        parser.add_argument("--whole", action="store_true", help="do not cut them to the window")

    def run(self, desk: Desk, options: Namespace) -> None:
        window = window_asked(options.first, options.last)
        with desk.scope():
            runs = runs_of(desk.season(options.season), window, clip=not options.whole)
        desk.tell(answers.runs_told(runs), map(run_line, runs))


class Stay(Subcommand):
    name = "stay"
    help = "Which seasons each night of a stay lies in, then the nights of each primary season."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("check_in", metavar="CHECK_IN")
        parser.add_argument("check_out", metavar="CHECK_OUT")
        parser.add_argument("--unit", choices=UNITS, default="night", help="with `day` both ends count")

    def run(self, desk: Desk, options: Namespace) -> None:
        days = stay_asked(options.check_in, options.check_out, options.unit)
        with desk.scope():
            seasons = kept_seasons(desk.organization.pk)
        found = nights_of(seasons, days)
        labels = {season.id: season.label(desk.lang) or str(season.id) for season in seasons}
        desk.tell(answers.stay_told(found), _lines(found, labels))


def _lines(found: list[Night], labels: dict[UUID, str]) -> Iterator[str]:
    for night in found:
        names = [labels[season_id] for season_id in night.season_ids]
        yield f"{night.date}  {', '.join(names) or NOTHING}"
    yield ""
    for season_id, count in nights_by_season(found).items():
        yield f"{labels[season_id] if season_id else NOTHING}: {nights(count)}"
