"""Servers of the application that a test may kill, and requests that say how they ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any

from bookingoffice.database.server.folder import PROJECT
from tests.databases import worker_database
from tests.serving import environment_for, free_port, serving_command, wait_for_port


@dataclass(frozen=True)
class Got:
    """`status` 0 is a connection that ended without an answer."""

    status: int
    body: bytes = b""
    code: str = ""
    replayed: bool = False
    retry_after: str | None = None


class Server:
    def __init__(self, workers: int = 1) -> None:
        self.port = free_port()
        command = serving_command(self.port, workers)
        environment = environment_for(worker_database())
        self.process = subprocess.Popen(command, env=environment, cwd=PROJECT, start_new_session=True)
        wait_for_port(self.port, self.process)

    def kill(self) -> None:
        """The workers too, in the middle of what they do."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def post(self, path: str, body: Any, *, token: str, key: str) -> Got:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": key}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", f"/v1{path}", json.dumps(body), headers)
            answer = connection.getresponse()
            said = answer.read()
        except (HTTPException, OSError):
            return Got(0)
        finally:
            connection.close()
        code = json.loads(said)["code"] if answer.status >= 400 else ""
        replayed = answer.headers["Idempotency-Replayed"] == "true"
        return Got(answer.status, said, code, replayed, answer.headers["Retry-After"])


@contextmanager
def served(workers: int = 1) -> Iterator[Server]:
    server = Server(workers)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.kill()
