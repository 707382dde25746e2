"""What a worker of the web server loads: the application, tied to the life of the process that made the worker."""

from __future__ import annotations

import os
import signal

from bookingoffice.chunked import Application
from bookingoffice.serving.lifeline import end_with_parent


def load() -> Application:
    """Loading takes a second in which the worker has its parent's signal handlers, which would swallow the order to end."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    end_with_parent(os.getppid())

    from bookingoffice.wsgi import application

    return application


application = load()
