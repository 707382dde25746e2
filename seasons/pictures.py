"""A year as a table of twelve rows of days. Colour, pattern and letter tell the seasons apart, so none of them is needed alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from string import ascii_letters, ascii_uppercase
from typing import Final
from uuid import UUID

from bookingoffice.speech import gettext as _
from seasons.named import NamedSeason
from seasons.stays import Night, nights_of, ranked
from seasons.words import DAY, MONTHS, month_in_short

COLOURS: Final = 12
PATTERNS: Final = 4
MOST_LINES: Final = 3
"""So many seasons are drawn as lines on one day; the text says how many more there are."""
ALPHABET: Final = (
    ascii_uppercase + "0123456789" + ascii_letters[:26] + "".join(filter(str.isalpha, map(chr, range(0xC0, 0x250))))
)


@dataclass(frozen=True)
class Mark:
    """How a season looks. Colour and pattern come from its id and never change; the letter is its own within one picture."""

    id: UUID
    label: str
    letter: str

    @property
    def look(self) -> str:
        return f"colour-{self.id.int % COLOURS} pattern-{(self.id.int >> 8) % PATTERNS}"


@dataclass(frozen=True)
class Cell:
    """One place of the table; `day` None where the year has no such day."""

    text: str
    day: date | None = None
    first: Mark | None = None
    filled: Mark | None = None
    lines: tuple[Mark, ...] = ()

    @property
    def gap(self) -> bool:
        return self.day is not None and self.first is None


@dataclass(frozen=True)
class Picture:
    year: int
    months: tuple[tuple[str, tuple[Cell, ...]], ...]
    legend: tuple[Mark, ...]
    """Every season with a day in the year, in order of rank."""

    @property
    def rows(self) -> list[tuple[str, str, tuple[Cell, ...]]]:
        """Each month by its name, and as there is room for beside the days."""
        return [(name, month_in_short(month), cells) for month, (name, cells) in enumerate(self.months)]

    @property
    def has_gaps(self) -> bool:
        return any(cell.gap for _, cells in self.months for cell in cells)


def picture_of(year: int, seasons: Sequence[NamedSeason], this: UUID | None = None) -> Picture:
    """With `this`, that season is filled and the others are lines; without it the season that comes first is filled."""
    nights = {night.date: night for night in nights_of(seasons, _days(year))}
    present = {season_id for night in nights.values() for season_id in night.season_ids}
    marks = _marks(season for season in ranked(seasons) if season.id in present or season.id == this)
    months = (
        (_(name), tuple(_cell(year, month, day, nights, marks, this) for day in range(1, 32)))
        for month, name in enumerate(MONTHS)
    )
    return Picture(year, tuple(months), tuple(marks.values()))


def _days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=passed) for passed in range((date(year, 12, 31) - first).days + 1)]


def _cell(
    year: int, month: int, number: int, nights: Mapping[date, Night], marks: Mapping[UUID, Mark], this: UUID | None
) -> Cell:
    named = _(DAY) % {"day": number, "month": month_in_short(month)}
    day = _date(year, month, number)
    if day is None:
        return Cell(_("%(named)s: no such day") % {"named": named})
    night = nights[day]
    present = [marks[season_id] for season_id in night.season_ids]
    first = present[0] if present else None
    filled = next((mark for mark in present if mark.id == this), None) if this else first
    lines = [mark for mark in present if mark is not filled]
    return Cell(f"{named}: {_told(present)}", night.date, first, filled, tuple(lines[:MOST_LINES]))


def _date(year: int, month: int, number: int) -> date | None:
    """None where the year has no such day, such as 29 February."""
    try:
        return date(year, month + 1, number)
    except ValueError:
        return None


def _told(present: Sequence[Mark]) -> str:
    if not present:
        return _("no season")
    first, *others = [mark.label for mark in present]
    if not others:
        return first
    also, more = ", ".join(others[:MOST_LINES]), len(others) - MOST_LINES
    if more > 0:
        also = _("%(names)s and %(number)s more") % {"names": also, "number": more}
    return _("%(first)s, also %(others)s") % {"first": first, "others": also}


def _marks(seasons: Iterable[NamedSeason]) -> dict[UUID, Mark]:
    """Older seasons choose their letter first, so that a new one takes none away."""
    in_order = list(seasons)
    letters: dict[UUID, str] = {}
    for season in sorted(in_order, key=lambda season: (season.created_at, str(season.id))):
        taken = set(letters.values())
        letters[season.id] = next((letter for letter in _letters(season.label) if letter not in taken), "?")
    return {season.id: Mark(season.id, season.label, letters[season.id]) for season in in_order}


def _letters(label: str) -> Iterator[str]:
    """First those of its own name, as people abbreviate it."""
    yield from (character for character in label.upper() if character.isalpha() and len(character) == 1)
    yield from ALPHABET
