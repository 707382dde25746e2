"""The worker that goes on until it is stopped, whatever becomes of its connection meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import pytest
from django.db import connection

from bookingoffice.datafiles import uploads, worker
from bookingoffice.datafiles.worker import Worker
from tests.bookingoffice.accounts.desks import Desk, make_desk
from tests.bookingoffice.datafiles.test_admin import GOOD, codes, press, upload

CUT = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND query LIKE '%file_import_work%' AND pid <> pg_backend_pid()
"""


@pytest.fixture
def desk(committed_db: None) -> Desk:
    return make_desk()


@pytest.fixture
def running(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    monkeypatch.setattr(uploads, "SMALL", 10)
    monkeypatch.setattr(worker, "LOOKS_EVERY", 0.05)
    running = Worker()
    thread = Thread(target=running.run)
    thread.start()
    yield running
    running.stop()
    thread.join(30)
    assert not thread.is_alive()


def until(found: Callable[[], bool]) -> bool:
    for _ in range(600):
        if found():
            return True
        time.sleep(0.05)
    return False


def state_of(desk: Desk, page: Any) -> str:
    return str(desk.client.get(page.request["PATH_INFO"]).context["job"].state)


def cut_off() -> int:
    with connection.cursor() as cursor:
        cursor.execute(CUT)
        return int(cursor.fetchone()[0])


def test_a_file_is_checked_and_imported_though_the_connection_was_cut(desk, running):
    page = upload(desk, GOOD)
    assert until(lambda: state_of(desk, page) == "checked")

    assert until(lambda: cut_off() == 1)
    press(desk, page, "confirm")

    assert until(lambda: state_of(desk, page) == "done")
    assert codes(desk) == {"A1", "A2"}
