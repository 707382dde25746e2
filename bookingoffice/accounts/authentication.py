"""Which organization a bearer key speaks for. Only a digest is looked up, and a found key is remembered for one second."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta
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
MOST_REMEMBERED = 10_000
USED_EVERY = timedelta(minutes=1)  # how fine `last_used_at` is

_remembered: dict[bytes, tuple[float, Caller, datetime | None]] = {}
_remembering = threading.Lock()
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
    digest, now = digest_of(token), time.monotonic()
    known = _remembered.get(digest)
    if known and known[0] > now and (known[2] is None or known[2] > timezone.now()):
        return known[1]
    caller, expires_at = _looked_up(digest)
    with _remembering:
        if len(_remembered) >= MOST_REMEMBERED:
            _remembered.clear()
            _standings.clear()
        _remembered[digest] = (now + REMEMBERED_SECONDS, caller, expires_at)
    return caller


def remembered_caller(authorization: str) -> Caller | None:
    """Who was let in by this header just now; asks nobody."""
    scheme, _, token = authorization.strip().partition(" ")
    known = _remembered.get(digest_of(token.strip())) if scheme.lower() == "bearer" else None
    return known[1] if known else None


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
