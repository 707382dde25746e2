"""The embedded server: started, shared, stopped, and brought back after every kind of death."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bookingoffice.database.server import process
from bookingoffice.database.server.account import account_for
from bookingoffice.database.server.bootstrap import superuser
from bookingoffice.database.server.embedded import EmbeddedServer
from bookingoffice.database.server.folder import LONGEST_SOCKET_PATH, SOCKET_NAME, DataFolder
from bookingoffice.database.server.trouble import ServerTrouble

SMALL = {"shared_buffers": "16MB", "max_connections": "20"}
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs a second account to act as")


@pytest.fixture
def folder() -> Iterator[DataFolder]:
    with tempfile.TemporaryDirectory(prefix="bookingoffice-") as place:
        yield DataFolder(Path(place) / "data")


def server(folder: DataFolder) -> EmbeddedServer:
    return EmbeddedServer(folder, SMALL, durable=False)


def kill_postmaster(folder: DataFolder) -> None:
    pid = process.postmaster(folder.cluster)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    while process.answers(folder.socket_folder()):
        time.sleep(0.01)


def test_the_last_user_stops_the_server(folder: DataFolder) -> None:
    with server(folder) as first:
        with server(folder):
            pass
        assert first.answers()

    assert not first.answers()
    assert process.standing_in(folder.cluster) == []


def test_whoever_started_it_may_leave_first(folder: DataFolder) -> None:
    first, second = server(folder), server(folder)
    first.__enter__()
    with second:
        first.leave()
        assert second.answers()

    assert not second.answers()


def test_rows_are_there_at_the_next_start(folder: DataFolder) -> None:
    with server(folder), superuser(folder.socket_folder(), "bookingoffice") as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")

    with server(folder), superuser(folder.socket_folder(), "bookingoffice") as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)


def test_both_roles_can_enter_and_neither_is_powerful(folder: DataFolder) -> None:
    with server(folder):
        for role in ("bookingoffice", "bookingoffice_owner"):
            with psycopg.connect(host=str(folder.socket_folder()), user=role, dbname="bookingoffice") as connection:
                powers = (
                    "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = %s"
                )
                assert connection.execute(powers, [role]).fetchone() == (False,)


def test_case_is_folded_in_all_of_unicode(folder: DataFolder) -> None:
    with server(folder), superuser(folder.socket_folder(), "bookingoffice") as connection:
        assert connection.execute("SELECT lower('ÉTÉ ΑΘΉΝΑ')").fetchone() == ("été αθήνα",)


def test_a_killed_server_is_revived_with_every_committed_row(folder: DataFolder) -> None:
    with server(folder) as running:
        with superuser(folder.socket_folder(), "bookingoffice") as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
        kill_postmaster(folder)

        running.revive()

        with superuser(folder.socket_folder(), "bookingoffice") as connection:
            assert connection.execute("SELECT one FROM kept").fetchone() == (1,)
    assert process.standing_in(folder.cluster) == []


def test_what_a_crash_leaves_behind_does_not_bar_the_start(folder: DataFolder) -> None:
    """The note names a process number that now belongs to another program of the same account."""
    with server(folder):
        kill_postmaster(folder)
    account = account_for(folder.cluster)
    with subprocess.Popen(["sleep", "60"], **account.popen_options()) as bystander:
        note = folder.cluster / "postmaster.pid"
        note.write_text(f"{bystander.pid}\n/elsewhere\n0\n5432\n.\n\n0 0\nready\n")
        (folder.socket_folder() / f"{SOCKET_NAME}.lock").write_text(note.read_text())

        with server(folder) as running:
            assert running.answers()
            assert bystander.poll() is None
        bystander.kill()


def test_an_interrupted_making_is_made_anew(folder: DataFolder) -> None:
    folder.prepare()
    (folder.path / "cluster.new").mkdir()
    (folder.path / "cluster.new" / "half").touch()

    with server(folder) as running:
        assert running.answers()

    assert not (folder.path / "cluster.new").exists()


def test_a_server_that_cannot_start_says_why_and_lets_go(folder: DataFolder) -> None:
    with pytest.raises(ServerTrouble, match="shared_buffers"), EmbeddedServer(folder, {"shared_buffers": "plenty"}):
        pass

    with server(folder) as running:
        assert running.answers()


def test_a_deep_path_gets_a_short_private_folder_for_the_socket(folder: DataFolder) -> None:
    deep = DataFolder(folder.path / ("deep " * 20).strip() / "data")

    with server(deep) as running:
        sockets = deep.socket_folder()
        assert running.answers()
        assert sockets != deep.cluster
        assert len(os.fsencode(sockets / SOCKET_NAME)) <= LONGEST_SOCKET_PATH
        assert sockets.stat().st_mode & 0o077 == 0
    sockets.rmdir()


@as_root
def test_it_works_below_a_folder_that_its_account_cannot_enter(folder: DataFolder) -> None:
    folder.prepare()

    with server(folder) as running:
        assert folder.path.stat().st_mode & 0o077 == 0
        assert folder.cluster.stat().st_uid != 0
        assert running.answers()


def knocks_as_nobody(folder: DataFolder) -> int:
    """The errno of a connection by another account, 0 for an open door; tried in a child that gives up its powers."""
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
        os._exit(socket.socket(socket.AF_UNIX).connect_ex(str(folder.socket_folder() / SOCKET_NAME)))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@as_root
def test_another_account_does_not_reach_the_socket(folder: DataFolder) -> None:
    with server(folder):
        assert knocks_as_nobody(folder) == errno.EACCES


def test_the_secret_key_is_made_once_for_its_owner_alone(folder: DataFolder) -> None:
    key = folder.secret_key()

    assert len(key) >= 50
    assert folder.secret_key() == key
    assert (folder.path / "secret-key").stat().st_mode & 0o777 == 0o600
