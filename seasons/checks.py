"""Notes on a season that is being written: what it leaves open, shares, or says in an odd way. Each has a next step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from bookingoffice.speech import gettext as _
from bookingoffice.speech import gettext_noop
from seasons.calendar import Stretch
from seasons.named import NamedSeason
from seasons.reports import gaps, lint, year_gaps
from seasons.ring import Interval, SlotSet, month_day, slot_of
from seasons.spoken import stretch_in_words, why_first
from seasons.stays import ranked
from seasons.words import days_in_words, interval_in_words, nights_counted, nights_in_words

Fix = Literal["end_of_february", "tidy"]
Kind = Literal["warning", "note"]
FIXES: Final[dict[Fix, str]] = {
    "end_of_february": gettext_noop("Use end of February"),
    "tidy": gettext_noop("Tidy up the rows"),
}


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
        return _(FIXES[self.fix]) if self.fix else ""


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
    if written.season.dates.slots.spans:
        return
    if written.undecided:
        text, step = _("No dates yet: this season applies on no day."), _("Fill in a row when you know.")
    else:
        text, step = _("No dates: this season applies on no day."), _("Add a row if that is not meant.")
    if years := ", ".join(map(str, sorted(written.season.dates.rows))):
        text += " " + _("But it has dates of its own for %(years)s.") % {"years": years}
    yield Note("undecided" if written.undecided else "no_dates", text, step)


def _oddities(written: Written, others: Sequence[SlotSet], leap_year: int) -> Iterator[Note]:
    found, slots = set(lint(written.intervals)), written.season.dates.slots
    if "ends_on_28_feb" in found:
        text = _("This season ends on 28 February. On 29 Feb %(year)s no season applies.")
        if any(60 in slots for slots in others):
            text = _("This season ends on 28 February: 29 February %(year)s belongs to other seasons only.")
        step = _("Was the end of February meant?")
        yield Note("ends_on_28_feb", text % {"year": leap_year}, step, "warning", "end_of_february")
    if "intervals_overlap" in found:
        text = _("Rows share days. Together they are: %(days)s.") % {"days": days_in_words(slots)}
        yield Note("intervals_overlap", text, _("Each day counts once all the same."), fix="tidy")
    if "intervals_touch" in found:
        text = _("Rows follow one another without a break: %(days)s.") % {"days": days_in_words(slots)}
        yield Note("intervals_touch", text, _("They could be one row."), fix="tidy")


def _uncovered(written: Written, others: Sequence[NamedSeason], leap_year: int) -> Iterator[Note]:
    for gap in gaps(season.dates.slots for season in (written.season, *others)):
        if gap.leap_only:
            if "ends_on_28_feb" in lint(written.intervals):
                continue  # told there already, with its fix
            text = _("On 29 Feb %(year)s no season applies.") % {"year": leap_year}
            step = _("Let a season end at the end of February.")
            yield Note("gap_on_29_feb", text, step, "warning", open_days=gap.interval)
            continue
        nights = nights_in_words(SlotSet.of([gap.interval]))
        text = _("In no season: %(days)s (%(nights)s).") % {"days": interval_in_words(gap.interval), "nights": nights}
        step = _("Lengthen a season, or make one for these days.")
        yield Note("gap", text, step, "warning", open_days=gap.interval)


def _year_uncovered(seasons: Sequence[NamedSeason], year: int) -> Iterator[Note]:
    """What dates of a single year leave open beyond what every year does."""
    open_always = SlotSet.of(gap.interval for gap in gaps(season.dates.slots for season in seasons))
    step = _("Dates for one year leave this open; change them, or give the days to another season.")
    for stretch in year_gaps(seasons, year):
        if all(slot in open_always for slot in range(slot_of(stretch.first), slot_of(stretch.last) + 1)):
            continue
        told = {"year": year, "days": stretch_in_words(stretch), "nights": nights_counted(stretch.nights)}
        text = _("In %(year)s no season applies on %(days)s (%(nights)s).") % told
        yield Note("year_gap", text, step, "warning", open_days=days_of(stretch))


def _overlaps(season: NamedSeason, others: Sequence[NamedSeason]) -> Iterator[Note]:
    step = _("Nothing to do if that is meant; a short season laid over a long one just works.")
    for other in ranked(others):
        if shared := SlotSet.of_bits(season.dates.slots.bits & other.dates.slots.bits).spans:
            first, second = ranked([season, other])
            days = SlotSet(shared)
            told = {"days": days_in_words(days), "nights": nights_in_words(days), "other": other.label}
            text = _("Shares %(days)s (%(nights)s) with %(other)s. %(winner)s wins there: %(why)s.")
            whole = text % {**told, "winner": first.label, "why": why_first(first, second)}
            yield Note("overlap", whole, step, about=other)


def days_of(stretch: Stretch) -> Interval:
    return Interval(month_day(slot_of(stretch.first)), month_day(slot_of(stretch.last)))
