"""Works off the files that are too large to be imported while somebody waits for a page, one at a time."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from uuid import UUID

from django.db import DatabaseError, InterfaceError, connection, connections
from django.utils import timezone

from bookingoffice.accounts.models import Organization
from bookingoffice.database.scope import tenant_scope
from bookingoffice.datafiles import uploads
from bookingoffice.datafiles.models import FileImport

LOOKS_EVERY = 0.25  # seconds; a person waits for what is looked for
BEATS_EVERY = 1.0

logger = logging.getLogger(__name__)


class Worker:
    def __init__(self) -> None:
        self._stopped = threading.Event()

    def stop(self) -> None:
        """After the file at hand: what is half done would be done again."""
        self._stopped.set()

    def run(self) -> None:
        while not self._stopped.is_set():
            try:
                self.drain()
            except (DatabaseError, InterfaceError):  # the database is away for a moment
                connections.close_all()
            self._stopped.wait(LOOKS_EVERY)
        connections.close_all()

    def drain(self) -> int:
        """How many files were worked off."""
        return sum(self._work_off(*found) for found in self._waiting() if not self._stopped.is_set())

    def _waiting(self) -> list[tuple[UUID, UUID, bool]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT organization_id, id, expired FROM public.file_import_work(%s)", [timezone.now()])
            return list(cursor.fetchall())

    def _work_off(self, organization_id: UUID, job_id: UUID, expired: bool) -> bool:
        moment = timezone.now()
        with tenant_scope(organization_id):
            if expired:
                uploads.forget_expired(organization_id, moment)
                return False
            job = uploads.claim(job_id, organization_id, moment)
        if job is None:
            return False
        try:
            with Heartbeat(job) as beat, tenant_scope(organization_id):
                organization = Organization.objects.get(pk=organization_id)
                uploads.work_off(job, organization, moment, beat.told)
        except DatabaseError:
            raise
        except Exception:  # one file must not keep all others from their turn
            logger.exception("The file %s could not be worked off.", job.pk)
            with tenant_scope(organization_id):
                uploads.give_up(job)
        return True


class Heartbeat:
    """Says in transactions of its own how far the work is, which is not to be seen before it is done."""

    def __init__(self, job: FileImport) -> None:
        self._job = job
        self._done = self._total = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    def told(self, done: int, of: int) -> None:
        self._done, self._total = done, of

    def _beat(self) -> None:
        while not self._ended.wait(BEATS_EVERY):
            with suppress(DatabaseError), tenant_scope(self._job.organization_id):
                uploads.seen(self._job, timezone.now(), self._done, self._total)
        connection.close()
