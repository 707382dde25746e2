"""A report in sentences that name dates and seasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from uuid import UUID

from seasons.questions import Report
from seasons.reports import Gap, Lint
from seasons.ring import SlotSet
from seasons.words import days_in_words, interval_in_words, nights_in_words

MEANINGS: Final = {"undecided": "not decided yet", "never": "deliberately none"}
ODDITIES: Final[Mapping[Lint, str]] = {
    "ends_on_28_feb": "ends on 28 February and leaves 29 February out; was the end of February meant?",
    "intervals_overlap": "has rows of days that overlap.",
    "intervals_touch": "has rows of days that could be one.",
}


def report_in_words(report: Report, lang: str | None) -> Iterator[str]:
    """Gaps first: they are what costs money."""
    labels = {season.id: season.label(lang) or str(season.id) for season in report.seasons}
    yield from map(gap_in_words, report.gaps)
    for first, last in report.year_gaps or ():
        yield f"In no season: {first} to {last}"
    if not (report.gaps or report.year_gaps):
        yield "Every day is in a season."
    yield from _overlaps(report, labels)
    for season in report.without_dates:
        yield f"{labels[season.id]} has no dates of every year: {MEANINGS[str(season.without_dates)]}.{_years(season.dates.rows)}"
    for season_id, code in report.lint:
        yield f"{labels[season_id]} {ODDITIES[code]}"


def gap_in_words(gap: Gap) -> str:
    days = SlotSet(gap.interval.spans)
    nights = "in leap years" if gap.leap_only else nights_in_words(days)
    return f"In no season: {interval_in_words(gap.interval)} ({nights})"


def _overlaps(report: Report, labels: Mapping[UUID, str]) -> Iterator[str]:
    names = [labels[season.id] for season in report.seasons]
    for a, b, bits, first in report.pairs:
        yield f"{names[a]} and {names[b]} overlap on {days_in_words(SlotSet.of_bits(bits))}; {names[first]} comes first."


def _years(rows: Mapping[int, object]) -> str:
    return f" It has dates for {', '.join(map(str, sorted(rows)))}." if rows else ""
