"""A dump restores under an empty search path, where a function behind a stored column is run again for every row."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from bookingoffice.database.scope import tenant_scope
from bookingoffice.database.server.account import Account
from bookingoffice.database.server.binaries import programs
from seasons.models import Season
from tests.builders import make_coupon, make_organization
from tests.cluster import EXTERNAL
from tests.databases import administrator, worker_database
from tests.seasons.builders import SUMMER, WINTER, expression

pytestmark = pytest.mark.skipif(EXTERNAL, reason="reads every organization's rows, which only a superuser may")

KEPT = "select name, value, slots from seasons order by id"
KEYS = "select code, code_key from coupons order by code"


@pytest.fixture
def restored() -> Iterator[str]:
    """The name of an empty database, given up afterwards."""
    name = f"{worker_database()}_restored"
    with closing(administrator()) as connection:
        connection.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(name)))
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        yield name
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.mark.usefixtures("committed_db")
def test_a_dump_restores_with_all_slots_and_keys(restored):
    organization = make_organization()
    with tenant_scope(organization.pk):
        for value in (expression(WINTER), expression(SUMMER), expression(), None):
            Season.objects.create(organization=organization, name={"default": "x"}, value=value)
    make_coupon(organization, "Été\u201310")

    dump = _run("pg_dump", worker_database())
    _run("psql", restored, "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", fed=dump)

    assert len(_read(restored, KEPT)) == 4
    assert _read(restored, KEPT) == _read(worker_database(), KEPT)
    assert _read(restored, KEYS) == _read(worker_database(), KEYS) == [("Été\u201310", "été10")]


def _address(database: str) -> dict[str, str]:
    with closing(administrator()) as connection:
        info = connection.info
        return {"host": info.host, "port": str(info.port), "username": info.user, "dbname": database}


def _run(program: str, database: str, *options: str, fed: bytes | None = None) -> bytes:
    address = [f"--{option}={value}" for option, value in _address(database).items()]
    path = programs(Account(os.geteuid(), os.getegid())) / program
    done = subprocess.run([str(path), *address, *options], input=fed, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def _read(database: str, statement: str) -> list[tuple[object, ...]]:
    address = _address(database)
    address["user"] = address.pop("username")
    with psycopg.connect(make_conninfo(**address)) as connection:
        return connection.execute(statement).fetchall()
