"""Nights of the coming year that no season claims."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from seasons.ahead import gaps_ahead
from seasons.calendar import Stretch
from seasons.questions import kept_seasons

MOST_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Gap:
    """`page` is the picture of its year."""

    words: str
    nights: str
    page: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """`seasons` is false where there are none yet: then everything is open, and nothing is missing."""

    seasons: bool
    gaps: list[Gap]
    more: int


def calendar_shown(organization_id: UUID, today: date) -> Calendar:
    seasons = [season for season in kept_seasons(organization_id) if not season.without_dates]
    gaps = gaps_ahead(seasons, today) if seasons else []
    return Calendar(bool(seasons), [_gap(gap) for gap in gaps[:MOST_SHOWN]], max(len(gaps) - MOST_SHOWN, 0))


def _gap(gap: Stretch) -> Gap:
    first, last = (date_format(day, "DATE_FORMAT") for day in gap)
    words = first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}
    nights = ngettext("%(number)s night", "%(number)s nights", gap.nights) % {"number": gap.nights}
    return Gap(words, nights, reverse("admin:seasons_season_year", query={"year": gap[0].year}))
