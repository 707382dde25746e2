"""The server's process: judged by its socket, because a killed one can stay a zombie that looks alive."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from bookingoffice.database.server.account import Account
from bookingoffice.database.server.cluster import SUPERUSER, path_for_server
from bookingoffice.database.server.folder import SOCKET_NAME
from bookingoffice.database.server.trouble import ServerTrouble

PATIENCE_READY = 600.0  # seconds; replaying the log after a crash takes as long as it takes
PATIENCE_STOP = 60.0
LARGEST_LOG = 16 * 1024 * 1024


def answers(socket_folder: Path) -> bool:
    """Whether somebody listens. True already while the server is still replaying its log."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
        caller.settimeout(5)
        try:
            caller.connect(os.fspath(socket_folder / SOCKET_NAME))
        except TimeoutError:
            return True
        except OSError:
            return False
    return True


def launch(cluster: Path, programs: Path, account: Account, log: Path) -> subprocess.Popen[bytes]:
    """A session of its own, so that Ctrl-C on the terminal reaches us first and the server is stopped last."""
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".log.old"))
    with log.open("ab") as file:
        log.chmod(0o600)
        return subprocess.Popen(
            [str(programs / "postgres"), "-D", path_for_server(cluster)],
            cwd=cluster,
            stdout=file,
            stderr=file,
            start_new_session=True,
            **account.popen_options(),
        )


def wait_until_ready(socket_folder: Path, process: subprocess.Popen[bytes] | None, log: Path) -> None:
    """Returns when statements are answered; says the log's last words when the process gave up."""
    deadline = time.monotonic() + PATIENCE_READY
    while time.monotonic() < deadline:
        if answers(socket_folder) and _takes_statements(socket_folder):
            return
        if process is not None and process.poll() is not None:
            raise ServerTrouble(f"PostgreSQL did not start. Its last words, from {log}:\n{_last_words(log)}")
        time.sleep(0.02)
    raise ServerTrouble(f"PostgreSQL did not become ready within {PATIENCE_READY:.0f} seconds; see {log}.")


def _takes_statements(socket_folder: Path) -> bool:
    try:
        psycopg.connect(host=str(socket_folder), user=SUPERUSER, dbname="postgres", connect_timeout=5).close()
    except psycopg.OperationalError as refusal:
        # Peer authentication that fails will not come right by waiting.
        if "authentication failed" in str(refusal):
            raise ServerTrouble(f"The running PostgreSQL does not let this account in: {refusal}") from refusal
        return False
    return True


def stop(cluster: Path, socket_folder: Path, process: subprocess.Popen[bytes] | None) -> None:
    """Fast shutdown: open transactions are rolled back, what was committed is written. Harder where that is no help."""
    pid = process.pid if process is not None else postmaster(cluster)
    for signal_number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal_number)
        if _wait(lambda: _is_down(cluster, socket_folder, process), PATIENCE_STOP):
            return
    raise ServerTrouble(f"PostgreSQL (process {pid}) does not stop.")


def _is_down(cluster: Path, socket_folder: Path, process: subprocess.Popen[bytes] | None) -> bool:
    if process is not None:
        return process.poll() is not None
    return not answers(socket_folder) and not standing_in(cluster)


def postmaster(cluster: Path) -> int | None:
    """The process that the cluster's own note names. It may be long gone, and its number taken by another."""
    try:
        return int((cluster / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def clear_leftovers(cluster: Path, socket_folder: Path) -> None:
    """After a crash: ends what still stands in the cluster, then removes the notes that would bar the next start.

    PostgreSQL trusts a note when any process has its number, a zombie too, which in a container is often so.
    """
    pid = postmaster(cluster)
    for signal_number in (signal.SIGINT, signal.SIGKILL):
        left = standing_in(cluster)
        for each in left:
            if each == pid or signal_number == signal.SIGKILL:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(each, signal_number)
        if _wait(lambda: not standing_in(cluster), PATIENCE_STOP):
            break
    if Path("/proc/self/cwd").exists():
        for note in (cluster / "postmaster.pid", socket_folder / f"{SOCKET_NAME}.lock", socket_folder / SOCKET_NAME):
            note.unlink(missing_ok=True)


def standing_in(cluster: Path) -> list[int]:
    """Live server processes whose working directory is this cluster; a zombie has none. Empty without /proc."""
    place = cluster.stat()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            where = (process / "cwd").stat()
            program = (process / "comm").read_text().strip()
        except OSError:
            continue
        if program == "postgres" and (where.st_dev, where.st_ino) == (place.st_dev, place.st_ino):
            found.append(int(process.name))
    return found


def _wait(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _last_words(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-8:])
