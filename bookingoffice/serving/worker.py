"""What a worker of the web server loads: the application, tied to the life of the process that made the worker."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Final

from bookingoffice.env import Environment
from bookingoffice.serving.lifeline import end_with_parent

if TYPE_CHECKING:
    from bookingoffice.serving.porch.door import Porch

THREADS: Final = "BOOKINGOFFICE_THREADS"


def load() -> Porch:
    """Loading takes a second in which the worker has its parent's signal handlers, which would swallow the order to end."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    end_with_parent(os.getppid())

    import bookingoffice.wsgi as house  # first of all: it makes Django ready
    from bookingoffice.serving.porch.door import Porch

    return Porch.of(house.application, threads=threads())


def threads() -> int:
    """How many requests one worker answers at a time, each with a connection to PostgreSQL of its own."""
    return Environment().integer(THREADS, 4, least=1, most=64)


application = load()
