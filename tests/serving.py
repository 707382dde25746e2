"""The production server in a process of its own, on a database of the test run."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit, urlunsplit

from bookingoffice.database.addresses import OWNER_ROLE, OWNER_VARIABLE, SERVING_ROLE, SERVING_VARIABLE
from bookingoffice.database.server.folder import PROJECT
from tests.cluster import EXTERNAL, FOLDER


def address_of(database: str, role: str, variable: str) -> str:
    """The address of one database of the run, for a process that reads its settings anew."""
    if EXTERNAL:
        return urlunsplit(urlsplit(os.environ[variable])._replace(path=f"/{database}"))
    return f"postgresql://{role}@/{database}?host={quote(str(FOLDER.socket_folder()), safe='')}"


def environment_for(database: str) -> dict[str, str]:
    return {
        **os.environ,
        SERVING_VARIABLE: address_of(database, SERVING_ROLE, SERVING_VARIABLE),
        OWNER_VARIABLE: address_of(database, OWNER_ROLE, OWNER_VARIABLE),
        "DJANGO_SETTINGS_MODULE": "bookingoffice.settings",
    }


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def serving_command(port: int, workers: int = 1) -> list[str]:
    """The server that `up` starts, as a child of this process."""
    return [sys.executable, "-m", "bookingoffice.serving.web", "127.0.0.1", str(port), str(workers), str(os.getpid())]


@contextmanager
def served(database: str) -> Iterator[str]:
    port = free_port()
    command = serving_command(port)
    process = subprocess.Popen(command, env=environment_for(database), cwd=PROJECT, start_new_session=True)
    try:
        wait_for_port(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for_port(port: int, process: subprocess.Popen[bytes], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended before it listened"
        with socket.socket() as caller:
            if caller.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens on port {port}")
