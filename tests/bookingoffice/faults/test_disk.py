"""The disk is full, for rows and then for PostgreSQL's own log: writes are refused, reads go on, nothing is lost."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bookingoffice.database.server.bootstrap import superuser
from bookingoffice.database.server.folder import DataFolder
from tests.bookingoffice.faults.doors import ask, doors
from tests.bookingoffice.serving.main_job import MainJob, command, fill, start_and_wait, wait_until

SIZE = "160m"


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0755", "tmpfs", str(place)], capture_output=True, text=True
    )
    if mounted.returncode != 0:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture
def job(small_disk) -> Iterator[MainJob]:
    folder = DataFolder(small_disk / "data")
    fill(folder)
    job = start_and_wait(folder)
    yield job
    if job.process.poll() is None:
        job.end()


def filled(place: Path) -> Path:
    filler = place / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(65536))
        except OSError:
            return filler


def references(url: str, key: str) -> list[str]:
    answer = ask(url, "/v1/bookings?select=reference&order=reference", key)
    assert answer.status == 200
    return [row["reference"] for row in answer.json]


def write_until_refused(url: str, key: str) -> tuple[list[str], object]:
    """Rows may still find room in pages that are there."""
    kept: list[str] = []
    for number in range(10_000):
        rows = [{"reference": f"{number:05}-{place:02}{'x' * 200}"} for place in range(50)]
        answer = ask(url, "/v1/bookings", key, rows)
        if answer.status != 201:
            return kept, answer
        kept += [row["reference"] for row in rows]
    raise AssertionError("the disk is not full")


def begin_the_log_anew(folder: DataFolder) -> None:
    """Else the log may end, and with it every connection, before the first table is full."""
    with superuser(folder.socket_folder(), "postgres") as link:
        link.execute("SELECT pg_switch_wal()")
        link.execute("SELECT pg_logical_emit_message(false, 'begun', '', true)")


def use_up_the_log(folder: DataFolder) -> None:
    """PostgreSQL ends every connection when it cannot write its log, as it must. A message needs room there and nowhere else."""
    link = superuser(folder.socket_folder(), "postgres")
    try:
        for _ in range(1000):
            link.execute("SELECT pg_logical_emit_message(false, 'full', 'of it'), pg_switch_wal()")
    except psycopg.OperationalError:
        assert link.broken
    else:
        raise AssertionError("there was room in the log")


def test_a_full_disk_refuses_writes_and_loses_nothing(job, small_disk):
    url = f"http://127.0.0.1:{job.port}"
    organization_id = command(job.folder, "create_organization", "Lakeside", "--currency", "EUR").stdout.strip()
    key = command(job.folder, "create_api_key", organization_id).stdout.strip()
    begin_the_log_anew(job.folder)
    filler = filled(small_disk)

    kept, refused = write_until_refused(url, key)

    assert (refused.status, refused.headers["Retry-After"]) == (503, "1")
    told = {"code": "53100", "message": "the disk of the database is full; nothing was written"}
    assert refused.json == {"details": None, "hint": None, **told}
    assert references(url, key) == kept[:1000]
    for door in doors(organization_id):
        assert ask(url, door.path, key).status == 200, door.name
        answer = ask(url, door.path, key, door.row(1))
        assert answer.status in (200, 201, 503), (door.name, answer)

    use_up_the_log(job.folder)
    time.sleep(2)
    filler.unlink()

    wait_until(lambda: ask(url, "/v1/bookings", key).status == 200)
    assert ask(url, "/v1/bookings", key, {"reference": "zzz"}).status == 201
    count = json.loads(ask(url, "/v1/bookings?select=count()&reference=like.0*", key).body)
    assert count == [{"count": len(kept)}]
    assert command(job.folder, "check_ledger").returncode == 0
    assert job.process.poll() is None
