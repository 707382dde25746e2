"""Requests wait in memory and are written by a thread of their own, so that no request waits for its line.

What cannot be written yet is tried again a second later; what there is no room for is dropped and counted. A server that is killed
loses the last second.
"""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Final, NamedTuple
from uuid import UUID

MOST: Final = 20_000  # rows that wait at most, some 10 MB
AT_ONCE: Final = 1000
log = logging.getLogger(__name__)


class Asked(NamedTuple):
    """One request; `at` in seconds since 1970."""

    organization_id: UUID
    api_key_id: UUID
    at: float
    endpoint: str
    method: str
    search: str
    succeeded: bool

    @property
    def kind(self) -> tuple[object, ...]:
        """All but whose it was and when."""
        return (self.api_key_id, *self[3:])


class Recorder:
    """`write` puts rows of one organization into the database; `count` is told what became of rows, and
    `begin` is given the flush, to be called now and then, once in each process."""

    def __init__(
        self,
        write: Callable[[UUID, Sequence[Asked]], None],
        count: Callable[[str, int], None] = lambda outcome, rows: None,
        begin: Callable[[Callable[[], None]], None] = lambda flush: None,
        *,
        most: int = MOST,
    ) -> None:
        self._write = write
        self._count = count
        self._begin = begin
        self._most = most
        self._waiting: deque[Asked] = deque()
        self._writing = threading.Lock()
        self._process = 0

    def add(self, asked: Asked) -> None:
        if len(self._waiting) >= self._most:
            self._count("dropped", 1)
            return
        self._waiting.append(asked)
        if self._process != os.getpid():
            self._process = os.getpid()
            self._begin(self.flush_or_say)

    def flush(self) -> None:
        """Writes all that waits, or leaves it waiting."""
        with self._writing:
            batch = sorted((self._waiting.popleft() for _ in range(len(self._waiting))), key=_owner)
            try:
                while batch:
                    organization_id, rows = next((owner, list(rows)) for owner, rows in groupby(batch, key=_owner))
                    self._write(organization_id, rows[:AT_ONCE])
                    self._count("written", len(rows[:AT_ONCE]))
                    del batch[: len(rows[:AT_ONCE])]
            finally:
                self._waiting.extendleft(reversed(batch))

    def flush_or_say(self) -> None:
        try:
            self.flush()
        except Exception as error:  # whatever is wrong with the log, the thread that writes it must live on
            self._count("failed", 1)
            log.warning("The request log cannot be written now: %s", str(error).strip().partition("\n")[0])


def _owner(asked: Asked) -> UUID:
    return asked.organization_id
