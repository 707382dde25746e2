"""One connection that an event loop reads from: it tells each who asked what came of it, one after the other."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.pq.abc import PGresult

from bookingoffice.database import watched
from bookingoffice.database.batches import Batch, Values
from bookingoffice.database.kept import prepare_no_more
from bookingoffice.database.pipeline import LOST, Read
from bookingoffice.database.wire import arrived

log = logging.getLogger(__name__)
Told = Callable[[list[Values] | Exception], None]


@dataclass(slots=True)
class Asked:
    """`told` hears the rows, or what the driver would have raised, in the request's own `context`, once; unless `begin` says, when
    it is about to leave, that nobody waits any more."""

    read: Read
    told: Told
    context: Context
    begin: Callable[[], bool] = lambda: True
    begun_at: float = 0.0

    def tell(self, outcome: list[Values] | Exception) -> None:
        try:
            self.context.run(self._tell, outcome)
        except Exception:  # one answer that could not be given must not cost the link
            log.exception("An answer could not be given")

    def _tell(self, outcome: list[Values] | Exception) -> None:
        watched.note(time.perf_counter() - self.begun_at, [query.text for query in self.read.queries])
        self.told(outcome)


class Link:
    """One connection, which is always in pipeline mode, and at most one read on it."""

    __slots__ = ("_asked", "_batch", "_free", "_loop", "_lost", "_pgconn", "_results", "_socket", "_wire")

    def __init__(
        self,
        wire: psycopg.Connection[Any],
        loop: asyncio.AbstractEventLoop,
        free: Callable[[Link], None],
        lost: Callable[[Link], None],
    ) -> None:
        self._wire, self._pgconn, self._socket = wire, wire.pgconn, wire.pgconn.socket
        self._loop, self._free, self._lost = loop, free, lost
        self._asked: Asked | None = None
        self._batch: Batch | None = None
        self._results: list[PGresult] = []
        self._pgconn.enter_pipeline_mode()
        loop.add_reader(self._socket, self._read)

    def ask(self, asked: Asked) -> bool:
        """Whether it is on its way; what cannot be written is told so at once, and the link is free."""
        read, asked.begun_at = asked.read, time.perf_counter()
        try:
            batch = Batch.of(self._wire, read.before, read.queries, read.after)
        except Exception as error:
            asked.tell(error)
            return False
        self._asked = asked
        self._send(batch)
        return True

    def _send(self, batch: Batch) -> None:
        """Of a long statement the socket may not take everything at once."""
        self._batch, self._results = batch, []
        try:
            batch.send(self._pgconn)
            if self._pgconn.flush():
                self._loop.add_writer(self._socket, self._flush)
        except Exception as error:
            self._end(error)

    def _flush(self) -> None:
        try:
            if not self._pgconn.flush():
                self._loop.remove_writer(self._socket)
        except psycopg.OperationalError as error:
            self._end(error)

    def _read(self) -> None:
        """Something has come: a part of the answer, the rest of it, or the connection's end."""
        try:
            self._pgconn.consume_input()
            if self._batch is None:
                return
            if not arrived(self._pgconn, self._results):
                return
        except Exception as error:
            self._end(error)
        else:
            self._answered(self._batch)

    def _answered(self, batch: Batch) -> None:
        """Before anybody is told, the link is at the next one's service, or on its way out of a transaction that failed."""
        asked, self._asked, self._batch = self._asked, None, None
        outcome: list[Values] | Exception
        try:
            outcome = batch.answers(self._results, self._wire)
        except psycopg.Error as error:
            outcome = error
            if isinstance(error, LOST):
                prepare_no_more(self._wire)
        if self._pgconn.transaction_status == TransactionStatus.IDLE:
            self._free(self)
        else:
            self._send(Batch.of(self._wire, [b"ROLLBACK"], []))
        if asked is not None:
            asked.tell(outcome)

    def _end(self, error: Exception) -> None:
        asked, self._asked, self._batch = self._asked, None, None
        self._loop.remove_reader(self._socket)
        self._loop.remove_writer(self._socket)
        self._wire.close()
        self._lost(self)
        if asked is not None:
            asked.tell(error)
