"""All seasons of the organization in one picture of a year, with what is left open and what is shared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from seasons.admin.drafts import year_of, years_offered
from seasons.admin.feed import feed_shown
from seasons.admin.reading import all_seasons, label_of, language_of, named
from seasons.calendar import Stretch
from seasons.checks import days_of
from seasons.named import NamedSeason
from seasons.pictures import picture_of
from seasons.questions import KeptSeason
from seasons.reports import Pair, overlapping_pairs, year_gaps
from seasons.ring import Interval, SlotSet
from seasons.spoken import stretch_in_words, why_first
from seasons.words import days_in_words, nights_counted

MOST_OVERLAPS: Final = 200
"""A hundred seasons may overlap five thousand times; nobody reads that."""


@dataclass(frozen=True)
class GapShown:
    text: str
    days: Interval


@dataclass(frozen=True)
class OverlapShown:
    winner: NamedSeason
    other: NamedSeason
    days: str
    why: str


class YearPage:
    """Stands before a ModelAdmin."""

    def year_view(self, request: HttpRequest) -> HttpResponse:
        page: Any = self
        if not page.has_view_permission(request):
            raise PermissionDenied
        lang, year = language_of(request), year_of(request)
        chosen = _chosen(request)
        seasons = named(chosen, lang)
        pairs = overlapping_pairs(seasons)
        context = {
            **page.admin_site.each_context(request),
            "title": _("Compare seasons") if request.GET.getlist("season") else _("Seasons through the year"),
            "opts": page.opts,
            "year": year,
            "years": years_offered(year),
            "compared": request.GET.getlist("season"),
            "picture": picture_of(year, seasons),
            "days": range(1, 32),
            "gaps": [_gap(stretch) for stretch in year_gaps(seasons, year)],
            "overlaps": [_overlap(seasons, pair) for pair in pairs[:MOST_OVERLAPS]],
            "more_overlaps": max(len(pairs) - MOST_OVERLAPS, 0),
            "without_dates": [(season.id, label_of(season, lang)) for season in chosen if season.without_dates],
            "feed": feed_shown(request),
            "can_write": page.has_change_permission(request),
        }
        return TemplateResponse(request, "seasons/year.html", context)


def _chosen(request: HttpRequest) -> list[KeptSeason]:
    """Those named in the address, or all."""
    names = set(request.GET.getlist("season"))
    return [season for season in all_seasons(request) if not names or str(season.id) in names]


def _gap(stretch: Stretch) -> GapShown:
    nights = nights_counted(stretch.nights)
    text = _("%(nights)s without a season: %(days)s") % {"nights": nights, "days": stretch_in_words(stretch)}
    return GapShown(text, days_of(stretch))


def _overlap(kept: Sequence[NamedSeason], pair: Pair) -> OverlapShown:
    a, b, bits, first = pair
    winner, other = (kept[a], kept[b]) if first == a else (kept[b], kept[a])
    return OverlapShown(winner, other, days_in_words(SlotSet.of_bits(bits)), why_first(winner, other))
