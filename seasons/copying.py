"""A new season from one that is there, with its days and its rows of single years."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from bookingoffice.accounts.models import Organization
from bookingoffice.audit.actors import Actor
from bookingoffice.localized import DEFAULT
from seasons.copies import copied_name
from seasons.questions import KeptSeason, kept_season
from seasons.writes import create_seasons
from seasons.year_writes import set_years

Name = Mapping[str, str] | str | None
"""In several languages, or one text for all; None is the source's name marked as a copy."""


def copy_season(
    organization: Organization, season_id: UUID, *, name: Name = None, actor: Actor, moment: datetime
) -> UUID:
    """Answers the new season's id. Refuses `season_not_found`; raises Malformed for a faulty name."""
    return make_copy(organization, kept_season(organization.pk, season_id), name=name, actor=actor, moment=moment)


@transaction.atomic
def make_copy(
    organization: Organization, source: KeptSeason, *, name: Name = None, actor: Actor, moment: datetime
) -> UUID:
    """In `organization`, which need not be the source's: run it in that one's scope.

    The copy is newer than its source, so it comes first among seasons of as many days.
    """
    chosen: Any = copied_name(source.name) if name is None else {DEFAULT: name} if isinstance(name, str) else name
    row = {"name": chosen, "value": source.value, "created_at": max(moment, _just_after(source.created_at))}
    [copied] = create_seasons(organization, [row], actor=actor, moment=moment)
    set_years(organization, {copied: source.dates.rows}, actor=actor, moment=moment)
    return copied


def _just_after(moment: datetime) -> datetime:
    """The last moment of all has none after it."""
    return moment + timedelta(microseconds=1) if moment < datetime.max.replace(tzinfo=UTC) else moment
