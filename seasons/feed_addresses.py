"""The secret in a feed's address: one an organization, unguessable, readable again by staff, ended by a new one.

It is drawn from a random seed in the database and from SECRET_KEY. A copy of the database opens no feed, and after
another SECRET_KEY calendars go on reading the address they know, which only cannot be shown any more.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from bookingoffice.accounts.models import Organization, digest_of
from bookingoffice.audit.actors import Actor
from bookingoffice.audit.writing import witnessed
from bookingoffice.errors import RuleViolation
from bookingoffice.records import uuid7
from seasons.models import SeasonFeed

_PURPOSE: Final = "bookingoffice.seasons.feed"
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


def organization_of_secret(secret: str) -> UUID | None:
    """None for an address that nobody has, or has any more. Needs no scope."""
    if not _SECRET.fullmatch(secret):
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.season_feed_organization(%s)", [digest_of(secret)])
        found: UUID | None = cursor.fetchone()[0]
    return found


def feed_secret(organization_id: UUID) -> str | None:
    """None where there is no feed yet. Refuses `feed_secret_lost` after the SECRET_KEY changed."""
    feed = SeasonFeed.objects.of(organization_id).first()
    return _readable(feed) if feed else None


@transaction.atomic
def ensure_feed(organization: Organization, *, actor: Actor, moment: datetime) -> str:
    """The secret of the feed that is there, or of a new one; who comes second finds the first one's. Refuses `feed_secret_lost`."""
    _take_turns(organization)
    return feed_secret(organization.pk) or renew_feed(organization, actor=actor, moment=moment)


@transaction.atomic
def renew_feed(organization: Organization, *, actor: Actor, moment: datetime) -> str:
    """A new secret; the old address is nobody's from now on."""
    _take_turns(organization)
    feed = SeasonFeed.objects.of(organization.pk).first()
    seed = uuid4()
    values = {"seed": seed, "digest": digest_of(_secret(seed))}
    feed_id = feed.pk if feed else uuid7()
    with witnessed(SeasonFeed, organization.pk, [feed_id], actor=actor, moment=moment, action="renewed"):
        if feed:
            SeasonFeed.objects.of(organization.pk).filter(pk=feed_id).update(**values, updated_at=moment)
        else:
            SeasonFeed.objects.create(id=feed_id, organization=organization, **values)
    return _secret(seed)


def _take_turns(organization: Organization) -> None:
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)


def _readable(feed: SeasonFeed) -> str:
    secret = _secret(feed.seed)
    if constant_time_compare(digest_of(secret), bytes(feed.digest)):
        return secret
    raise RuleViolation(
        "feed_secret_lost",
        _("The address of the calendar feed cannot be shown: the SECRET_KEY is not the one it was made with."),
        hint=_("Calendars that know it go on reading it; renewing makes a new one."),
    )


def _secret(seed: UUID) -> str:
    drawn = salted_hmac(_PURPOSE, seed.bytes, algorithm="sha256").digest()
    return urlsafe_b64encode(drawn).decode().rstrip("=")
