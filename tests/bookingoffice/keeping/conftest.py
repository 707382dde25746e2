"""Backups of this worker's database, and what the restorings leave beside it taken away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from bookingoffice.database.server.folder import DataFolder
from bookingoffice.keeping import databases
from tests.cluster import EXTERNAL, FOLDER
from tests.databases import administrator, worker_database

Run = Callable[..., str]


@pytest.fixture
def database(committed_db, settings, tmp_path) -> Iterator[str]:
    """Kept and restored on the run's server, with a data folder of the test's own."""
    if EXTERNAL:
        pytest.skip("reads every organization's rows, which only a superuser may")
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "cluster").symlink_to(FOLDER.socket_folder())
    settings.DATA = DataFolder(folder)
    yield worker_database()
    with closing(administrator()) as link:
        databases.drop(link, databases.replaced(worker_database()))
        databases.drop(link, databases.beside(worker_database()))


@pytest.fixture
def run(database) -> Run:
    def run(*arguments: object) -> str:
        printed = StringIO()
        call_command(*map(str, arguments), stdout=printed, stderr=printed)
        return printed.getvalue()

    return run


@pytest.fixture
def refusal(run) -> Run:
    def refusal(*arguments: object) -> str:
        with pytest.raises(CommandError) as refused:
            run(*arguments)
        assert refused.value.returncode == 1
        return str(refused.value)

    return refusal


@pytest.fixture
def file(run, tmp_path) -> Path:
    """A backup of what there is when it is asked for."""
    path = tmp_path / "office.backup"
    run("backup", path, "--no-verify")
    return path
