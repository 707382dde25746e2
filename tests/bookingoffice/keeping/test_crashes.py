"""A restoring that is killed in the middle: what was there is there, and the next try succeeds."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import psycopg

from bookingoffice.database.addresses import KEEPER_VARIABLE, SERVING_VARIABLE
from bookingoffice.database.server.bootstrap import superuser
from bookingoffice.database.server.cluster import SUPERUSER
from bookingoffice.database.server.folder import PROJECT
from bookingoffice.keeping.databases import beside
from tests.bookingoffice.keeping.rows import TABLES, everything
from tests.builders import make_coupon, make_organization
from tests.cluster import FOLDER
from tests.serving import address_of, environment_for


def begun(database, file):
    """On a server that was given by its addresses, in a process of its own."""
    keeper = {KEEPER_VARIABLE: address_of(database, SUPERUSER, SERVING_VARIABLE)}
    words = [sys.executable, str(PROJECT / "manage.py"), "restore", str(file), "--replace"]
    return subprocess.Popen(words, env=environment_for(database) | keeper, cwd="/")


def tables_beside(database):
    try:
        with superuser(FOLDER.socket_folder(), beside(database)) as link:
            return len(link.execute(TABLES).fetchall())
    except psycopg.OperationalError:
        return 0


def test_a_restoring_that_is_killed_changes_nothing(database, run, file):
    make_coupon(make_organization("Lakeside"))
    before = everything(database)
    process = begun(database, file)
    while tables_beside(database) < 10:
        assert process.poll() is None
        time.sleep(0.002)

    os.kill(process.pid, signal.SIGKILL)
    process.wait()

    assert everything(database) == before
    assert begun(database, file).wait() == 0
    assert everything(database)["coupons"] == []
