"""`seasons SUBCOMMAND`: questions about seasons, copies, exports. Exit 0 done, 1 a finding of `check`, 2 not possible."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Any, Final

from django.core.management.base import CommandError
from django.db import DatabaseError

from bookingoffice.accounts.finding import the_organization
from bookingoffice.commands import OfficeCommand
from seasons.management.subcommands.asking import OnDay, Runs, Stay
from seasons.management.subcommands.base import Desk, Finding, Subcommand
from seasons.management.subcommands.checking import Check
from seasons.management.subcommands.copying import Copy
from seasons.management.subcommands.drawing import Calendar
from seasons.management.subcommands.exporting import Export
from seasons.management.subcommands.feeding import Feed
from seasons.management.subcommands.holidays import Holidays

NOT_POSSIBLE: Final = 2
SUBCOMMANDS: Final[tuple[Subcommand, ...]] = (
    OnDay(),
    Runs(),
    Stay(),
    Check(),
    Calendar(),
    Copy(),
    Export(),
    Holidays(),
    Feed(),
)


class Command(OfficeCommand):
    help = "Asks about seasons, checks, draws, copies and exports them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        subparsers = parser.add_subparsers(dest="subcommand", metavar="SUBCOMMAND", required=True)
        for subcommand in SUBCOMMANDS:
            place = subparsers.add_parser(subcommand.name, help=subcommand.help, description=subcommand.help)
            place.add_argument("--organization", metavar="ID", help="needed when there are several")
            place.add_argument("--lang", metavar="TAG", help="the language of names, such as nl-NL")
            place.add_argument("--json", action="store_true", help="answer as JSON")
            subcommand.add_arguments(place)

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except Finding:
            raise
        except CommandError as error:
            error.returncode = NOT_POSSIBLE
            raise
        except DatabaseError as error:
            raise CommandError(f"The database does not answer: {error}", returncode=NOT_POSSIBLE) from error

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = next(each for each in SUBCOMMANDS if each.name == options["subcommand"])
        desk = Desk(the_organization(options["organization"]), options["lang"], options["json"], self.stdout)
        chosen.run(desk, Namespace(**options))
