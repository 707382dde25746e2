"""The page of one season: answers from the rows as they stand, before anything is saved."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from seasons.admin.drafts import Draft, draft_of, fixed, form_values, posted_values, told, years_offered
from seasons.admin.feed import feed_shown
from seasons.admin.single_years import single_years_shown
from seasons.expressions import RECURRING
from seasons.models import Season
from seasons.ring import RING_END, RING_START, Interval, month_day

ASKING = ("_check", "_fix")
"""Buttons that answer and save nothing."""


class Editor:
    """Stands before a ModelAdmin."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        if request.method == "POST" and is_asking(request):
            request.POST = fixed(request.POST)  # type: ignore[assignment]
        page: Any = super()
        return page.changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        page: Any = super()
        form: Any = page.get_form(request, obj, change, **kwargs)
        form.asking = is_asking(request)
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Days that a note or the first step proposed."""
        if "whole_year" in request.GET:
            whole = Interval(month_day(RING_START), month_day(RING_END - 1))
            return {"name": {"default": _("Whole year")}, "days": _expression(whole)}
        ends = [_slot(request.GET.get(name, "")) for name in ("from", "to")]
        first, last = ends
        return {"days": _expression(Interval(month_day(first), month_day(last)))} if first and last else {}

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        record: Season | None = kwargs.get("obj")
        page: Any = self
        can_write = page.has_change_permission(request, record)
        draft = draft_of(request, record.pk if record else None, form_values(context["adminform"].form))
        asked = request.POST or request.GET
        context |= {
            **live(request, draft, can_write=can_write),
            "ask_form": "season_form" if can_write else "season_ask",
            "years": years_offered(draft.year),
            "try_from": asked.get("try-from", ""),
            "try_to": asked.get("try-to", ""),
        }
        if record:
            context |= saved(request, record)
        rendered: Any = super()
        return rendered.render_change_form(request, context, *args, **kwargs)

    def draft_view(self, request: HttpRequest) -> HttpResponse:
        """The live parts of the page for rows that are not saved, as HTML."""
        page: Any = self
        if request.method != "POST" or not page.has_view_permission(request):
            raise PermissionDenied
        draft = draft_of(request, _uuid(request.GET.get("season", "")), posted_values(request.POST))
        shown = live(request, draft, can_write=page.has_change_permission(request))
        return TemplateResponse(request, "seasons/live.html", shown)


def live(request: HttpRequest, draft: Draft, *, can_write: bool) -> dict[str, Any]:
    """What follows the rows as they are typed."""
    return {
        "draft": draft,
        "notes": draft.notes,
        "picture": draft.picture,
        "this_id": draft.season.id,
        "days": range(1, 32),
        "answer": told(request, draft.seasons),
        "can_write": can_write,
    }


def saved(request: HttpRequest, record: Season) -> dict[str, Any]:
    """What only a season that is kept has."""
    return {
        **single_years_shown(request, record),
        "raw": json.dumps(record.value, indent=2),
        "feed": feed_shown(request),
    }


def is_asking(request: HttpRequest) -> bool:
    return any(name in request.POST for name in ASKING)


def _expression(interval: Interval) -> dict[str, Any]:
    return {"type": RECURRING, "intervals": [interval.as_json()]}


def _slot(text: str) -> int:
    """0 for what is no day of the year."""
    slot = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    return slot if RING_START <= slot < RING_END else 0


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
