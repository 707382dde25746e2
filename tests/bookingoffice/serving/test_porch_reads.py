"""Reads that the event loop answers itself: no thread waits for them, and what goes wrong with one is that one's own answer."""

from __future__ import annotations

import asyncio
import json
import os
import random
import socket
import threading
import time
from contextvars import copy_context

import psycopg
import pytest

from bookingoffice.accounts import authentication
from bookingoffice.accounts.authentication import forget_keys
from bookingoffice.database import links, pipeline
from bookingoffice.database.link import Asked
from bookingoffice.serving.porch import reads
from bookingoffice.serving.porch.door import Porch
from bookingoffice.serving.porch.environs import environ_of
from bookingoffice.serving.porch.heads import head_of
from bookingoffice.wsgi import layered
from tests.bookingoffice.serving.test_porch import head
from tests.builders import make_coupon, make_key, make_organization

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def token(monkeypatch):
    """Of an organization with three coupons, remembered for longer than a test takes."""
    monkeypatch.setattr(authentication, "REMEMBERED_SECONDS", 600.0)
    forget_keys()
    organization = make_organization()
    for number in range(3):
        make_coupon(organization, f"C{number}", description=f"N{number}")
    return make_key(organization)


@pytest.fixture
def key(token):
    return f"Bearer {token}"


def unasked(environ, start_response):
    raise AssertionError("Django was asked")


def cut(link):
    with socket.socket(fileno=os.dup(link._socket)) as end:
        end.shutdown(socket.SHUT_RDWR)


class House:
    """Asks as a doorway does: past the parser, where a head came before."""

    def __init__(self, application, threads):
        self.porch = Porch(application, threads=threads, most=100, most_files=100)
        self.porch.open()

    async def ask(self, key, query="select=description&order=description", path="/v1/coupons", **headers):
        made = await self._made(head(path, "GET", query, host="testserver", authorization=key, **headers))
        return made.status, dict(made.headers), json.loads(made.body)

    async def _made(self, scope):
        made = asyncio.get_running_loop().create_future()
        lines = b"".join(b"%s: %s\r\n" % pair for pair in scope["headers"])
        asked = head_of(b"GET %s?%s HTTP/1.1\r\n%s\r\n" % (scope["raw_path"], scope["query_string"], lines))
        reads = self.porch.reads
        if asked and (known := reads.known(asked, "127.0.0.1")):
            reads.again(known, made.set_result)
        else:
            reads.take(environ_of(scope), made.set_result, asked)
        return await made


def asking(act, application=None, threads=2):
    async def run():
        house = House(application or layered(unasked), threads)
        return await asyncio.wait_for(act(house), 20)

    return asyncio.run(run())


def askers(monkeypatch):
    """The threads that ask PostgreSQL the ordinary way."""
    asked = []
    real = pipeline.read

    def noting(read, *, using="default"):
        asked.append(threading.current_thread().name)
        return real(read, using=using)

    monkeypatch.setattr("bookingoffice.awaiting.pipeline.read", noting)
    return asked


ROWS = [{"description": f"N{number}"} for number in range(3)]


def test_from_its_second_time_on_a_read_needs_no_thread(key, monkeypatch):
    asked = askers(monkeypatch)

    async def act(house):
        return [await house.ask(key) for _ in range(4)] + list(
            await asyncio.gather(*(house.ask(key) for _ in range(9)))
        )

    answers = asking(act)

    assert [answer[0] for answer in answers] == [200] * 13
    assert [answer[2] for answer in answers] == [ROWS] * 13
    assert len(asked) == 1  # the first, whose key nobody knew
    assert len({answer[1]["X-Request-Id"] for answer in answers}) == 13


def test_values_of_one_shape_share_a_shortcut_and_no_answer(key):
    async def act(house):
        answers = [await house.ask(key, f"select=description&description=eq.N{turn % 4}") for turn in range(12)]
        return answers, [known for known in house.porch.reads._repeats._kept.values() if known]

    answers, kept = asking(act)

    assert [answer[2] for answer in answers] == [ROWS[turn % 4 : turn % 4 + 1] for turn in range(12)]
    assert len(kept) == 1


def test_many_at_once_of_two_organizations_hear_their_own(key):
    other = make_organization("Stranger")
    make_coupon(other, "C1", description="N1")
    keys = {"ours": key, "theirs": f"Bearer {make_key(other)}"}
    draw = random.Random(7)
    asked = [(draw.choice(["ours", "theirs"]), draw.randrange(5), draw.choice(["", "&limit=1"])) for _ in range(300)]

    async def act(house):
        questions = (
            house.ask(keys[whose], f"select=description&description=eq.N{number}{end}") for whose, number, end in asked
        )
        return [await house.ask(each) for each in keys.values()], await asyncio.gather(*questions)

    _, answers = asking(act)

    there = {"ours": {0, 1, 2}, "theirs": {1}}
    for (whose, number, _), (status, _, rows) in zip(asked, answers, strict=True):
        assert (status, rows) == (200, [{"description": f"N{number}"}] if number in there[whose] else [])


class Hurried:
    """A clock by which a key is due a moment after it was found to be known."""

    def __init__(self):
        self.now = 1000.0

    def monotonic(self):
        self.now += 0.36
        return self.now


