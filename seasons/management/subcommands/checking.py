"""`check`: what the seasons leave open or claim twice."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from seasons import answers
from seasons.asked import year_asked
from seasons.management.subcommands.base import Desk, Finding, Subcommand
from seasons.questions import kept_seasons, report_of
from seasons.report_words import report_in_words


class Check(Subcommand):
    name = "check"
    help = "Days in no season, overlaps and who wins them, seasons without dates. Exit 1 on a day in no season."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--year", help="also the gaps of this year, rows of single years honoured")
        parser.add_argument("--allow-gaps", action="store_true", help="exit 0 all the same")

    def run(self, desk: Desk, options: Namespace) -> None:
        year = None if options.year is None else year_asked(options.year, "--year")
        with desk.scope():
            report = report_of(kept_seasons(desk.organization.pk), year)
        desk.tell(answers.report_told(report, desk.lang), report_in_words(report, desk.lang))
        if (report.gaps or report.year_gaps) and not options.allow_gaps:
            raise Finding("There are days in no season.")
