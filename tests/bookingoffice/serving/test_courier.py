"""`up` tells webhooks too, and goes on doing so whatever is killed beside it."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from bookingoffice.database.server import process
from tests.bookingoffice.serving.main_job import MainJob, command, empty_folder, start_and_wait, wait_until
from tests.bookingoffice.serving.test_redemptions_survive import DEFINITION, call
from tests.bookingoffice.webhooks.receivers import receiving
from tests.lengths import LONG

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc")


def couriers(job: MainJob) -> list[int]:
    return [pid for pid in job.descendants() if b"deliver_webhooks" in command_of(pid)]


def command_of(pid: int) -> bytes:
    """Nothing of a process that ended meanwhile."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def is_ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=20) as answer:
            return bool(answer.status == 200)
    except URLError:
        return False


@pytest.mark.skipif(not LONG, reason="a minute of killing: BOOKINGOFFICE_LONG=1")
def test_webhooks_are_told_whatever_is_killed() -> None:
    with receiving() as receiver, empty_folder() as folder:
        job = start_and_wait(folder, BOOKINGOFFICE_WEBHOOKS_PRIVATE="1")
        try:
            made = command(folder, "create_organization", "Lakeside", "--currency", "EUR", "--timezone", "UTC")
            key = command(folder, "create_api_key", made.stdout.split()[0]).stdout.split()[0]
            call(job.port, key, "webhooks", {"endpoint": receiver.url, "events": ["coupons.created"]})

            def told(code: str) -> bool:
                call(job.port, key, "coupons", {"code": code, "definition": DEFINITION})
                wait_until(lambda: any(code in each.raw.decode() for each in receiver.received), 30)
                return True

            assert told("FIRST")
            [courier] = couriers(job)
            os.kill(courier, signal.SIGKILL)
            wait_until(lambda: couriers(job) not in ([], [courier]), 30)
            assert told("SECOND")
            for pid in process.standing_in(folder.cluster):
                os.kill(pid, signal.SIGKILL)
            wait_until(lambda: any("PostgreSQL ended" in line for line in job.warned), 30)
            wait_until(lambda: is_ready(job.port), 30)
            assert told("THIRD")
        finally:
            job.end()
        assert job.descendants() == []
