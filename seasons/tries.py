"""Which season applies on a date or through a stay, told so that a person sees which one wins and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from bookingoffice.speech import gettext as _
from seasons.calendar import Stretch
from seasons.named import NamedSeason
from seasons.spoken import day_in_words, stretch_in_words, why_first
from seasons.stays import Night, nights_by_season, nights_of, seasons_on
from seasons.words import nights_counted


@dataclass(frozen=True)
class Told:
    """`lines` are consecutive nights with the same seasons and what applies to them."""

    sentence: str
    lines: tuple[tuple[str, str], ...] = ()


def told_of_day(seasons: Sequence[NamedSeason], day: date) -> Told:
    return Told(f"{day_in_words(day)}: {_words(seasons_on(seasons, day))}.")


def told_of_stay(seasons: Sequence[NamedSeason], days: Sequence[date]) -> Told:
    """`days` are the nights of the stay in order."""
    known = {season.id: season for season in seasons}
    nights = nights_of(seasons, days)
    lines = []
    for season_ids, alike in groupby(nights, key=lambda night: night.season_ids):
        stretch = _stretch(list(alike))
        words = _words([known[season_id] for season_id in season_ids])
        lines.append((f"{stretch_in_words(stretch)}, {nights_counted(stretch.nights)}", words))
    nowhere = _("in no season")
    parts = [
        f"{count} {known[season_id].label if season_id else nowhere}"
        for season_id, count in nights_by_season(nights).items()
    ]
    return Told(f"{nights_counted(len(days))}: {', '.join(parts)}.", tuple(lines))


def _words(present: Sequence[NamedSeason]) -> str:
    if not present:
        return _("no season applies")
    first, *others = present
    if not others:
        return _("%(season)s applies") % {"season": first.label}
    told = _("%(season)s applies. It lies over %(others)s and wins: %(why)s")
    also = ", ".join(season.label for season in others)
    return told % {"season": first.label, "others": also, "why": why_first(first, others[0])}


def _stretch(nights: Sequence[Night]) -> Stretch:
    return Stretch(nights[0].date, nights[-1].date)
