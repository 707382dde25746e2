"""Notes on a season that is being written: what it leaves open, shares, or says in an odd way. Each has a next step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from seasons.calendar import Stretch
from seasons.named import NamedSeason
from seasons.reports import gaps, lint, year_gaps
from seasons.ring import Interval, SlotSet, month_day, slot_of
from seasons.spoken import nights_counted, stretch_in_words, why_first
from seasons.stays import ranked
from seasons.words import days_in_words, interval_in_words, nights_in_words

Fix = Literal["end_of_february", "tidy"]
Kind = Literal["warning", "note"]
FIXES: Final[dict[Fix, str]] = {"end_of_february": "Use end of February", "tidy": "Tidy up the rows"}


@dataclass(frozen=True)
class Note:
    """`about` is another season to look at; `open_days` could be given to a new one."""

    code: str
    text: str
    step: str
    kind: Kind = "note"
    fix: Fix | None = None
    about: NamedSeason | None = None
    open_days: Interval | None = None

    @property
    def fix_label(self) -> str:
        return FIXES[self.fix] if self.fix else ""


@dataclass(frozen=True)
class Written:
    """A season as its rows stand, with the rows as they were typed."""

    season: NamedSeason
    intervals: Sequence[Interval]
    undecided: bool = False


def notes_on(written: Written, others: Sequence[NamedSeason], *, year: int, leap_year: int) -> list[Note]:
    """`leap_year` is the one that a word about 29 February names."""
    return [
        *_without_dates(written),
        *_oddities(written, [season.dates.slots for season in others], leap_year),
        *_uncovered(written, others, leap_year),
        *_year_uncovered([written.season, *others], year),
        *_overlaps(written.season, others),
    ]


def _without_dates(written: Written) -> Iterator[Note]:
    slots, rows = written.season.dates.slots, written.season.dates.rows
    if slots.spans:
        return
    beyond = f" But it has dates of its own for {', '.join(map(str, sorted(rows)))}." if rows else ""
    if written.undecided:
        yield Note("undecided", f"No dates yet: this season applies on no day.{beyond}", "Fill in a row when you know.")
    else:
        yield Note("no_dates", f"No dates: this season applies on no day.{beyond}", "Add a row if that is not meant.")


def _oddities(written: Written, others: Sequence[SlotSet], leap_year: int) -> Iterator[Note]:
    found = set(lint(written.intervals))
    if "ends_on_28_feb" in found:
        covered = any(60 in slots for slots in others)
        lost = "belongs to other seasons only" if covered else "has no season"
        text = f"This season ends on 28 February: 29 February {leap_year} {lost}."
        if not covered:
            text = f"This season ends on 28 February. On 29 Feb {leap_year} no season applies."
        yield Note("ends_on_28_feb", text, "Was the end of February meant?", "warning", "end_of_february")
    if "intervals_overlap" in found:
        text = f"Rows share days. Together they are: {days_in_words(written.season.dates.slots)}."
        yield Note("intervals_overlap", text, "Each day counts once all the same.", fix="tidy")
    if "intervals_touch" in found:
        text = f"Rows follow one another without a break: {days_in_words(written.season.dates.slots)}."
        yield Note("intervals_touch", text, "They could be one row.", fix="tidy")


def _uncovered(written: Written, others: Sequence[NamedSeason], leap_year: int) -> Iterator[Note]:
    for gap in gaps(season.dates.slots for season in (written.season, *others)):
        if gap.leap_only:
            if "ends_on_28_feb" in lint(written.intervals):
                continue  # told there already, with its fix
            text, days = f"On 29 Feb {leap_year} no season applies.", gap.interval
            yield Note("gap_on_29_feb", text, "Let a season end at the end of February.", "warning", open_days=days)
            continue
        nights = nights_in_words(SlotSet.of([gap.interval]))
        text = f"In no season: {interval_in_words(gap.interval)} ({nights})."
        yield Note("gap", text, "Lengthen a season, or make one for these days.", "warning", open_days=gap.interval)


def _year_uncovered(seasons: Sequence[NamedSeason], year: int) -> Iterator[Note]:
    """What dates of a single year leave open beyond what every year does."""
    open_always = SlotSet.of(gap.interval for gap in gaps(season.dates.slots for season in seasons))
    for stretch in year_gaps(seasons, year):
        if all(slot in open_always for slot in range(slot_of(stretch.first), slot_of(stretch.last) + 1)):
            continue
        yield Note(
            "year_gap",
            f"In {year} no season applies on {stretch_in_words(stretch)} ({nights_counted(stretch.nights)}).",
            "Dates for one year leave this open; change them, or give the days to another season.",
            "warning",
            open_days=days_of(stretch),
        )


def _overlaps(season: NamedSeason, others: Sequence[NamedSeason]) -> Iterator[Note]:
    for other in ranked(others):
        if shared := SlotSet.of_bits(season.dates.slots.bits & other.dates.slots.bits).spans:
            first, second = ranked([season, other])
            days = SlotSet(shared)
            text = (
                f"Shares {days_in_words(days)} ({nights_in_words(days)}) with {other.label}. {first.label} wins there: "
            )
            step = "Nothing to do if that is meant; a short season laid over a long one just works."
            yield Note("overlap", f"{text}{why_first(first, second)}.", step, about=other)


def days_of(stretch: Stretch) -> Interval:
    return Interval(month_day(slot_of(stretch.first)), month_day(slot_of(stretch.last)))
