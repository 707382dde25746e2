"""The commands as processes: pipes in and out, exit codes, and a reader that has seen enough."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bookingoffice.accounts.models import Organization
from bookingoffice.database.scope import tenant_scope
from bookingoffice.database.server.folder import PROJECT
from coupons import services
from tests import databases
from tests.builders import FIFTEEN_PERCENT, NOON, TESTER, make_organization
from tests.serving import environment_for


def manage(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "manage.py", *arguments]
    environment = environment_for(databases.worker_database())
    return subprocess.run(command, input=given, capture_output=True, cwd=PROJECT, env=environment, timeout=60)


@pytest.fixture
def organization(committed_db: None) -> Organization:
    return make_organization()


def test_files_go_through_pipes_and_nothing_else_is_printed(organization):
    made = manage("import_coupons", given=b"code,percent\nA1,5\n")
    assert (made.returncode, made.stdout, made.stderr) == (0, b"1 coupon made, 0 changed.\n", b"")

    first = manage("export_coupons")
    again = manage("import_coupons", given=first.stdout)
    second = manage("export_coupons", "--format", "csv")

    assert (first.returncode, first.stderr) == (0, b"")
    assert again.stdout == b"0 coupons made, 0 changed, 1 as they were.\n"
    assert second.stdout == first.stdout != b""


def test_a_bad_file_ends_with_one_and_lines_on_stderr(organization):
    refused = manage("import_coupons", given=b"code,percent\nA1,5\nA2,x\n")

    assert refused.returncode == 1
    assert refused.stdout == b""
    assert refused.stderr.decode().splitlines() == [
        "stdin:3: percent: “x” is not a number such as 12.5. [not_a_number]",
        "CommandError: Nothing was imported: 1 fault.",
    ]
    assert manage("export_coupons").stdout.count(b"\n") == 1


def test_a_reader_that_leaves_early_is_no_accident(organization):
    rows = [{"code": f"A{number}", "definition": FIFTEEN_PERCENT, "description": "x" * 400} for number in range(1_000)]
    with tenant_scope(organization.pk):
        services.create_coupons(organization, rows, actor=TESTER, moment=NOON)
    command = [sys.executable, "manage.py", "export_coupons"]
    environment = environment_for(databases.worker_database())

    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=PROJECT, env=environment
    ) as exporting:
        assert exporting.stdout is not None
        assert exporting.stderr is not None
        assert exporting.stdout.readline().startswith(b"id,code,")
        exporting.stdout.close()
        told = exporting.stderr.read()

    assert (exporting.returncode, told) == (141, b"")


def test_a_wrong_use_of_a_command_ends_with_two(organization, tmp_path: Path):
    for number in ("0", "9" * 20):
        assert manage("import_coupons", "--most-faults", number).returncode == 2
    assert manage("export_coupons", os.fspath(tmp_path / "x.csv"), "--format", "ods").returncode == 2
