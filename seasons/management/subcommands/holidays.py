"""`holidays`: a country's holidays as dates of a season for single years, proposed first and written when told so."""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from seasons import answers
from seasons.asked import year_asked
from seasons.calendar import Run, Stretch
from seasons.holidays import Proposal, proposal
from seasons.management.subcommands.base import ACTOR, Desk, Subcommand, run_line
from seasons.questions import KeptSeason
from seasons.year_writes import set_year

YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?", re.ASCII)
MOST_YEARS = 20


class Holidays(Subcommand):
    name = "holidays"
    help = "Proposes holidays as a season's dates for single years. Needs the extra bookingoffice[holidays]."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("season", metavar="SEASON", help="its id or name")
        parser.add_argument("--country", required=True, help="such as DE")
        parser.add_argument("--subdiv", help="a state or province, such as NI")
        parser.add_argument("--category", default="public", help="such as school (default: %(default)s)")
        parser.add_argument("--years", required=True, help="such as 2027 or 2027-2028")
        parser.add_argument("--replace", action="store_true", help="also years that have dates already")
        parser.add_argument("--apply", action="store_true", help="write them")

    def run(self, desk: Desk, options: Namespace) -> None:
        years = _years(options.years)
        found = proposal(options.country, options.subdiv, options.category, years)
        with desk.scope():
            season = desk.season(options.season)
            told = [Outcome(season, year, found, options) for year in years]
            for outcome in told:
                if outcome.fate == "written":
                    act: Any = {"actor": ACTOR, "moment": timezone.now()}
                    set_year(desk.organization, season.id, outcome.year, outcome.dates, **act)
        desk.tell([outcome.told() for outcome in told], (line for outcome in told for line in outcome.lines()))


class Outcome:
    """What becomes of one year."""

    def __init__(self, season: KeptSeason, year: int, found: Proposal, options: Namespace) -> None:
        self.year = year
        self.dates: Sequence[Stretch] = found.of_year(year)
        self.notes = found.notes_of_year(year)
        self.fate = _fate(self.dates, taken=year in season.dates.rows and not options.replace, apply=options.apply)

    def told(self) -> dict[str, object]:
        runs = [Run(*dates) for dates in self.dates]
        return {"year": self.year, "fate": self.fate, "dates": answers.runs_told(runs), "notes": self.notes}

    def lines(self) -> Iterator[str]:
        yield f"{self.year}: {FATES[self.fate]}"
        yield from (f"  {run_line(Run(*dates))}" for dates in self.dates)
        yield from (f"  {note}" for note in self.notes)


FATES = {
    "unknown": "nothing is known of this year.",
    "kept": "has dates already; --replace replaces them.",
    "written": "written.",
    "proposed": "proposed; --apply writes them.",
}


def _fate(dates: Sequence[Stretch], *, taken: bool, apply: bool) -> str:
    """A year of which nothing is known is never written: no dates would mean that it does not take place."""
    if not dates:
        return "unknown"
    if taken:
        return "kept"
    return "written" if apply else "proposed"


def _years(typed: str) -> range:
    found = YEARS.fullmatch(typed)
    if not found:
        raise CommandError("--years is a year such as 2027, or two such as 2027-2028.")
    first = year_asked(found[1], "--years")
    last = year_asked(found[2] or found[1], "--years")
    if not 0 <= last - first < MOST_YEARS:
        raise CommandError(f"--years goes forward, over at most {MOST_YEARS} years.")
    return range(first, last + 1)
