"""The main job on a folder that holds style sheets alone, and what it printed for the person who started it."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bookingoffice.database.server.folder import PROJECT, DataFolder
from tests.bookingoffice.serving.main_job import PATIENCE, environment_for, wait_until
from tests.cluster import FOLDER
from tests.serving import free_port
from tests.statics import alone, lay_statics

MADE = DataFolder(FOLDER.path / "demo")
SAID = FOLDER.path / "demo.json"


@dataclass(frozen=True)
class Printed:
    admin: str
    api: str
    username: str
    password: str
    key: str
    curl: tuple[str, ...]

    @property
    def curl_address(self) -> str:
        return self.curl[-1]

    @property
    def curl_header(self) -> tuple[str, str]:
        name, _, value = self.curl[self.curl.index("-H") + 1].partition(": ")
        return name, value


@contextmanager
def first_start(folder: DataFolder) -> Iterator[Printed]:
    """Runs `up` with its demo until the block ends."""
    lay_statics(folder)
    with _running(folder, free_port()) as said:
        yield printed(said)


@contextmanager
def later_start(folder: DataFolder) -> Iterator[Printed]:
    """The same on a copy of a demo that a test run makes once: what was printed then is true of it, but for the port."""
    port, then, said = free_port(), *_copied_demo(folder)
    with _running(folder, port):
        yield printed(said.replace(f":{then}", f":{port}"))


@contextmanager
def _running(folder: DataFolder, port: int) -> Iterator[str]:
    job = subprocess.Popen(
        [sys.executable, str(PROJECT / "manage.py"), "up", "--workers", "1", "--port", str(port)],
        env=environment_for(folder),
        cwd="/",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    said: list[str] = []
    threading.Thread(target=lambda: said.extend(job.stdout or ()), daemon=True).start()
    try:
        wait_until(lambda: job.poll() is not None or "Stop with Ctrl-C.\n" in said)
        assert job.poll() is None, "".join(said)
        yield "".join(said)
    finally:
        job.terminate()
        job.wait(PATIENCE)


def _copied_demo(folder: DataFolder) -> tuple[int, str]:
    """The port of its first start, and what was printed there."""
    with alone("demo"):
        if not SAID.exists():
            port = free_port()
            lay_statics(MADE)
            with _running(MADE, port) as said:
                SAID.write_text(json.dumps([port, said]))
    # Files of PostgreSQL's own account stay its own.
    subprocess.run(["cp", "-a", f"{MADE.path}", f"{folder.path}"], check=True, timeout=PATIENCE)
    port, said = json.loads(SAID.read_text())
    return port, said


def printed(text: str) -> Printed:
    return Printed(
        admin=_found(r"Admin +(\S+)", text)[0],
        api=_found(r"API +(http\S+)", text)[0],
        username=_found(r"Sign in +(\S+) +(\S+)", text)[0],
        password=_found(r"Sign in +(\S+) +(\S+)", text)[1],
        key=_found(r"API key +(\S+)", text)[0],
        curl=tuple(shlex.split(_found(r"(curl .*)", text)[0])),
    )


def _found(pattern: str, text: str) -> tuple[Any, ...]:
    match = re.search(pattern, text)
    assert match, f"nothing like {pattern!r} was printed:\n{text}"
    return match.groups()
