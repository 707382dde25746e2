"""Seasons as an iCalendar text (RFC 5545): one event a run, never a yearly rule, which would lose 29 February.

Nothing here asks the time, so an unchanged season gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from seasons.calendar import ONE_DAY, Run, SeasonDates, Stretch

LINE_OCTETS: Final = 75
_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f]")  # not allowed in a calendar text


@dataclass(frozen=True)
class FeedSeason:
    """A season as the feed needs it, its name already in the reader's language."""

    id: UUID
    summary: str
    dates: SeasonDates
    updated_at: datetime


@dataclass(frozen=True)
class Event:
    """`end` is the day after the last one."""

    season_id: UUID
    start: date
    end: date

    def uid(self, host: str) -> str:
        return f"{self.season_id}-{self.start:%Y%m%d}@{host}"


def feed_window(today: date) -> Stretch:
    """1 January of last year to 31 December two years ahead."""
    return Stretch(date(today.year - 1, 1, 1), date(today.year + 2, 12, 31))


def events(season_id: UUID, dates: SeasonDates, window: Stretch) -> list[Event]:
    """One event for every run that meets the window, uncut; a run without end is told year by year."""
    runs = (piece for run in dates.whole(*window) for piece in _pieces(run, window))
    return [Event(season_id, first, last + ONE_DAY) for first, last in runs]


def _pieces(run: Run, window: Stretch) -> Iterator[Stretch]:
    if run.first and run.last:
        yield Stretch(run.first, run.last)
        return
    for year in range(window.first.year, window.last.year + 1):
        first, last = date(year, 1, 1), date(year, 12, 31)
        piece = Stretch(max(run.first or first, first), min(run.last or last, last))
        if piece.first <= piece.last:
            yield piece


def calendar_bytes(seasons: Iterable[FeedSeason], *, name: str, host: str, window: Stretch) -> bytes:
    """The whole feed; `name` is shown as the calendar's own, `host` makes the event ids unique in the world."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//bookingoffice//seasons//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
        *(line for season in seasons for line in _season_lines(season, host, window)),
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def feed_etag(body: bytes) -> str:
    """Quoted, as the header wants it."""
    return f'"{sha256(body).hexdigest()[:32]}"'


def _season_lines(season: FeedSeason, host: str, window: Stretch) -> Iterator[str]:
    moment = season.updated_at.astimezone(UTC)
    changed = f"{moment.year:04}{moment:%m%dT%H%M%SZ}"  # %Y alone leaves the zeros of an early year out
    for event in events(season.id, season.dates, window):
        yield "BEGIN:VEVENT"
        yield f"UID:{event.uid(host)}"
        yield f"DTSTAMP:{changed}"
        yield f"LAST-MODIFIED:{changed}"
        yield f"DTSTART;VALUE=DATE:{event.start:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{event.end:%Y%m%d}"
        yield f"SUMMARY:{_escaped(season.summary)}"
        yield "TRANSP:TRANSPARENT"
        yield "END:VEVENT"


def _escaped(text: str) -> str:
    """A break of any system is one line break; other control characters have no place in a calendar."""
    text = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """Lines of at most 75 octets; the next one begins with a space, and no character is split."""
    folded, octets = bytearray(), 0
    for character in line:
        encoded = character.encode()
        if octets + len(encoded) > LINE_OCTETS:
            folded += b"\r\n "
            octets = 1
        folded += encoded
        octets += len(encoded)
    return bytes(folded + b"\r\n")
