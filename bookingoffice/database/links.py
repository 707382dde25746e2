"""Reads that an event loop asks by itself: while PostgreSQL works no thread waits, and none has to be woken for the answer.

Everything here runs in the loop, except that a connection is made in a thread of its own.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from typing import Any, cast

import psycopg
from django.db import connections

from bookingoffice.database.link import Asked, Link


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
            if asked.begin():
                link = self._idle.pop()
                if not link.ask(asked):
                    self._next(link)
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
            if asked.begin() and link.ask(asked):
                return
        self._idle.append(link)

    def _lose(self, link: Link) -> None:
        """The next who asks makes a new one; so does the first of those who wait already."""
        self._made -= 1
        if link in self._idle:
            self._idle.remove(link)
        if self._waiting:
            self.ask(self._waiting.popleft())


def _connected() -> psycopg.Connection[Any]:
    """As Django connects, and nobody's but the link's."""
    wrapper = connections.create_connection("default")
    wrapper.connect()
    return cast("psycopg.Connection[Any]", wrapper.connection)
