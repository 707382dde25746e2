"""`calendar`: a year in the terminal."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

from seasons.asked import year_asked
from seasons.drawing import Drawing, drawn, nights_led
from seasons.management.subcommands.base import Desk, Subcommand, nights
from seasons.questions import SeasonYearPage, kept_seasons, year_page


class Calendar(Subcommand):
    name = "calendar"
    help = "Twelve lines, one letter a day for the season that comes first, `.` for none, and a legend."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", metavar="YEAR")

    def run(self, desk: Desk, options: Namespace) -> None:
        year = year_asked(options.year, "YEAR")
        with desk.scope():
            page = year_page(kept_seasons(desk.organization.pk), year)
        drawing = drawn(page)
        labels = {season.id: season.label(desk.lang) for season in page.seasons}
        legend = [
            {"letter": letter, "season_id": season_id, "label": labels[season_id]}
            for season_id, letter in drawing.letters.items()
        ]
        answer = {"year": year, "months": drawing.months, "legend": legend}
        desk.tell(answer, _lines(page, drawing, desk.lang))


def _lines(page: SeasonYearPage, drawing: Drawing, lang: str | None) -> Iterator[str]:
    yield from drawing.lines()
    yield ""
    for season in page.seasons:
        if season.id in drawing.letters:
            led = nights(len(nights_led(page, season.id)))
            yield f"{drawing.letters[season.id]} {season.label(lang) or season.id}: {led}"