def test_a_key_that_is_due_meanwhile_is_not_looked_up_in_the_loop(key, monkeypatch):
    monkeypatch.setattr(authentication, "REMEMBERED_SECONDS", 1.0)

    async def act(house):
        await house.ask(key)
        monkeypatch.setattr(authentication, "time", Hurried())
        forget_keys()
        return [
            await house.ask(key, f"select=description&order=description&limit={3 + turn % 4}") for turn in range(40)
        ]

    assert [(answer[0], answer[2]) for answer in asking(act)] == [(200, ROWS)] * 40


def test_a_refusal_by_the_database_is_an_answer_and_the_next_one_is_served(key):
    async def act(house):
        await house.ask(key)
        return await asyncio.gather(*(house.ask(key, query) for query in ("id=eq.none", "limit=1") * 4))

    answers = asking(act, threads=1)

    assert [answer[0] for answer in answers] == [400, 200] * 4
    assert {answer[2]["code"] for answer in answers[::2]} == {"22P02"}


def test_who_lost_the_connection_is_asked_again_by_a_thread(key, monkeypatch):
    asked = askers(monkeypatch)

    async def act(house):
        await house.ask(key)
        await house.ask(key)
        asked.clear()
        [link] = house.porch.reads._links._idle
        cut(link)
        return await house.ask(key), await house.ask(key)

    lost, after = asking(act)

    assert (lost[0], after[0]) == (200, 200)
    assert lost[2] == after[2] == ROWS
    assert [name[:4] for name in asked] == ["hand"]


def test_where_no_link_can_be_made_threads_answer(key, monkeypatch):
    def refuse():
        raise psycopg.OperationalError("too many connections")

    monkeypatch.setattr(links, "_connected", refuse)

    async def act(house):
        return await asyncio.gather(*(house.ask(key) for _ in range(6)))

    assert [answer[2] for answer in asking(act)] == [ROWS] * 6


def test_a_long_answer_is_finished_by_a_thread(key, monkeypatch):
    monkeypatch.setattr(reads, "LONG", 10)
    made: list[str] = []
    real = reads.Answer.make

    def make(*given):
        made.append(threading.current_thread().name)
        real(*given)

    monkeypatch.setattr(reads.Answer, "make", make)

    async def act(house):
        return [await house.ask(key) for _ in range(3)]

    assert [answer[2] for answer in asking(act)] == [ROWS] * 3
    assert [name[:4] for name in made] == ["hand"] * 3


def test_a_long_answer_does_not_wait_for_those_who_wait(key, monkeypatch):
    monkeypatch.setattr(reads, "LONG", 10)
    held = threading.Event()

    async def act(house):
        first = await house.ask(key)
        for _ in range(2):
            house.porch.hands.give(lambda: held.wait(10))
        try:
            return first, await asyncio.wait_for(house.ask(key), 5)
        finally:
            held.set()

    assert [answer[2] for answer in asking(act, threads=2)] == [ROWS] * 2


def test_a_thread_may_be_there_before_the_loop_has_left(key, monkeypatch):
    monkeypatch.setattr(reads, "LONG", 10)

    def give(task):
        thread = threading.Thread(target=task)
        thread.start()
        thread.join(5)

    async def act(house):
        first = await house.ask(key)
        monkeypatch.setattr(house.porch.reads._packing, "give", give)
        return first, await asyncio.wait_for(house.ask(key), 5)

    assert [answer[2] for answer in asking(act)] == [ROWS] * 2


def test_who_waits_too_long_for_a_link_is_turned_away_and_not_asked_for(key, monkeypatch):
    monkeypatch.setattr("bookingoffice.serving.porch.patience.PATIENCE", 0.1)
    held = threading.Event()
    monkeypatch.setattr(links, "_connected", lambda: held.wait(5))

    async def act(house):
        first = await house.ask(key)  # by a thread: nobody knows the key
        return first, await house.ask(key)

    first, late = asking(act)
    held.set()

    assert first[0] == 200
    assert (late[0], late[1]["Retry-After"], late[2]["code"]) == (503, "1", "53300")


def test_what_is_unforeseen_is_an_answer(key, monkeypatch, caplog):
    def broken(environ, start_response):
        raise ZeroDivisionError

    async def act(house):
        return await house._made(head("/v1/coupons", "GET", "", host="testserver", authorization=key))

    assert asking(act, broken).status == 500
    assert "ZeroDivisionError" in caplog.text


def test_a_slow_read_keeps_nobody_else_waiting(key, monkeypatch):
    """With one link it does: the control."""

    def taking(threads):
        async def act(house):
            await asyncio.gather(*(house.ask(key) for _ in range(4)))
            sleep = pipeline.Query(b"SELECT pg_sleep(1)")
            organization_id = next(iter(authentication._remembered.values())).caller.organization_id
            told = asyncio.get_running_loop().create_future()
            slow = Asked(pipeline.Read(organization_id, [sleep]), told.set_result, copy_context())
            house.porch.reads._links.ask(slow)
            begun = time.perf_counter()
            await house.ask(key)
            return time.perf_counter() - begun

        return asking(act, threads=threads)

    assert taking(2) < 0.5 < taking(1)
