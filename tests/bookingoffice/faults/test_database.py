"""PostgreSQL has no connection left, or comes to no answer: 503 or 504 in every door's own shape, and all is well afterwards."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from psycopg import sql

from tests.bookingoffice.faults.doors import ask, doors
from tests.bookingoffice.faults.locking import locked
from tests.builders import make_coupon, make_key, make_organization
from tests.databases import administrator, worker_database


@pytest.fixture
def organization(committed_db):
    organization = make_organization("Lakeside", currency="EUR")
    make_coupon(organization)
    organization.key = make_key(organization)
    return organization


@contextmanager
def no_connections_left() -> Iterator[None]:
    """As at `max_connections`: nobody who serves gets one, and those that were there are gone."""
    limit = sql.SQL("ALTER DATABASE {} CONNECTION LIMIT {}")
    name = worker_database()
    with closing(administrator()) as link:
        link.execute(limit.format(sql.Identifier(name), sql.Literal(0)))
        link.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            yield
        finally:
            link.execute(limit.format(sql.Identifier(name), sql.Literal(-1)))


def test_no_connection_is_left(live_url, organization):
    for door in doors(organization.pk):
        assert ask(live_url, door.path, organization.key).status == 200

    with no_connections_left():
        for door in doors(organization.pk):
            for body, once in ((None, ""), (door.row(1), ""), (door.row(1), "k-1")):
                refused = ask(live_url, door.path, organization.key, body, once=once)
                assert (door.name, refused.status) == (door.name, 503)
                assert refused.headers["Retry-After"] == "1"
                assert len(door.sentence(refused.json)) > 10
        page = ask(live_url, "/admin/", cookie=f"sessionid={'a' * 32}")
        assert (page.status, page.headers["Retry-After"]) == (503, "5")
        assert b"The database does not answer" in page.body
        assert ask(live_url, "/healthz").status == 200
        assert ask(live_url, "/readyz").status == 503

    for door in doors(organization.pk):
        assert ask(live_url, door.path, organization.key, door.row(2)).status in (200, 201), door.name


def test_a_table_that_is_locked_holds_a_worker_only_so_long(live_url, organization):
    """The row grammar's own bound; the server has one worker, which answers somebody else right afterwards."""
    with locked("bookings"):
        begun = time.monotonic()
        refused = ask(live_url, "/v1/bookings", organization.key)
        assert ask(live_url, "/v1/products", organization.key).status == 200

    assert (refused.status, refused.json["code"]) == (504, "57014")
    assert 9 < time.monotonic() - begun < 25
    assert ask(live_url, "/v1/bookings", organization.key).status == 200
