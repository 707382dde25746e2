"""Slow callers cost memory, never a thread; what is too slow, too much or broken is told in the shape of its address."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from contextlib import ExitStack
from typing import Any
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

import pytest

from bookingoffice.serving.porch import door, sending
from bookingoffice.serving.porch.answers import Made
from bookingoffice.serving.porch.bodies import Tarried, take_in
from bookingoffice.serving.porch.door import Porch
from bookingoffice.serving.porch.environs import environ_of
from bookingoffice.throttled import Admitted
from tests.builders import make_key, make_organization

SLOW_CALLERS = 40
"""Far more than the server has threads."""


class Caller:
    """What the web server hands over: a body whose pieces come `every` so many seconds, and where the answer goes."""

    def __init__(self, *pieces, every=0.0, breaks_off=False):
        self.pieces, self.every, self.breaks_off = list(pieces), every, breaks_off
        self.answer: Any = None
        self.sent: list[bytes] = []
        self.left = False

    async def receive(self):
        await asyncio.sleep(self.every)
        if self.left or (self.breaks_off and not self.pieces):
            return {"type": "http.disconnect"}
        piece = self.pieces.pop(0) if self.pieces else b""
        return {"type": "http.request", "body": piece, "more_body": bool(self.pieces) or self.breaks_off}

    async def send(self, message):
        if message["type"] == "http.response.start":
            headers = [(name.decode(), value.decode()) for name, value in message["headers"]]
            assert all(name == name.lower() for name, _ in headers)
            self.answer = message["status"], dict(headers), None
        else:
            self.sent.append(message["body"])
            status, headers, _ = self.answer
            self.answer = status, headers, b"".join(self.sent)

    def leave(self):
        self.left = True


def head(path="/v1/coupons", method="POST", query="", **headers):
    named = [
        (name.replace("0", "_").replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()
    ]
    return {
        "type": "http",
        "method": method,
        "raw_path": quote(path).encode(),
        "query_string": query.encode(),
        "client": ("127.0.0.1", 5000),
        "server": ("::1", 8000),
        "scheme": "http",
        "headers": named,
        "state": {},
    }


def asked(application, *callers, threads=1, most=100, path="/v1/coupons", method="POST", **headers):
    """All at once, through one porch."""

    async def ask(porch, caller):
        scope = head(path, method, **headers)
        scope["state"]["leave"] = caller.leave
        await porch(scope, caller.receive, caller.send)

    async def run():
        porch = Porch(Admitted(application), threads=threads, most=most, most_files=most)
        porch.open()
        await asyncio.gather(*(ask(porch, caller) for caller in callers))

    asyncio.run(run())
    return [caller.answer for caller in callers]


def echo(environ, start_response):
    body = environ["wsgi.input"].read()
    start_response("201 Created", [("x-length", environ.get("CONTENT_LENGTH", ""))])
    return [body]


def test_a_body_is_whole_before_a_thread_is_asked():
    [answer] = asked(echo, Caller(b"ab", b"c", every=0.01), content_length="3")

    assert answer == (201, {"x-length": "3", "content-length": "3"}, b"abc")


def test_a_body_in_chunks_gets_a_length():
    [answer] = asked(echo, Caller(b"ab", b"c"), transfer_encoding="chunked")

    assert answer == (201, {"x-length": "3", "content-length": "3"}, b"abc")


@pytest.mark.parametrize("headers", [{"content_length": "101"}, {"transfer_encoding": "chunked"}])
def test_of_a_body_that_is_too_long_no_more_is_read_than_tells_so(headers):
    caller = Caller(b"x" * 60, b"x" * 60, b"never read")

    [(_, told, body)] = asked(echo, caller, **headers)

    assert int(told["x-length"]) > 100
    assert len(body) in (0, 120)


@pytest.mark.parametrize("headers", [{"content_length": "50"}, {"transfer_encoding": "chunked"}])
def test_a_body_that_breaks_off_is_not_acted_on(headers):
    acted = []

    def act(environ, start_response):
        acted.append(environ)
        return echo(environ, start_response)

    assert asked(act, Caller(b"abc", breaks_off=True), **headers) == [None]
    assert asked(act, Caller(breaks_off=True), **headers) == [None]
    assert acted == []


def test_a_slow_body_is_not_waited_for_longer_than_its_length_deserves():
    async def arrive(length, every, patience):
        environ = {"CONTENT_LENGTH": str(length)} if length else {"HTTP_TRANSFER_ENCODING": "chunked"}
        await take_in(environ, Caller(b"a", b"b", b"c", every=every).receive, 100, patience)
        return environ["wsgi.input"].read()

    assert asyncio.run(arrive(3, 0.01, 5)) == b"abc"
    for length in (3, None):
        with pytest.raises(Tarried):
            asyncio.run(arrive(length, 0.2, 0.1))


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/v1/coupons", {"code": "PGRST102", "details": None, "hint": None, "message": door.LATE.sentence}),
        ("/hyperline/v1/coupons", {"statusCode": 408, "type": "timeout", "message": door.LATE.sentence}),
    ],
)
def test_who_sends_too_slowly_is_told_in_the_shape_of_the_address(monkeypatch, path, told):
    monkeypatch.setattr("bookingoffice.serving.porch.door.take_in", lambda *_: _tarry())

    [(status, headers, body)] = asked(echo, Caller(), path=path, content_length="3")

    assert (status, json.loads(body), headers["connection"]) == (408, told, "close")


async def _tarry():
    raise Tarried


def test_who_waits_too_long_for_a_thread_is_turned_away_without_one(monkeypatch):
    monkeypatch.setattr("bookingoffice.serving.porch.patience.PATIENCE", 0.05)
    held = threading.Event()

    def slow(environ, start_response):
        held.wait(0.5)
        return echo(environ, start_response)

    answers = asked(slow, Caller(), Caller(), Caller())

    assert sorted(status for status, _, _ in answers) == [201, 503, 503]
    refused = next(answer for answer in answers if answer[0] == 503)
    assert refused[1]["retry-after"] == "1"
    assert json.loads(refused[2])["code"] == "53300"


def test_an_unforeseen_error_is_an_answer_and_costs_no_thread(caplog):
    def broken(environ, start_response):
        raise ZeroDivisionError

    assert [status for status, _, _ in asked(broken, Caller(), Caller())] == [500, 500]
    assert "ZeroDivisionError" in caplog.text


def test_a_long_answer_is_made_whole_before_its_first_byte_leaves():
    closed = []

    class Parts:
        def __iter__(self):
            return iter([b"x" * 700_000] * 2)

        def close(self):
            closed.append(True)

    def long(environ, start_response):
        start_response("200 OK", [("x-kind", "long")])
        return Parts()

    caller = Caller()
    [(status, headers, _)] = asked(long, caller)

    assert (status, headers, closed) == (200, {"x-kind": "long", "content-length": "1400000"}, [True])
    assert sum(map(len, caller.sent)) == 1_400_000


def test_an_answer_that_breaks_off_is_an_error():
    def breaking(environ, start_response):
        start_response("200 OK", [])
        yield b"x" * 2_000_000
        raise ValueError

    [(status, _, body)] = asked(breaking, Caller())

    assert (status, body) == (500, b"Something went wrong on our side.\n")


def test_a_reader_who_stops_reading_is_left(monkeypatch):
    monkeypatch.setattr(sending, "READER_PATIENCE", 0.05)

    class Stopped(Caller):
        async def send(self, message):
            if self.sent:
                await asyncio.sleep(5)
            await super().send(message)

    def long(environ, start_response):
        start_response("200 OK", [])
        return [b"x" * 700_000] * 2

    caller = Stopped()
    asked(lambda *given: iter(long(*given)), caller)

    assert caller.left
    assert sum(map(len, caller.sent)) == sending.PIECE


@pytest.mark.parametrize(("status", "length"), [("200 OK", "3"), ("204 No Content", None), ("304 Not Modified", None)])
def test_a_length_is_said_of_a_body_and_not_where_there_can_be_none(status, length):
    def told(environ, start_response):
        start_response(status, [("Content-Length", "3")])
        return [b"abc"] if length else []

    [(_, headers, _)] = asked(told, Caller())

    assert headers.get("content-length") == length


def test_a_header_that_would_end_before_its_end_is_not_written():
    made = Made(200, [("X-A", "1\r\nX-B: 2")], b"")

    with pytest.raises(ValueError, match="line break"):
        sending.written(made)
    assert sending.written(Made(200, [("X-A", "1")], b"ab")) == b"x-a: 1\r\ncontent-length: 2\r\n"


def test_the_head_is_written_as_wsgi_writes_it():
    scope = head("/é/x", "GET", "q=ü")
    pairs = [("cookie", "a=1"), ("cookie", "b=2"), ("x-a", "1"), ("x-a", "2"), ("x_forwarded_for", "6.6.6.6")]
    scope["headers"] = [(name.encode(), value.encode()) for name, value in pairs]

    environ = environ_of(scope)

    assert environ["PATH_INFO"].encode("latin-1").decode() == "/é/x"
    assert environ["QUERY_STRING"].encode("latin-1").decode() == "q=ü"
    assert (environ["HTTP_COOKIE"], environ["HTTP_X_A"]) == ("a=1;b=2", "1,2")
    assert (environ["REMOTE_ADDR"], environ["SERVER_NAME"], environ["SERVER_PORT"]) == ("127.0.0.1", "[::1]", "8000")
    assert "HTTP_X_FORWARDED_FOR" not in environ  # with underscores it is not the header that a proxy wrote


def test_many_who_send_a_byte_now_and_then_keep_nobody_waiting(live_url):
    """The control: these callers really hold a request each, none of which is answered."""
    token = make_key(make_organization())
    place = urlsplit(live_url)
    start = f"POST /v1/coupons HTTP/1.1\r\nHost: {place.netloc}\r\nAuthorization: Bearer {token}\r\nContent-Length: 50\r\n\r\n["
    with ExitStack() as stack:
        slow = [
            stack.enter_context(socket.create_connection((place.hostname, place.port))) for _ in range(SLOW_CALLERS)
        ]
        for caller in slow:
            caller.sendall(start.encode())

        asked = Request(f"{live_url}/v1/coupons?limit=1", headers={"Authorization": f"Bearer {token}"})
        with urlopen(asked, timeout=10) as answer:
            assert answer.status == 200

        for caller in slow:
            caller.settimeout(0.01)
            with pytest.raises(TimeoutError):
                caller.recv(1)
