"""Acting once: the claim before, the act and its answer in one transaction, and another try where PostgreSQL asked for one."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import psycopg
from django.db import DatabaseError

from bookingoffice.database.scope import tenant_scope
from bookingoffice.idempotency import claims
from bookingoffice.idempotency.answers import Answer
from bookingoffice.idempotency.asking import Asked
from bookingoffice.idempotency.claims import Held
from bookingoffice.postgrest.sqlerrors import TRANSIENT

ATTEMPTS = 3
PAUSE_SECONDS = 0.02

Act = Callable[[], Answer]


class _Undone(Exception):
    """Carries a refusal out of the transaction that it undoes."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer


def once(asked: Asked, act: Act, *, moment: datetime) -> Answer:
    """What `act` answers, or answered when the same request came before. Raises KeyRefused, and whatever `act` raises.

    `act` runs in a transaction in the organization's scope, and may run again after that was rolled back. An answer that refuses
    undoes what was done. Refusals are kept like every answer; failures, and what depends on a right or a rate, are not.
    """
    held = claims.take(asked, moment)
    if isinstance(held, Answer):
        return held.replayed()
    try:
        answer = _persistently(held, act)
        if answer.refuses:
            _settle(held, answer)
    except BaseException:
        _release(held)
        raise
    return answer


def _persistently(held: Held, act: Act) -> Answer:
    for attempt in range(1, ATTEMPTS):
        try:
            answer = _acted(held, act)
            if not answer.transient:
                return answer
        except (psycopg.Error, DatabaseError) as error:
            if not _is_transient(error):
                raise
        time.sleep(PAUSE_SECONDS * attempt)
    return _acted(held, act)


def _acted(held: Held, act: Act) -> Answer:
    try:
        with tenant_scope(held.asked.organization_id):
            claims.hold(held)
            answer = act()
            if answer.refuses:
                raise _Undone(answer)
            claims.keep(held, answer)
            return answer
    except _Undone as undone:
        return undone.answer


def _settle(held: Held, refusal: Answer) -> None:
    """Nothing was done, so a refusal needs no transaction of an effect."""
    if not refusal.lasting:
        _release(held)
        return
    with tenant_scope(held.asked.organization_id):
        claims.keep(held, refusal)


def _release(held: Held) -> None:
    """Where the database is out of reach too, the claim lapses by itself."""
    with suppress(psycopg.Error, DatabaseError):
        claims.give_up(held)


def _is_transient(error: Exception) -> bool:
    """Django wraps the driver's error in its own."""
    cause = error if isinstance(error, psycopg.Error) else error.__cause__
    return isinstance(cause, psycopg.Error) and cause.sqlstate in TRANSIENT
