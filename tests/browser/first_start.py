"""The main job on a folder that holds style sheets alone, and what it printed for the person who started it."""

from __future__ import annotations

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
from tests.serving import free_port
from tests.statics import lay_statics


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
    job = subprocess.Popen(
        [sys.executable, str(PROJECT / "manage.py"), "up", "--workers", "1", "--port", str(free_port())],
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
        yield printed("".join(said))
    finally:
        job.terminate()
        job.wait(PATIENCE)


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
