"""One throw-away PostgreSQL for a whole test run, however many workers share it.

Loaded with `-p`, before Django reads its settings: the addresses are put into the environment at import, which the
workers inherit, and the server itself starts with the session. Where `DATABASE_URL` and `DATABASE_OWNER_URL` are
given, that server is used instead.
"""

from __future__ import annotations

import os
import signal
import tempfile
from pathlib import Path

import pytest

from bookingoffice.database.addresses import SERVING_VARIABLE
from bookingoffice.database.server.embedded import EmbeddedServer
from bookingoffice.database.server.folder import DataFolder

# Nothing of a test run needs to survive a power cut.
IN_A_HURRY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "autovacuum": "off",
}
WORKER = "PYTEST_XDIST_WORKER" in os.environ

if not WORKER:
    # Removed when the run ends, also one that ends before the session begins. SIGTERM is an orderly end like Ctrl-C.
    _state = tempfile.TemporaryDirectory(prefix="bookingoffice-tests-", ignore_cleanup_errors=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    os.environ["BOOKINGOFFICE_DATA"] = _state.name
    os.environ["BOOKINGOFFICE_SECRET_KEY"] = "for tests, where nothing is secret but much is as long as it would be"
    os.environ["BOOKINGOFFICE_RATE_LIMITS"] = "off"  # a test hammers; those of the limits switch them on
    os.environ["BOOKINGOFFICE_REQUESTS_KEPT_DAYS"] = "0"  # nor is it written down, but where a test is about that
    os.environ["DJANGO_SETTINGS_MODULE"] = "bookingoffice.settings"

FOLDER = DataFolder(Path(os.environ["BOOKINGOFFICE_DATA"]))
EXTERNAL = bool(os.environ.get(SERVING_VARIABLE))
# Numbers of one worker are no other's.
NUMBERS = FOLDER.path / f"metrics-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
NUMBERS.mkdir(exist_ok=True)
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(NUMBERS)
FOLDER.static.mkdir(exist_ok=True)  # empty: tests find files where they are
_server = EmbeddedServer(FOLDER, IN_A_HURRY, durable=False)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """The first to start is the last to stop: the workers only use it."""
    if not WORKER and not EXTERNAL and not session.config.option.collectonly:
        _server.__enter__()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    if not WORKER:
        _server.leave()
        _state.cleanup()
