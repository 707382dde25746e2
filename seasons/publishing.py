"""An organization's seasons as its calendar feed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bookingoffice.accounts.middleware import zone_of
from bookingoffice.accounts.models import Organization
from bookingoffice.localized import choose_text
from seasons.feeds import FeedSeason, calendar_bytes, feed_etag, feed_window
from seasons.questions import kept_seasons


@dataclass(frozen=True)
class Publication:
    """`changed_at` does not move when a season is deleted; `etag` does."""

    body: bytes
    etag: str
    changed_at: datetime


def published(organization: Organization, *, lang: str | None, host: str, moment: datetime) -> Publication:
    """The years around the organization's own today. `host` makes the ids of events unique in the world."""
    window = feed_window(moment.astimezone(zone_of(organization)).date())
    seasons = kept_seasons(organization.pk)
    told = [FeedSeason(season.id, season.label(lang), season.dates, season.updated_at) for season in seasons]
    name = choose_text(organization.name, lang) or "Seasons"
    body = calendar_bytes(told, name=name, host=host, window=window)
    changes = [organization.updated_at, *(season.updated_at for season in seasons)]
    return Publication(body, feed_etag(body), max(changes))
