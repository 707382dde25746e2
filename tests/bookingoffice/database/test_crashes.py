"""PostgreSQL is killed while rows are written: what was acknowledged is there afterwards, and nothing is there by half."""

from __future__ import annotations

import os
import signal
import tempfile
import threading
import time
from pathlib import Path
from uuid import UUID, uuid4

import psycopg

from bookingoffice.database.server import process
from bookingoffice.database.server.bootstrap import superuser
from bookingoffice.database.server.embedded import EmbeddedServer
from bookingoffice.database.server.folder import DataFolder

ROUNDS = 3
WRITERS = 4


def write_until_it_breaks(folder: DataFolder, acknowledged: list[UUID]) -> None:
    """A pair of rows a transaction; noted once the server said that it is kept."""
    try:
        with superuser(folder.socket_folder(), "bookingoffice") as connection:
            while True:
                pair = uuid4()
                with connection.transaction():
                    connection.execute("INSERT INTO pairs VALUES (%s, 'first')", [pair])
                    connection.execute("INSERT INTO pairs VALUES (%s, 'second')", [pair])
                acknowledged.append(pair)
    except psycopg.Error:
        return


def test_every_acknowledged_write_survives_kill_9() -> None:
    with tempfile.TemporaryDirectory(prefix="bookingoffice-") as place:
        folder = DataFolder(Path(place))
        acknowledged: list[list[UUID]] = [[] for _ in range(WRITERS)]
        with EmbeddedServer(folder, {"shared_buffers": "16MB"}) as server:
            with superuser(folder.socket_folder(), "bookingoffice") as connection:
                connection.execute("CREATE TABLE pairs (pair uuid, part text)")
            for _ in range(ROUNDS):
                kill_while_writing(folder, acknowledged)
                server.revive()
            kept = pairs(folder)

    assert set(kept.values()) == {2}
    assert {pair for written in acknowledged for pair in written} <= kept.keys()


def kill_while_writing(folder: DataFolder, acknowledged: list[list[UUID]]) -> None:
    """Every writer has had twenty pairs acknowledged in this round and is at the next one."""
    enough = [len(written) + 20 for written in acknowledged]
    writers = [threading.Thread(target=write_until_it_breaks, args=(folder, written)) for written in acknowledged]
    for thread in writers:
        thread.start()
    while any(len(written) < count for written, count in zip(acknowledged, enough, strict=True)):
        time.sleep(0.01)
    for each in process.standing_in(folder.cluster):
        os.kill(each, signal.SIGKILL)
    for thread in writers:
        thread.join()


def pairs(folder: DataFolder) -> dict[UUID, int]:
    with superuser(folder.socket_folder(), "bookingoffice") as connection:
        rows = connection.execute("SELECT pair, count(*) FROM pairs GROUP BY pair").fetchall()
    return dict(rows)
