"""What a worker of the web server loads: application and doorway, tied to the life of the process that made the worker."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from bookingoffice.env import Environment
from bookingoffice.serving.lifeline import end_with_parent

if TYPE_CHECKING:
    from bookingoffice.serving.porch.door import Porch

THREADS: Final = "BOOKINGOFFICE_THREADS"


def load() -> Porch:
    end_with_parent(os.getppid())

    import bookingoffice.wsgi as house  # first of all: it makes Django ready
    from bookingoffice.serving.porch.door import Porch

    return Porch.of(house.application, threads=threads())


def threads() -> int:
    """How many requests one worker answers at a time, each with a connection to PostgreSQL of its own."""
    return Environment().integer(THREADS, 4, least=1, most=64)


application = load()

from bookingoffice.serving.porch.doorway import Doorway  # noqa: E402 - Django is ready only now

__all__ = ["Doorway", "application"]
