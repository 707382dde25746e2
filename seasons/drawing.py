"""A year in letters: one line a month, one letter a day for the season that comes first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from string import ascii_letters, ascii_uppercase
from typing import Final
from uuid import UUID

from seasons.questions import SeasonYearPage
from seasons.words import MONTHS

NOTHING: Final = "."
ALPHABET: Final = ascii_uppercase + ascii_letters[:26] + "".join(filter(str.isalpha, map(chr, range(0xC0, 0x250))))
"""More letters than a year has days, so that no two seasons share one."""


@dataclass(frozen=True)
class Drawing:
    """`letters` in the order of rank, only of seasons that come first on some day."""

    months: tuple[str, ...]
    letters: dict[UUID, str]

    def lines(self) -> Iterator[str]:
        for name, days in zip(MONTHS, self.months, strict=True):
            yield f"{name[:3]} {days}"


def drawn(page: SeasonYearPage) -> Drawing:
    leading = set(page.primary.values())
    in_order = [season.id for season in page.seasons if season.id in leading]
    letters = dict(zip(in_order, ALPHABET, strict=False))
    months = [""] * 12
    for day, season_id in page.primary.items():
        months[day.month - 1] += letters[season_id] if season_id else NOTHING
    return Drawing(tuple(months), letters)


def nights_led(page: SeasonYearPage, season_id: UUID) -> list[date]:
    """The days of the year on which the season comes first."""
    return [day for day, primary in page.primary.items() if primary == season_id]
