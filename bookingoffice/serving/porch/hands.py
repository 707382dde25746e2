"""The threads that answer, as many as may ask the database at once: each holds one connection."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue

log = logging.getLogger(__name__)
Task = Callable[[], None]


class Hands:
    def __init__(self, number: int) -> None:
        self._tasks: SimpleQueue[Task] = SimpleQueue()
        for each in range(number):
            threading.Thread(target=self._work, name=f"hand-{each + 1}", daemon=True).start()

    @property
    def waiting(self) -> int:
        """How many tasks nobody has begun; nearly so, as it changes while it is asked."""
        return self._tasks.qsize()

    def give(self, task: Task) -> None:
        self._tasks.put(task)

    def _work(self) -> None:
        while True:
            task = self._tasks.get()
            try:
                task()
            except Exception:  # one answer that could not be given must not cost a thread
                log.exception("An answer could not be given")
            del task  # or its body stays in memory until the next one comes
