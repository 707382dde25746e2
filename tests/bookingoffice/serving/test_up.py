"""The main job from the outside: started, stopped, killed and refused as an operator would see it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator

import pytest

from bookingoffice.database.server import process
from bookingoffice.database.server.embedded import EmbeddedServer
from bookingoffice.database.server.folder import DataFolder
from tests.bookingoffice.serving.main_job import MainJob, command, empty_folder, start, start_and_wait, wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc")


@pytest.fixture(scope="module")
def folder() -> Iterator[DataFolder]:
    """Migrated once; each start on it again is itself part of what is tried."""
    with empty_folder() as empty:
        yield empty


@pytest.fixture(scope="module")
def ever_running(folder: DataFolder) -> Iterator[Callable[[], MainJob]]:
    """The job that runs, or a new one where the last test ended it."""
    jobs: list[MainJob] = []

    def job() -> MainJob:
        if not jobs or jobs[-1].process.poll() is not None:
            jobs.append(start_and_wait(folder))
        return jobs[-1]

    yield job
    if jobs and jobs[-1].process.poll() is None:
        jobs[-1].end()


@pytest.fixture
def job(ever_running: Callable[[], MainJob]) -> MainJob:
    return ever_running()


def kill_9(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def test_the_addresses_are_printed(job: MainJob) -> None:
    wait_until(lambda: "Stop with Ctrl-C.\n" in job.said)

    said = "".join(job.said)
    assert f"http://127.0.0.1:{job.port}/admin/" in said
    assert f"http://127.0.0.1:{job.port}/v1/" in said
    assert "./run create_organization" in said


def test_a_second_one_on_the_same_folder_refuses(job: MainJob) -> None:
    refused = command(job.folder, "up", "--port", "1024")

    assert (refused.returncode, refused.stdout) == (1, "")
    assert f"(process {job.process.pid})" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert job.answers()


def test_a_command_joins_the_running_server(job: MainJob) -> None:
    shown = command(job.folder, "showmigrations", "database")

    assert (shown.returncode, shown.stderr) == (0, "")
    assert "[X] 0001" in shown.stdout
    assert job.answers()


def test_a_killed_postgresql_is_started_again(job: MainJob) -> None:
    for pid in process.standing_in(job.folder.cluster):
        kill_9(pid)

    wait_until(lambda: any("PostgreSQL ended unexpectedly" in line for line in job.warned))
    wait_until(lambda: process.standing_in(job.folder.cluster))
    with EmbeddedServer(job.folder) as shared:  # returns when statements are answered
        assert shared.answers()
    assert job.process.poll() is None
    assert job.answers()


def test_a_powerful_serving_role_is_refused(job: MainJob) -> None:
    address = f"postgresql://bookingoffice_owner@/bookingoffice?host={job.folder.socket_folder()}"
    with empty_folder() as other:
        refused = command(other, "up", "--port", "1024", DATABASE_URL=address, DATABASE_OWNER_URL=address)

    assert refused.returncode == 1
    assert "acts as the owner" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_everything_cleanly(job: MainJob, number: int) -> None:
    assert len(job.descendants()) >= 4  # `up`, the web server, its worker, PostgreSQL

    assert job.end(number) == 0

    assert job.descendants() == []
    assert not any("Traceback" in line for line in job.warned)


def test_after_kill_9_the_next_start_continues(job: MainJob, ever_running: Callable[[], MainJob]) -> None:
    job.end(signal.SIGKILL)
    postgres = set(process.standing_in(job.folder.cluster))
    wait_until(lambda: set(job.descendants()) <= postgres)

    assert ever_running().answers()


def test_after_kill_9_of_every_process_the_next_start_continues(
    job: MainJob, ever_running: Callable[[], MainJob]
) -> None:
    for pid in [*job.descendants(), *process.standing_in(job.folder.cluster)]:
        kill_9(pid)
    job.process.wait()

    assert ever_running().answers()
    assert ever_running().end() == 0
    assert job.descendants() == []


def test_a_signal_in_the_middle_of_the_start_leaves_nothing() -> None:
    with empty_folder() as folder:
        job = start(folder)
        wait_until(folder.cluster.exists)

        assert job.end() == 0

        assert job.descendants() == []
        assert job.warned == []


def test_a_server_that_was_launched_and_not_yet_noted_is_ended_too(monkeypatch) -> None:
    """A signal may come between the two."""

    def launched_and_interrupted(*arguments):
        launch(*arguments)
        raise KeyboardInterrupt

    launch = process.launch
    monkeypatch.setattr(process, "launch", launched_and_interrupted)
    with empty_folder() as folder:
        with pytest.raises(KeyboardInterrupt), EmbeddedServer(folder):
            pass

        assert process.standing_in(folder.cluster) == []


def test_a_command_may_be_the_first_thing_done() -> None:
    """It makes the database, works, and leaves no server behind."""
    with empty_folder() as folder:
        ann = ("--noinput", "--username=ann", "--email=ann@example.org")
        made = command(folder, "createsuperuser", *ann, DJANGO_SUPERUSER_PASSWORD="x")

        assert (made.returncode, made.stderr) == (0, "")
        assert process.standing_in(folder.cluster) == []


def test_an_odd_setting_is_told_in_a_sentence() -> None:
    with empty_folder() as folder:
        refused = command(folder, "check", BOOKINGOFFICE_DEBUG="perhaps")

    assert refused.returncode == 1
    assert refused.stderr.startswith("BOOKINGOFFICE_DEBUG='perhaps' is not understood")
    assert "Traceback" not in refused.stderr


def test_a_server_that_does_not_answer_is_told_in_a_sentence() -> None:
    nowhere = dict.fromkeys(("DATABASE_URL", "DATABASE_OWNER_URL"), "postgresql://u@/d?host=/nowhere")
    with empty_folder() as folder:
        refused = command(folder, "up", "--port", "1024", **nowhere)

    assert refused.returncode == 1
    assert refused.stderr.startswith("The database does not answer")
    assert "Traceback" not in refused.stderr
