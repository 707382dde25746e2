"""What the list can do with the seasons that are ticked. Whatever writes shows first what it will write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookingoffice.accounts.desk import actor_of, organization_of
from seasons import writes
from seasons.admin.exports import export_of
from seasons.admin.reading import all_seasons, label_of, language_of
from seasons.changes import state_in_words
from seasons.copies import copied_name
from seasons.copying import copy_season
from seasons.expressions import expression_of, intervals_of
from seasons.questions import KeptSeason
from seasons.words import interval_in_words

Step = tuple[str, str, str]
"""A season, how it is now, and how it will be."""


class ListActions:
    """Stands before a ModelAdmin."""

    actions = ("duplicate", "tidy_up", "compare", "export")

    @admin.action(description=gettext_lazy("Duplicate"), permissions=["change"])
    def duplicate(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        seasons = _ticked(request, queryset)
        if "confirmed" not in request.POST:
            steps = [(_label(request, season), state_in_words(season.value), _copy_label(season)) for season in seasons]
            return self._asked(request, "duplicate", _("Duplicate these seasons?"), _("New season"), steps)
        act: Any = {"actor": actor_of(request), "moment": timezone.now()}
        for season in seasons:
            copy_season(organization_of(request), season.id, **act)
        messages.success(
            request,
            _("Duplicated: %(number)s. A copy is newer, so it wins over its original.") % {"number": len(seasons)},
        )
        return None

    @admin.action(description=gettext_lazy("Tidy up"), permissions=["change"])
    def tidy_up(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        untidy = [season for season in _ticked(request, queryset) if _tidied(season) != season.value]
        if not untidy:
            messages.success(request, _("These seasons are tidy already."))
            return None
        if "confirmed" not in request.POST:
            steps = [(_label(request, season), _rows(season.value), _rows(_tidied(season))) for season in untidy]
            return self._asked(request, "tidy_up", _("Tidy up the rows of these seasons?"), _("Rows then"), steps)
        act: Any = {"actor": actor_of(request), "moment": timezone.now()}
        for season in untidy:
            writes.change_seasons(organization_of(request), [season.id], {"value": _tidied(season)}, **act)
        messages.success(request, _("Tidied up: %(number)s. No day was lost or won.") % {"number": len(untidy)})
        return None

    @admin.action(description=gettext_lazy("Compare on picture"), permissions=["view"])
    def compare(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        chosen = urlencode([("season", str(season.id)) for season in _ticked(request, queryset)])
        return HttpResponseRedirect(f"{reverse('admin:seasons_season_year')}?{chosen}")

    @admin.action(description=gettext_lazy("Export"), permissions=["view"])
    def export(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        seasons = _ticked(request, queryset)
        if file := export_of(request, seasons, request.POST.get("format", "")):
            return file
        steps = [(_label(request, season), state_in_words(season.value), "") for season in seasons]
        return self._asked(request, "export", _("Export these seasons"), "", steps)

    def _asked(
        self, request: HttpRequest, action: str, title: str, then: str, steps: Sequence[Step]
    ) -> TemplateResponse:
        """The page between ticking and doing."""
        page: Any = self
        context = {
            **page.admin_site.each_context(request),
            "title": title,
            "opts": page.opts,
            "action": action,
            "then": then,
            "steps": steps,
            "ids": request.POST.getlist(ACTION_CHECKBOX_NAME),
        }
        return TemplateResponse(request, "seasons/action.html", context)


def _ticked(request: HttpRequest, queryset: Any) -> list[KeptSeason]:
    ids: set[UUID] = set(queryset.values_list("pk", flat=True))
    return [season for season in all_seasons(request) if season.id in ids]


def _label(request: HttpRequest, season: KeptSeason) -> str:
    return label_of(season, language_of(request))


def _copy_label(season: KeptSeason) -> str:
    return copied_name(season.name)["default"]


def _tidied(season: KeptSeason) -> Any:
    return None if season.value is None else expression_of(season.dates.slots)


def _rows(value: Any) -> str:
    return " + ".join(map(interval_in_words, intervals_of(value))) or _("no rows")
