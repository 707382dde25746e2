"""What was acknowledged is there after any crash, and nothing is half there: bulk writes, killed in the middle."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPException
from urllib.request import Request, urlopen

import pytest

from bookingoffice.database.server import process
from tests.bookingoffice.serving.main_job import MainJob, command, migrated_folder, start_and_wait, wait_until

BATCH = 5
DEFINITION = {"type": "relative", "restrictions": [], "value": -10}


@dataclass
class Writer:
    """Posts batches of coupons, one request after the other, and remembers which were acknowledged."""

    port: int
    key: str
    name: str
    acknowledged: set[str] = field(default_factory=set)
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        number = 0
        while not self.stopped.is_set():
            number += 1
            codes = [f"{self.name}-{number}-{place}" for place in range(BATCH)]
            rows = [{"code": code, "definition": DEFINITION} for code in codes]
            try:
                with urlopen(asked(self.port, self.key, "coupons?select=code", rows), timeout=20) as answer:
                    self.acknowledged.update(row["code"] for row in json.load(answer))
            except (OSError, HTTPException):
                return


def asked(port: int, key: str, path: str, body: object = None) -> Request:
    data = json.dumps(body).encode() if body is not None else None
    return Request(f"http://127.0.0.1:{port}/v1/{path}", data, {"Authorization": f"Bearer {key}"})


def codes_there(job: MainJob, key: str) -> set[str]:
    found: set[str] = set()
    while True:
        path = f"coupons?select=code&order=id&limit=1000&offset={len(found)}"
        with urlopen(asked(job.port, key, path), timeout=20) as answer:
            page = {row["code"] for row in json.load(answer)}
        if not page:
            return found
        found |= page


@pytest.fixture
def job() -> Iterator[MainJob]:
    with migrated_folder() as folder:
        job = start_and_wait(folder)
        yield job
        job.process.kill()
        job.process.wait()
        for pid in [*job.descendants(), *process.standing_in(folder.cluster)]:
            kill_9(pid)


def kill_9(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def everything(job: MainJob) -> list[int]:
    return [*job.descendants(), *process.standing_in(job.folder.cluster)]


def only_postgresql(job: MainJob) -> list[int]:
    return list(process.standing_in(job.folder.cluster))


@pytest.mark.parametrize("victims", [everything, only_postgresql])
def test_every_acknowledged_write_is_there_and_none_is_half_there(job, victims):
    organization_id = command(job.folder, "create_organization", "Lakeside").stdout.strip()
    key = command(job.folder, "create_api_key", organization_id).stdout.strip()
    writers = [Writer(job.port, key, name) for name in ("a", "b", "c")]
    threads = [threading.Thread(target=writer.run) for writer in writers]
    for thread in threads:
        thread.start()
    wait_until(lambda: all(len(writer.acknowledged) >= 4 * BATCH for writer in writers))

    for pid in victims(job):
        kill_9(pid)
    for writer in writers:
        writer.stopped.set()
    for thread in threads:
        thread.join()
    job.end(signal.SIGKILL)
    wait_until(lambda: set(job.descendants()) <= set(process.standing_in(job.folder.cluster)))

    again = start_and_wait(job.folder)
    there = codes_there(again, key)
    again.end()
    acknowledged = set().union(*(writer.acknowledged for writer in writers))
    assert acknowledged <= there
    batches = {code.rpartition("-")[0] for code in there}
    assert len(there) == BATCH * len(batches)
