"""What a worker does beside its requests, once a second and once more when it ends: a thread that requests never wait for."""

from __future__ import annotations

import atexit
import logging
import os
import threading
from collections.abc import Callable
from multiprocessing.util import Finalize
from typing import Final

EVERY: Final = 1.0  # seconds
log = logging.getLogger(__name__)
Job = Callable[[], None]


class Ticker:
    """Begins in the process that serves, not in the one that made it: with the first job that process gives it."""

    def __init__(self, every: float = EVERY) -> None:
        self._every = every
        self._jobs: list[Job] = []
        self._process = 0
        self._ending = threading.Event()
        self._starting = threading.Lock()

    def add(self, job: Job) -> None:
        """The same job a second time changes nothing."""
        with self._starting:
            if job not in self._jobs:
                self._jobs.append(job)
            if self._process != os.getpid():
                self._process = os.getpid()
                atexit.register(self.end)
                Finalize(None, self.end, exitpriority=10)  # a child of multiprocessing ends without atexit
                threading.Thread(target=self._run, name="ticker", daemon=True).start()

    def end(self) -> None:
        """Once: of the two ways in which a process ends, the later one may find the jobs' files gone."""
        if not self._ending.is_set():
            self._ending.set()
            self._tick()

    def _run(self) -> None:
        while not self._ending.wait(self._every):
            self._tick()

    def _tick(self) -> None:
        for job in self._jobs:
            try:
                job()
            except Exception:  # whatever is wrong with one job, the others go on, and this one comes again
                log.exception("A job beside the requests failed")


ticker = Ticker()
