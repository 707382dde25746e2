"""Which log-ins a person has open, and how they end."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpRequest

from bookingoffice import records
from bookingoffice.accounts.clients import address_of
from bookingoffice.accounts.models import StaffSession

NOTED_EVERY = 60.0  # seconds: how fine `last_seen_at` is
MOST_REMEMBERED = 10_000
LONGEST_AGENT = 300

_noted: dict[str, float] = {}

# The lock keeps the row of the session while ours is made: it may be ended in the same moment
SEEN = """
INSERT INTO staff_sessions (id, user_id, session_key, user_agent, address, created_at, last_seen_at)
SELECT %(id)s, %(user)s, session_key, %(agent)s, %(address)s, %(moment)s, %(moment)s
FROM django_session WHERE session_key = %(key)s FOR KEY SHARE
ON CONFLICT (session_key) DO UPDATE
SET last_seen_at = excluded.last_seen_at, user_agent = excluded.user_agent, address = excluded.address
"""


def note_seen(request: HttpRequest, moment: datetime) -> None:
    """At most once a minute for each process, so that a page costs no statement."""
    key, now = request.session.session_key, time.monotonic()
    if key is None or _noted.get(key, -NOTED_EVERY) + NOTED_EVERY > now:
        return
    with connection.cursor() as cursor:
        cursor.execute(SEEN, {**_told(request), "id": records.uuid7(), "key": key, "moment": moment})
    if len(_noted) >= MOST_REMEMBERED:
        _noted.clear()
    _noted[key] = now


def sessions_of(user_id: int, moment: datetime) -> Sequence[StaffSession]:
    """The open ones, last seen first."""
    return list(StaffSession.objects.filter(user_id=user_id, session__expire_date__gt=moment).order_by("-last_seen_at"))


def end_session(user_id: int, session_id: UUID) -> bool:
    """Whether it was open and the user's own."""
    return _end(StaffSession.objects.filter(user_id=user_id, pk=session_id)) == 1


def end_sessions(user_id: int, *, but: str | None = None) -> int:
    """All of a person's, `but` the one with this key; how many."""
    return _end(StaffSession.objects.filter(user_id=user_id).exclude(session_id=but or ""))


def _end(ending: Any) -> int:
    """Ours go with Django's, by the key between them."""
    return int(Session.objects.filter(pk__in=list(ending.values_list("session_id", flat=True))).delete()[0])


def _told(request: HttpRequest) -> dict[str, Any]:
    return {
        "user": request.user.pk,
        "agent": request.headers.get("User-Agent", "")[:LONGEST_AGENT],
        "address": address_of(request),
    }
