"""A durable database and the production server as `up` starts them, in a folder that is thrown away."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg

from bookingoffice.database.addresses import DATABASE_NAME, OWNER_ROLE
from bookingoffice.database.server.account import account_for
from bookingoffice.database.server.binaries import programs
from bookingoffice.database.server.bootstrap import superuser
from bookingoffice.database.server.folder import PROJECT, DataFolder
from bookingoffice.serving.ports import listens

PATIENCE = 300.0
HOST = "127.0.0.1"


@dataclass(frozen=True)
class House:
    """One organization and its key on a running server."""

    folder: DataFolder
    port: int
    organization_id: UUID
    key: str
    pid: int = 0
    """Of `up`, whose children serve."""

    @property
    def programs(self) -> Path:
        """Where PostgreSQL's own programs are, pgbench among them."""
        return programs(account_for(self.folder.path))

    def address(self, role: str) -> dict[str, str]:
        return {"host": str(self.folder.socket_folder()), "user": role, "dbname": DATABASE_NAME}

    @contextmanager
    def owner(self) -> Iterator[psycopg.Cursor]:
        """The tables' owner in the organization's scope; one transaction."""
        with psycopg.connect(**self.address(OWNER_ROLE)) as link, link.cursor() as cursor:
            cursor.execute(f"SET LOCAL bookingoffice.organization_id = '{self.organization_id}'")
            yield cursor

    def maintenance(self) -> psycopg.Connection[tuple[object, ...]]:
        """The superuser, every statement a transaction of its own."""
        return superuser(self.folder.socket_folder(), DATABASE_NAME)


@contextmanager
def opened() -> Iterator[House]:
    with tempfile.TemporaryDirectory(prefix="bookingoffice-bench-") as place:
        folder, port = DataFolder(Path(place) / "data"), free_port()
        serving = subprocess.Popen(
            [*manage("up"), "--no-demo", "--port", str(port)], env=environment(folder), stdout=subprocess.DEVNULL
        )
        try:
            wait(serving, port)
            organization_id = command(folder, "create_organization", "Bench")
            key = command(folder, "create_api_key", organization_id)
            yield House(folder, port, UUID(organization_id), key, serving.pid)
        finally:
            serving.send_signal(signal.SIGTERM)
            serving.wait(PATIENCE)


def command(folder: DataFolder, *arguments: str) -> str:
    """What one `manage.py` command prints."""
    done = subprocess.run(manage(*arguments), env=environment(folder), check=True, capture_output=True, text=True)
    return done.stdout.strip()


def manage(*arguments: str) -> list[str]:
    return [sys.executable, str(PROJECT / "manage.py"), *arguments]


def environment(folder: DataFolder) -> dict[str, str]:
    foreign = {"DATABASE_URL", "DATABASE_OWNER_URL"}
    return {name: value for name, value in os.environ.items() if name not in foreign} | {
        "BOOKINGOFFICE_DATA": str(folder.path),
        "BOOKINGOFFICE_RATE_LIMITS": "off",  # who measures a load is no guest
    }


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return int(listener.getsockname()[1])


def wait(serving: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while not listens(HOST, port):
        if serving.poll() is not None or time.monotonic() > deadline:
            raise SystemExit("The server did not start; its own words stand above.")
        time.sleep(0.1)
