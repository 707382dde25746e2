"""Reads that the event loop asks by itself: each hears its own rows, whatever becomes of the others and of the connection."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar, copy_context

import psycopg
import pytest
from django.db import connections

from bookingoffice.database import links, watched
from bookingoffice.database.batches import Query
from bookingoffice.database.link import Asked
from bookingoffice.database.links import Links
from bookingoffice.database.pipeline import Read
from bookingoffice.records import uuid7

pytestmark = pytest.mark.usefixtures("committed_db")

WHOSE = ContextVar("whose", default="nobody's")
WHERE = Query(b"SELECT current_setting('bookingoffice.organization_id'), pg_backend_pid()::text, $1", ["?"])
WRONG = Query(b"SELECT $1::uuid", ["no uuid"])
LATE = Query(b"SELECT pg_sleep(0.3), pg_backend_pid()::text")


def where(word):
    return Query(WHERE.text, [word])


class Asking:
    """A loop's links, and what everybody heard, in the order in which it was told."""

    def __init__(self, loop, most):
        self.links = Links(loop, most)
        self.loop = loop
        self.heard = []

    def ask(self, query, organization_id=None, begin=lambda: True):
        answered = self.loop.create_future()

        def told(outcome):
            self.heard.append(outcome)
            answered.set_result(outcome)

        self.left = self.links.ask(Asked(Read(organization_id or uuid7(), [query]), told, copy_context(), begin))
        return answered


def asking(act, most=2):
    async def run():
        return await asyncio.wait_for(act(Asking(asyncio.get_running_loop(), most)), 20)

    return asyncio.run(run())


def terminate(pid):
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [int(pid)])
    finally:
        connections["default"].close()


def test_everybody_hears_his_own_rows_in_his_own_scope():
    async def act(house):
        owners = [uuid7() for _ in range(20)]
        outcomes = await asyncio.gather(*(house.ask(where(str(place)), owner) for place, owner in enumerate(owners)))
        return owners, [rows[0] for rows in outcomes]

    owners, rows = asking(act)

    assert [row[0].decode() for row in rows] == [str(owner) for owner in owners]
    assert [row[2].decode() for row in rows] == [str(place) for place in range(20)]
    assert 1 <= len({row[1] for row in rows}) <= 2


def test_the_word_is_spoken_in_the_context_of_the_one_who_asked():
    async def act(house):
        heard = []

        def ask(name):
            answered = house.loop.create_future()
            WHOSE.set(name)
            trips = watched.counted_anew()

            def told(outcome):
                heard.append((WHOSE.get(), trips.number))
                answered.set_result(outcome)

            house.links.ask(Asked(Read(uuid7(), [where(name)]), told, copy_context()))
            return answered

        await asyncio.gather(*(copy_context().run(ask, name) for name in ("a", "b", "c")))
        return heard

    assert sorted(asking(act, most=1)) == [("a", 1), ("b", 1), ("c", 1)]


def test_who_finds_no_link_free_waits_in_turn_and_who_left_is_not_asked_for():
    async def act(house):
        first = house.ask(LATE)
        waiting = [house.ask(where("gone"), begin=lambda: False), house.ask(where("second")), house.ask(where("third"))]
        await first
        await asyncio.gather(*waiting[1:])
        return [rows[0][-1] for rows in house.heard[1:]], waiting[0].done()

    assert asking(act, most=1) == ([b"second", b"third"], False)


def test_what_postgresql_refuses_is_told_and_leaves_nothing_behind():
    async def act(house):
        [(before,)] = [rows[:1] for rows in [await house.ask(where("before"))]]
        refused = await house.ask(WRONG)
        after = await asyncio.gather(*(house.ask(where("after")) for _ in range(3)))
        return before, refused, after

    before, refused, after = asking(act, most=1)

    assert isinstance(refused, psycopg.errors.InvalidTextRepresentation)
    assert {rows[0][1] for rows in after} == {before[1]}  # the same connection


def test_one_who_waits_is_served_after_one_who_was_refused():
    async def act(house):
        await house.ask(where("first"))
        return await asyncio.gather(house.ask(WRONG), house.ask(where("second")), house.ask(WRONG), house.ask(LATE))

    refused, rows, again, late = asking(act, most=1)

    assert isinstance(refused, psycopg.Error)
    assert isinstance(again, psycopg.Error)
    assert rows[0][2] == b"second"
    assert late[0][1] == rows[0][1]


def test_a_connection_that_ends_while_it_rests_is_replaced():
    async def act(house):
        rows = await house.ask(where("before"))
        await asyncio.to_thread(terminate, rows[0][1])
        while house.links._idle:
            await asyncio.sleep(0.01)
        return rows[0][1], (await house.ask(where("after")))[0]

    pid, after = asking(act, most=1)

    assert after[2] == b"after"
    assert after[1] != pid


def test_a_connection_that_ends_at_work_is_told_of_and_replaced():
    async def act(house):
        pid = (await house.ask(where("before")))[0][1]
        lost, waiting = house.ask(LATE), house.ask(where("after"))
        await asyncio.to_thread(terminate, pid)
        return await lost, await waiting

    lost, after = asking(act, most=1)

    assert isinstance(lost, psycopg.OperationalError)
    assert after[0][2] == b"after"


def test_where_no_connection_is_to_be_had_everybody_is_told_so(monkeypatch):
    def refuse():
        raise psycopg.OperationalError("nobody there")

    monkeypatch.setattr(links, "_connected", refuse)

    outcomes = asking(lambda house: asyncio.gather(*(house.ask(where("x")) for _ in range(5))))

    assert [str(outcome) for outcome in outcomes] == ["nobody there"] * 5


def test_a_long_question_and_a_long_answer_pass_in_pieces():
    long = "x" * 3_000_000

    async def act(house):
        return await asyncio.gather(*(house.ask(Query(b"SELECT $1 || $1", [long])) for _ in range(3)))

    assert [len(rows[0][0]) for rows in asking(act)] == [6_000_000] * 3


def test_a_read_writes_nothing():
    outcome = asking(lambda house: house.ask(Query(b"DELETE FROM coupons")))

    assert isinstance(outcome, psycopg.errors.ReadOnlySqlTransaction)


def test_an_answer_that_cannot_be_given_costs_no_link(caplog):
    async def act(house):
        def told(outcome):
            raise ZeroDivisionError

        house.links.ask(Asked(Read(uuid7(), [where("lost")]), told, copy_context()))
        return await house.ask(where("next"))

    assert asking(act, most=1)[0][2] == b"next"
    assert "ZeroDivisionError" in caplog.text


def test_what_cannot_be_written_costs_no_connection():
    unwritable = Query(WHERE.text, ["\ud800"])

    async def act(house):
        pid = (await house.ask(where("before")))[0][1]
        outcomes = await asyncio.gather(*(house.ask(unwritable) for _ in range(3_000)), house.ask(where("after")))
        return pid, outcomes

    pid, outcomes = asking(act, most=1)

    assert {type(outcome) for outcome in outcomes[:-1]} == {UnicodeEncodeError}
    assert outcomes[-1][0][1:] == (pid, b"after")


def test_what_a_pool_lost_is_prepared_no_more():
    async def act(house):
        for _ in range(3):
            await house.ask(where("kept"))
        lost = await house.ask(Query(b"DEALLOCATE ALL"))  # the COMMIT behind it too
        return lost, [await house.ask(where("again")) for _ in range(3)]

    lost, again = asking(act, most=1)

    assert isinstance(lost, psycopg.errors.InvalidSqlStatementName)
    assert [rows[0][2] for rows in again] == [b"again"] * 3
