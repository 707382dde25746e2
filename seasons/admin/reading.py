"""What a request of the staff reads of seasons: in whose language, on which day, and all of them at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from bookingoffice.accounts.desk import organization_of
from bookingoffice.languages.choosing import chosen_language
from seasons.named import NamedSeason
from seasons.questions import KeptSeason, kept_seasons


def language_of(request: HttpRequest) -> str:
    """What the reader chose, else what the browser asks for first, or the organization's own."""
    if chosen := chosen_language(request):
        return chosen
    asked = request.headers.get("Accept-Language", "").split(",")[0].split(";")[0].strip()
    return asked if asked and asked != "*" else organization_of(request).default_language


def today() -> date:
    """By the organization's clock, which the middleware has set."""
    return timezone.localdate()


def all_seasons(request: HttpRequest) -> list[KeptSeason]:
    """Read once in a request, however many places of the page ask."""
    desk: Any = request
    if not hasattr(desk, "seasons_read"):
        desk.seasons_read = kept_seasons(organization_of(request).pk)
    read: list[KeptSeason] = desk.seasons_read
    return read


def label_of(season: KeptSeason, lang: str) -> str:
    return season.label(lang) or _("(no name)")


def named(seasons: Iterable[KeptSeason], lang: str) -> list[NamedSeason]:
    return [NamedSeason(season.id, season.dates, season.created_at, label_of(season, lang)) for season in seasons]
