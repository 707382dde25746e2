"""PostgreSQL is killed while rows are written: what was acknowledged is there afterwards, and nothing is there by half."""

from __future__ import annotations

import os
import signal
import tempfile
import threading
import time
from pathlib import Path

import psycopg

from bookingoffice.database.server import process
from bookingoffice.database.server.bootstrap import superuser
from bookingoffice.database.server.embedded import EmbeddedServer
from bookingoffice.database.server.folder import DataFolder

ROUNDS = 3
WRITERS = 4


def write_until_it_breaks(folder: DataFolder, writer: int, acknowledged: list[tuple[int, int]]) -> None:
    """A pair of rows a transaction; noted once the server said that it is kept."""
    number = len(acknowledged)
    try:
        with superuser(folder.socket_folder(), "bookingoffice") as connection:
            while True:
                number += 1
                with connection.transaction():
                    connection.execute("INSERT INTO pairs VALUES (%s, %s, 'first')", [writer, number])
                    connection.execute("INSERT INTO pairs VALUES (%s, %s, 'second')", [writer, number])
                acknowledged.append((writer, number))
    except psycopg.Error:
        return


def test_every_acknowledged_write_survives_kill_9() -> None:
    with tempfile.TemporaryDirectory(prefix="bookingoffice-") as place:
        folder = DataFolder(Path(place))
        acknowledged: list[list[tuple[int, int]]] = [[] for _ in range(WRITERS)]
        with EmbeddedServer(folder, {"shared_buffers": "16MB"}) as server:
            with superuser(folder.socket_folder(), "bookingoffice") as connection:
                connection.execute("CREATE TABLE pairs (writer int, number int, part text)")
            for _ in range(ROUNDS):
                kill_while_writing(folder, acknowledged)
                server.revive()
            kept = pairs(folder)

    assert set(kept.values()) == {2}
    assert {pair for written in acknowledged for pair in written} <= kept.keys()
    assert all(len(written) > ROUNDS for written in acknowledged)


def kill_while_writing(folder: DataFolder, acknowledged: list[list[tuple[int, int]]]) -> None:
    writers = [
        threading.Thread(target=write_until_it_breaks, args=(folder, writer, written))
        for writer, written in enumerate(acknowledged)
    ]
    before = [len(written) for written in acknowledged]
    for thread in writers:
        thread.start()
    while any(len(written) < start + 20 for written, start in zip(acknowledged, before, strict=True)):
        time.sleep(0.01)
    pid = process.postmaster(folder.cluster)
    assert pid is not None
    for each in process.standing_in(folder.cluster):
        os.kill(each, signal.SIGKILL)
    for thread in writers:
        thread.join()


def pairs(folder: DataFolder) -> dict[tuple[int, int], int]:
    with superuser(folder.socket_folder(), "bookingoffice") as connection:
        rows = connection.execute("SELECT writer, number, count(*) FROM pairs GROUP BY 1, 2").fetchall()
    return {(writer, number): count for writer, number, count in rows}  # type: ignore[misc]
