"""Reads that an event loop asks by itself: while PostgreSQL works no thread waits, and none has to be woken for the answer.

Everything here runs in the loop, except that a connection is made in a thread of its own.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextvars import Context
from dataclasses import dataclass
from typing import Any, cast

import psycopg
from django.db import connections
from psycopg.pq import TransactionStatus
from psycopg.pq.abc import PGresult

from bookingoffice.database import watched
from bookingoffice.database.batches import Batch, Query, Values
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


class Links:
    """At most `most` connections, made as they are needed; who finds all of them at work waits in turn."""

    def __init__(self, loop: asyncio.AbstractEventLoop, most: int) -> None:
        self._most = most
        self._loop = loop
        self._idle: list[Link] = []
        self._made = 0
        self._waiting: deque[Asked] = deque()

    def ask(self, asked: Asked) -> bool:
        """Whether it has left; else it waits for a link."""
        if self._idle:
            asked.begin()
            self._idle.pop().ask(asked)
            return True
        self._waiting.append(asked)
        if self._made < self._most:
            self._made += 1
            threading.Thread(target=self._make, name="link", daemon=True).start()
        return False

    def _make(self) -> None:
        made: psycopg.Connection[Any] | Exception
        try:
            made = _connected()
        except Exception as error:
            made = error
        try:
            self._loop.call_soon_threadsafe(self._have, made)
        except RuntimeError:  # the server has ended meanwhile
            if isinstance(made, psycopg.Connection):
                made.close()

    def _have(self, made: psycopg.Connection[Any] | Exception) -> None:
        if isinstance(made, Exception):
            self._made -= 1
            while not self._made and self._waiting:
                asked = self._waiting.popleft()
                if asked.begin():
                    asked.tell(made)
        else:
            self._next(Link(made, self._loop, self._next, self._lose))

    def _next(self, link: Link) -> None:
        while self._waiting:
            asked = self._waiting.popleft()
            if asked.begin():
                link.ask(asked)
                return
        self._idle.append(link)

    def _lose(self, link: Link) -> None:
        """The next who asks makes a new one; so does the first of those who wait already."""
        self._made -= 1
        if link in self._idle:
            self._idle.remove(link)
        if self._waiting:
            self.ask(self._waiting.popleft())


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

    def ask(self, asked: Asked) -> None:
        read, asked.begun_at = asked.read, time.perf_counter()
        self._asked = asked
        self._send(read.before, read.queries, read.after)

    def _send(self, before: Sequence[bytes], queries: Sequence[Query] = (), after: Sequence[bytes] = ()) -> None:
        """Of a long statement the socket may not take everything at once."""
        self._results = []
        try:
            self._batch = Batch.of(self._wire, before, queries, after)
            self._batch.send(self._pgconn)
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
            self._send([b"ROLLBACK"])
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


def _connected() -> psycopg.Connection[Any]:
    """As Django connects, and nobody's but the link's."""
    wrapper = connections.create_connection("default")
    wrapper.connect()
    return cast("psycopg.Connection[Any]", wrapper.connection)
