"""Which organization a bearer key speaks for. Only a digest is looked up, and a found key is remembered for one second."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import timezone

from bookingoffice.accounts.models import ApiKey, Organization, digest_of
from bookingoffice.audit.actors import Actor
from bookingoffice.database.scope import tenant_scope
from bookingoffice.postgrest.callers import Caller
from bookingoffice.postgrest.views.requests import Request

REMEMBERED_SECONDS = 1.0  # so long may a revoked key still be answered
LOOKED_UP_AGAIN = 0.7  # of that time; by the first who comes then, while for the others what is remembered still stands
MOST_REMEMBERED = 10_000
LONGEST_KEY = 64  # letters; a key has 36, and of what is longer no digest is remembered
LET_IN = "bookingoffice.let_in"
"""In a request's environment, the caller whom its key was found to be, so that it is not looked up a second time."""

USED_EVERY = timedelta(minutes=1)  # how fine `last_used_at` is


@dataclass(slots=True)
class Remembered:
    """Until `until` by the monotonic clock, and no longer than the key itself lasts. From `due_at` on one who asks looks it up."""

    caller: Caller
    expires_at: datetime | None
    until: float
    due_at: float

    def stands(self, now: float) -> bool:
        return self.until > now and (self.expires_at is None or self.expires_at > timezone.now())

    def falls_to(self, now: float) -> bool:
        """Whether it is this caller who looks it up again; it is one alone."""
        with _remembering:
            falls = now >= self.due_at
            if falls:
                self.due_at = self.until
        return falls


_remembered: dict[bytes, Remembered] = {}
_remembering = threading.Lock()
_digest_of_short = lru_cache(maxsize=1024)(digest_of)
_standings: dict[Caller, Standing] = {}


class Standing(NamedTuple):
    """Whom a key works for, and how history names it."""

    organization: Organization
    actor: Actor


class NoKey(Exception):
    """The request names no key."""


class UnknownKey(Exception):
    """The key is unknown, revoked or expired."""


def bearer_of(request: Request) -> str:
    """The token of `Authorization: Bearer <token>`; raises NoKey."""
    sent: str = request.META.get("HTTP_AUTHORIZATION", "")
    scheme, _, token = sent.strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NoKey
    return token.strip()


def caller_of(token: str) -> Caller:
    """Raises UnknownKey."""
    digest, now = _digest(token), time.monotonic()
    known = _remembered.get(digest)
    if known and known.stands(now) and not (now >= known.due_at and known.falls_to(now)):
        return known.caller
    try:
        caller, expires_at = _looked_up(digest)
    except UnknownKey:
        _remembered.pop(digest, None)
        raise
    with _remembering:
        if len(_remembered) >= MOST_REMEMBERED:
            _remembered.clear()
            _standings.clear()
        due_at = now + LOOKED_UP_AGAIN * REMEMBERED_SECONDS
        _remembered[digest] = Remembered(caller, expires_at, now + REMEMBERED_SECONDS, due_at)
    return caller


def remembered_caller(authorization: str) -> Caller | None:
    """Who was let in by this header just now; asks nobody."""
    known = _known(authorization)
    return known.caller if known else None


def caller_at_once(authorization: str) -> Caller | None:
    """Who is let in by this header, where `caller_of` need ask nobody."""
    known, now = _known(authorization), time.monotonic()
    return known.caller if known and known.stands(now) and now < known.due_at else None


def _digest(token: str) -> bytes:
    return _digest_of_short(token) if len(token) <= LONGEST_KEY else digest_of(token)


def _known(authorization: str) -> Remembered | None:
    scheme, _, token = authorization.strip().partition(" ")
    return _remembered.get(_digest(token.strip())) if scheme.lower() == "bearer" else None


def forget_keys() -> None:
    """For this process only; others forget within a second."""
    _remembered.clear()
    _standings.clear()


def standing_of(caller: Caller) -> Standing:
    """As remembered with the key when the request began; read anew for a caller who did not come by a key just now."""
    known = _standings.get(caller)
    if known is None:
        with tenant_scope(caller.organization_id):
            known = _standing(caller)
    return known


def _looked_up(digest: bytes) -> tuple[Caller, datetime | None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM public.api_key_caller(%s)", [digest])
        found = cursor.fetchone()
    if found is None:
        raise UnknownKey
    organization_id, api_key_id, scopes, expires_at, revoked_at, last_used_at = found
    moment = timezone.now()
    if revoked_at or (expires_at and expires_at <= moment):
        raise UnknownKey
    caller = Caller(organization_id, frozenset(scopes), api_key_id)
    with tenant_scope(organization_id):
        if last_used_at is None or last_used_at + USED_EVERY < moment:
            _note_use(organization_id, api_key_id, moment)
        _standings[caller] = _standing(caller)
    return caller, expires_at


def _standing(caller: Caller) -> Standing:
    """The key's label and first characters stay readable after it is revoked."""
    key = ApiKey.objects.of(caller.organization_id).filter(pk=caller.api_key_id).first()
    organization = Organization.objects.get(pk=caller.organization_id)
    return Standing(organization, Actor.key(caller.api_key_id, str(key) if key else ""))


def _note_use(organization_id: UUID, api_key_id: UUID, moment: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.api_key_used(%s, %s, %s)", [organization_id, api_key_id, moment])
