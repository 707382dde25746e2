"""The main job from the outside: started, stopped, killed and refused as an operator would see it."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterator

import pytest

from bookingoffice.database.server import process
from bookingoffice.database.server.embedded import EmbeddedServer
from bookingoffice.database.server.folder import DataFolder
from tests.bookingoffice.serving.main_job import command, empty_folder, running, start, wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc")


@pytest.fixture(scope="module")
def folder() -> Iterator[DataFolder]:
    """Migrated once; each test starts `up` on it again, which is itself part of what is tried."""
    with empty_folder() as empty:
        yield empty


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_everything_cleanly(folder: DataFolder, number: int) -> None:
    with running(folder) as job:
        assert len(job.descendants()) >= 4  # `up`, the web server, its workers, PostgreSQL

        assert job.end(number) == 0

        assert job.descendants() == []
        assert not any("Traceback" in line for line in job.warned)


def test_a_signal_in_the_middle_of_the_start_leaves_nothing() -> None:
    with empty_folder() as folder:
        job = start(folder)
        wait_until(folder.cluster.exists)

        assert job.end() == 0

        assert job.descendants() == []
        assert not any("Traceback" in line for line in job.warned)


def test_the_addresses_are_printed(folder: DataFolder) -> None:
    with running(folder) as job:
        wait_until(lambda: "Stop with Ctrl-C.\n" in job.said)

        said = "".join(job.said)
        assert f"http://127.0.0.1:{job.port}/admin/" in said
        assert f"http://127.0.0.1:{job.port}/v1/" in said
        assert "./run create_organization" in said


def test_a_second_one_on_the_same_folder_refuses(folder: DataFolder) -> None:
    with running(folder) as job:
        refused = command(folder, "up", "--port", "1024")

        assert refused.returncode == 1
        assert f"process {job.process.pid}" in refused.stderr
        assert "Traceback" not in refused.stderr
        assert job.answers()


def test_a_port_in_use_is_refused_before_anything_starts(folder: DataFolder) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]

        refused = command(folder, "up", "--port", str(port))

    assert refused.returncode == 1
    assert (
        refused.stderr
        == f"Port {port} on 127.0.0.1 is in use. Stop the program that listens there, or choose: --port {port + 1}\n"
    )


@pytest.mark.parametrize("odd", [["--port", "0"], ["--port", "70000"], ["--workers", "0"], ["--host", "no such host"]])
def test_odd_options_are_refused(folder: DataFolder, odd: list[str]) -> None:
    refused = command(folder, "up", *odd)

    assert refused.returncode in {1, 2}
    assert odd[1] in refused.stderr
    assert "Traceback" not in refused.stderr


def test_after_kill_9_the_next_start_continues(folder: DataFolder) -> None:
    with running(folder) as job:
        job.end(signal.SIGKILL)
        postgres = set(process.standing_in(folder.cluster))
        wait_until(lambda: set(job.descendants()) <= postgres)

    with running(folder) as job:
        assert job.answers()
    assert job.descendants() == []


def test_after_kill_9_of_every_process_the_next_start_continues(folder: DataFolder) -> None:
    with running(folder) as job:
        for pid in [*job.descendants(), *process.standing_in(folder.cluster)]:
            try_to_kill(pid)
        job.process.wait()

    with running(folder) as job:
        assert job.answers()


def try_to_kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def test_a_killed_postgresql_is_started_again(folder: DataFolder) -> None:
    with running(folder) as job:
        for pid in process.standing_in(folder.cluster):
            try_to_kill(pid)

        wait_until(lambda: any("PostgreSQL ended unexpectedly" in line for line in job.warned))
        wait_until(job.answers)

        assert job.process.poll() is None


def test_a_command_joins_the_running_server(folder: DataFolder) -> None:
    with running(folder) as job:
        shown = command(folder, "showmigrations", "database")

        assert (shown.returncode, shown.stderr) == (0, "")
        assert "[X] 0001" in shown.stdout
        assert job.answers()


def test_a_command_alone_starts_the_server_and_stops_it(folder: DataFolder) -> None:
    shown = command(folder, "showmigrations", "database")

    assert "[X] 0001" in shown.stdout
    assert process.standing_in(folder.cluster) == []


def test_a_command_may_be_the_first_thing_done() -> None:
    with empty_folder() as folder:
        made = command(
            folder,
            "createsuperuser",
            "--noinput",
            "--username=ann",
            "--email=ann@example.org",
            DJANGO_SUPERUSER_PASSWORD="x",
        )

        assert (made.returncode, made.stderr) == (0, "")
        assert process.standing_in(folder.cluster) == []


def test_an_odd_setting_is_told_in_a_sentence(folder: DataFolder) -> None:
    refused = command(folder, "check", BOOKINGOFFICE_DEBUG="perhaps")

    assert refused.returncode == 1
    assert refused.stderr.startswith("BOOKINGOFFICE_DEBUG='perhaps' is not understood")
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("serving", "reason"),
    [("bookingoffice_owner", "acts as the owner"), ("postgres", "could bypass row-level security")],
)
def test_a_powerful_serving_role_is_refused(folder: DataFolder, serving: str, reason: str) -> None:
    with EmbeddedServer(folder):
        door = f"@/bookingoffice?host={folder.socket_folder()}"
        urls = {
            "DATABASE_URL": f"postgresql://{serving}{door}",
            "DATABASE_OWNER_URL": f"postgresql://bookingoffice_owner{door}",
        }

        refused = command(folder, "up", "--no-demo", **urls)

    assert refused.returncode == 1
    assert reason in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_server_that_does_not_answer_is_told_in_a_sentence(folder: DataFolder) -> None:
    nowhere = dict.fromkeys(("DATABASE_URL", "DATABASE_OWNER_URL"), "postgresql://u@/d?host=/nowhere")

    refused = command(folder, "up", **nowhere)

    assert refused.returncode == 1
    assert refused.stderr.startswith("The database does not answer")
    assert "Traceback" not in refused.stderr
