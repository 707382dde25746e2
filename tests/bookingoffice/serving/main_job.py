"""`up` in a process of its own, as an operator runs it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from urllib.request import urlopen

from bookingoffice.database.server.folder import PROJECT, DataFolder
from tests.cluster import FOLDER
from tests.serving import free_port
from tests.statics import alone, lay_statics

MIGRATED = DataFolder(FOLDER.path / "migrated")
PATIENCE = 240.0  # a busy machine starts slowly; a quiet one never waits so long


@dataclass
class MainJob:
    folder: DataFolder
    port: int
    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)
    warned: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/admin/login/"

    def answers(self) -> bool:
        try:
            with urlopen(self.url, timeout=5) as answer:
                return bool(answer.status == 200)
        except (OSError, HTTPException):
            return False

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def descendants(self) -> list[int]:
        """Processes of this job, whoever their parent is by now: known by the data folder, which they carry or stand in."""
        return [pid for pid in _process_ids() if pid != os.getpid() and str(self.folder.path) in _traces_of(pid)]


def environment_for(folder: DataFolder, **more: str) -> dict[str, str]:
    """Settings of this test run do not reach the job, but for the folder."""
    foreign = {"DATABASE_URL", "DATABASE_OWNER_URL", "BOOKINGOFFICE_SECRET_KEY"}
    kept = {name: value for name, value in os.environ.items() if name not in foreign}
    return {**kept, "BOOKINGOFFICE_DATA": str(folder.path), **more}


def command(folder: DataFolder, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """One `manage.py` command, waited for."""
    return subprocess.run(
        [sys.executable, str(PROJECT / "manage.py"), *arguments],
        env=environment_for(folder, **variables),
        cwd="/",
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        stdin=subprocess.DEVNULL,
    )


def start(folder: DataFolder, **variables: str) -> MainJob:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, str(PROJECT / "manage.py"), "up", "--no-demo", "--workers", "1", "--port", str(port)],
        env=environment_for(folder, **variables),
        cwd="/",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    job = MainJob(folder, port, process)
    for pipe, lines in ((process.stdout, job.said), (process.stderr, job.warned)):
        threading.Thread(target=lambda pipe=pipe, lines=lines: lines.extend(pipe), daemon=True).start()
    return job


def start_and_wait(folder: DataFolder, **variables: str) -> MainJob:
    job = start(folder, **variables)
    try:
        wait_until(lambda: job.process.poll() is not None or job.answers())
    except AssertionError:
        job.end()
        raise AssertionError("".join([*job.said, *job.warned])) from None
    assert job.process.poll() is None, "".join(job.warned)
    return job


@contextmanager
def empty_folder() -> Iterator[DataFolder]:
    with tempfile.TemporaryDirectory(prefix="bookingoffice-") as place:
        yield DataFolder(Path(place) / "data")


@contextmanager
def migrated_folder() -> Iterator[DataFolder]:
    """A copy of one that a test run fills once, with tables and style sheets, for tests of what comes after a first start."""
    with empty_folder() as folder:
        fill(folder)
        yield folder


def fill(folder: DataFolder) -> None:
    with alone("migrated"):
        if not MIGRATED.path.exists():
            lay_statics(MIGRATED)
            made = command(MIGRATED, "migrate")
            assert made.returncode == 0, made.stderr
    # Files of PostgreSQL's own account stay its own.
    subprocess.run(["cp", "-a", f"{MIGRATED.path}/.", f"{folder.path}"], check=True, timeout=PATIENCE)


def wait_until(condition: object, seconds: float = PATIENCE) -> None:
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def _process_ids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*")]


def _traces_of(pid: int) -> str:
    try:
        place = os.readlink(f"/proc/{pid}/cwd")
        return place + Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace")
    except OSError:
        return ""
