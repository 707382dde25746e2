"""A backup restored into another data folder, whose PostgreSQL has seen nothing of the first."""

from __future__ import annotations

import pytest

from bookingoffice.database.addresses import DATABASE_NAME
from bookingoffice.database.server.bootstrap import superuser
from bookingoffice.database.server.embedded import EmbeddedServer
from tests.bookingoffice.keeping.rows import everything
from tests.bookingoffice.serving.main_job import command, empty_folder
from tests.builders import make_coupon, make_organization, make_season, make_use
from tests.cluster import FOLDER, IN_A_HURRY

IDENTITY = "SELECT system_identifier FROM pg_control_system()"


@pytest.fixture
def elsewhere():
    """Held while the test lasts, so that its commands need not start a server each."""
    with empty_folder() as folder, EmbeddedServer(folder, IN_A_HURRY, durable=False):
        yield folder


@pytest.fixture
def lakeside(database):
    organization = make_organization("Lakeside", currency="EUR")
    for number in range(3):
        coupon = make_coupon(organization, f"Été–{number}", quota=5)
        for _ in range(number + 1):
            make_use(organization, coupon)
    make_season(organization)
    return organization


def identity(folder):
    with superuser(folder.socket_folder(), "postgres") as link:
        return link.execute(IDENTITY).fetchone()


def done(folder, *words):
    answer = command(folder, *words)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def test_all_rows_arrive_and_the_ledger_holds(database, lakeside, file, elsewhere):
    before = everything(database)

    told = done(elsewhere, "restore", str(file))

    after = everything(DATABASE_NAME, elsewhere)
    assert {table: len(rows) for table, rows in after.items()} == {table: len(rows) for table, rows in before.items()}
    assert after == before
    assert (len(after["coupons"]), len(after["coupon_uses"])) == (3, 6)
    assert identity(elsewhere) != identity(FOLDER)
    assert told.startswith("Restored: ")
    assert "agrees with the ledger. Organizations: 1." in done(elsewhere, "check_ledger")
    done(elsewhere, "check", "--database", "default")
