"""The worker: reads what happened, sends what is due, and remembers what came of it, until it is told to stop.

The database is spoken to by one thread, receivers by many. Each receiver has a few places of its own, so that one which hangs
fills those and no more; one that has failed has a single place until it answers again.
"""

from __future__ import annotations

import logging
import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Event
from typing import Final
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from bookingoffice.accounts.models import Organization
from bookingoffice.database.scope import tenant_scope
from bookingoffice.postgrest.sqlerrors import TRANSIENT
from bookingoffice.webhooks.marking import mark
from bookingoffice.webhooks.pruning import prune
from bookingoffice.webhooks.queue import Claim, claim
from bookingoffice.webhooks.sending import Outcome, send
from bookingoffice.webhooks.signing import signature_headers
from bookingoffice.webhooks.telling import tell

log = logging.getLogger(__name__)

SENDERS: Final = 32
PLACES: Final = 4
LOOKS_EVERY: Final = 0.5  # seconds
GRACE: Final = 3.0
PRUNES_EVERY: Final = timedelta(hours=1)
AGENT: Final = "bookingoffice-webhooks"

Send = Callable[[Claim], Outcome]


def send_claim(one: Claim) -> Outcome:
    body = one.body
    headers = {"Content-Type": "application/json", "User-Agent": AGENT}
    headers |= signature_headers(one.receiver.secret, str(one.id), int(time.time()), body)
    return send(one.receiver.endpoint, body, headers, private=settings.WEBHOOKS_PRIVATE)


class Worker:
    """Several may run at once, here or on other machines: they share the work by the locks of the database."""

    def __init__(self, send: Send = send_claim, *, senders: int = SENDERS, places: int = PLACES) -> None:
        self._send = send
        self._senders, self._places = senders, places
        self._pool = ThreadPoolExecutor(senders, thread_name_prefix="webhook")
        self._flying: dict[Future[Outcome], Claim] = {}
        self._stopping = Event()
        self.delivered = 0
        self._pruned_at: datetime | None = None

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        """Until `stop`. A database that is away is waited for."""
        while not self._stopping.is_set():
            try:
                busy = self.step()
            except (DatabaseError, InterfaceError) as error:
                log.warning("The database refused: %s", str(error).strip())
                connection.close()
                self._stopping.wait(1)
                continue
            if self._flying:
                wait(self._flying, timeout=LOOKS_EVERY, return_when=FIRST_COMPLETED)
            elif not busy:
                self._stopping.wait(LOOKS_EVERY)
        self._land()

    def _land(self) -> None:
        """What is taken soon is remembered as sent; the rest is sent again by whoever comes next."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        wait(self._flying, timeout=GRACE)
        with suppress(DatabaseError, InterfaceError):
            self._mark_landed()

    def drain(self) -> int:
        """Everything that is due now, and what becomes due by that; answers how many were delivered."""
        while self.step() or self._flying:
            if self._flying:
                wait(self._flying, return_when=FIRST_COMPLETED)
        self._pool.shutdown()
        return self.delivered

    def step(self) -> bool:
        """One round: what landed, what happened, what is due. Whether anything was sent off."""
        self._mark_landed()
        self._prune_now_and_then()
        moment = timezone.now()
        sent = False
        for organization_id, unread, due in work_at(moment):
            if unread and _told(organization_id, moment):
                due = True
            if due:
                sent = self._send_off(organization_id) or sent
        return sent

    def _send_off(self, organization_id: UUID) -> bool:
        free = self._senders - len(self._flying)
        if free <= 0:
            return False
        flying = Counter(one.receiver.webhook_id for one in self._flying.values())
        room = {webhook: self._places - number for webhook, number in flying.items()}
        claims = claim(organization_id, timezone.now(), room, self._places, most=free)
        for one in claims:
            self._flying[self._pool.submit(self._send, one)] = one
        return bool(claims)

    def _mark_landed(self) -> None:
        """A mark that the database refuses is made with the next round."""
        for future in [future for future in self._flying if future.done() and not future.cancelled()]:
            outcome = _outcome_of(future)
            mark(self._flying[future], outcome, timezone.now())
            del self._flying[future]
            self.delivered += outcome.delivered

    def _prune_now_and_then(self) -> None:
        moment = timezone.now()
        if self._pruned_at is None or moment - self._pruned_at > PRUNES_EVERY:
            self._pruned_at = moment
            prune(moment)


def _outcome_of(future: Future[Outcome]) -> Outcome:
    """A fault of ours with one notification must not end the worker, which would meet it again."""
    if error := future.exception():
        log.error("A notification could not be sent.", exc_info=error)
        return Outcome(None, f"{type(error).__name__}: {error}", 0)
    return future.result()


def work_at(moment: datetime) -> list[tuple[UUID, bool, bool]]:
    """Organizations, whether there is news in their history, and whether something may be due to a receiver that is awake."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT organization_id, unread, due FROM public.webhook_work(%s)", [moment])
        work = [(organization_id, unread, due) for organization_id, unread, due in cursor.fetchall()]
    random.shuffle(work)  # nobody is always the last to get a place
    return work


def _told(organization_id: UUID, moment: datetime) -> int:
    """Another worker that reads at the same moment makes this one's reading fail, or find nothing; neither does harm. What else the
    database refuses is told like any other fault: else nobody would notice."""
    with tenant_scope(organization_id):
        organization = Organization.objects.get(pk=organization_id)
    try:
        return tell(organization, moment)
    except Exception as error:  # what one organization keeps must not silence all others
        if not _collided(error):
            log.exception("The history of the organization %s could not be told.", organization_id)
        return 0


def _collided(error: Exception) -> bool:
    """Django wraps the driver's error in its own."""
    cause = error.__cause__
    return isinstance(cause, psycopg.Error) and cause.sqlstate in TRANSIENT
