"""One connection, byte by byte: what goes past the parser is answered as what goes through it, and in turn."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import threading
from contextlib import asynccontextmanager
from tempfile import TemporaryFile

import pytest
import uvloop
from uvicorn import Config
from uvicorn.server import ServerState

from bookingoffice.serving.porch import line as lines
from bookingoffice.serving.porch import reads, sending
from bookingoffice.serving.porch.door import Porch
from bookingoffice.serving.porch.doorway import Doorway
from bookingoffice.serving.porch.heads import head_of
from bookingoffice.wsgi import layered
from tests.bookingoffice.serving.test_porch_reads import ROWS, token

__all__ = ["token"]

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def key(token):
    return token


def django(environ, start_response):
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Path", environ["PATH_INFO"])])
    return [body or b"django"]


def waiting_for(release):
    """An application that answers when it is set."""

    def slow(environ, start_response):
        release.wait(10)
        return django(environ, start_response)

    return slow


class Place:
    """A listening server; `past` counts the reads that went past the parser."""

    def __init__(self, port, state, house):
        self.port, self.state, self.house, self.past = port, state, house, 0

    async def call(self, own="127.0.0.1"):
        return Line(*await asyncio.open_connection("127.0.0.1", self.port, local_addr=(own, 0)))


class Line:
    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    def send(self, *parts):
        self.writer.write(b"".join(parts))

    async def hear(self, *, bodiless=False):
        """Status, headers, body; None where the line is at its end."""
        head = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), 10)
        first, *lines = head.decode("latin-1").split("\r\n")[:-2]
        headers = dict(line.split(": ", 1) for line in lines)
        length = 0 if bodiless else int(headers.get("content-length", 0))
        return int(first.split(" ")[1]), headers, await asyncio.wait_for(self.reader.readexactly(length), 10)

    async def all_until_its_end(self):
        return await asyncio.wait_for(self.reader.read(), 5)

    async def is_at_its_end(self, within=5):
        try:
            return await asyncio.wait_for(self.reader.read(1), within) == b""
        except ConnectionResetError:
            return True


@asynccontextmanager
async def listening(keep_alive=75, application=None, most=1000):
    porch = Porch(application or layered(django), threads=2, most=most, most_files=1000)
    porch.open()
    config = Config(porch, ws="none", interface="asgi3", log_config=None, timeout_keep_alive=keep_alive)
    config.proxy_headers = False
    config.load()
    state, loop = ServerState(), asyncio.get_running_loop()
    place = Place(0, state, porch)

    class Counted(Doorway):
        def _go_past(self, known):
            place.past += 1
            super()._go_past(known)

    server = await loop.create_server(lambda: Counted(config, state, {"reads": porch.reads}), "127.0.0.1", 0)
    server.sockets[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    place.port = server.sockets[0].getsockname()[1]
    try:
        yield place
    finally:
        server.close()


def asking(act, **settings):
    async def run():
        async with listening(**settings) as place:
            return await asyncio.wait_for(act(place), 30)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(run())


def get(key, query="select=description&order=description", path="/v1/coupons", more="", version="1.1"):
    lines = f"GET {path}?{query} HTTP/{version}\r\nHost: testserver\r\nAuthorization: Bearer {key}\r\n{more}\r\n"
    return lines.encode()


async def known(line, key, **given):
    """Asked twice, a read is known."""
    for _ in range(2):
        line.send(get(key, **given))
        await line.hear()


def test_what_goes_past_the_parser_is_answered_as_what_goes_through_it(key):
    async def act(place):
        line = await place.call()
        answers = []
        for _ in range(5):
            line.send(get(key))
            answers.append(await line.hear())
        return answers, place.past

    answers, past = asking(act)

    assert past == 3
    for status, headers, body in answers:
        assert (status, json.loads(body)) == (200, ROWS)
        assert headers.keys() == answers[0][1].keys()
    assert len({answer[1]["x-request-id"] for answer in answers}) == 5
    own = ("x-request-id", "date", "ratelimit")
    told = [{name: value for name, value in headers.items() if name not in own} for _, headers, _ in answers]
    assert told == [told[0]] * 5


def test_another_value_goes_past_too_and_another_header_does_not(key):
    async def act(place):
        line = await place.call()
        await known(line, key, query="select=description&description=eq.N1")
        line.send(get(key, query="select=description&description=eq.N2"))
        other = await line.hear()
        past = place.past
        line.send(get(key, query="select=description&description=eq.N2", more="Accept: text/csv\r\n"))
        return other, past, await line.hear(), place.past

    other, past, csv, after = asking(act)

    assert (json.loads(other[2]), past) == (ROWS[2:], 1)
    assert (csv[2], after) == (b"description\nN2", 1)


def test_what_names_a_request_on_its_way_does_not_make_its_head_another_one(key):
    """A proxy names each, and still they are known; the name comes back where it is one."""

    def named(number):
        names = f"X-Request-Id: request-number-{number}\r\nTraceparent: 00-{number}-01\r\n"
        return get(key, more=names if number % 2 else names.lower())

    async def act(place):
        line = await place.call()
        heard = []
        for number in (1, 1, 1, 3, 5, 2, 2, 4):
            line.send(named(number))
            heard.append((await line.hear())[1]["x-request-id"])
        line.send(get(key, more="X-Request-Id: short\r\nTraceparent: 00-1-01\r\n"))
        return heard, (await line.hear())[1]["x-request-id"], place.past

    heard, unnamed, past = asking(act)

    assert heard == [f"request-number-{number}" for number in (1, 1, 1, 3, 5, 2, 2, 4)]
    assert (len(unnamed), past) == (36, 7)


@pytest.mark.parametrize(
    "more",
    [
        "X-Request-Id: request-one\r\nX-Request-Id: request-two\r\n",
        "X-Request-Id: request-one\r\n folded\r\n",
        "X-Request-Id: request one\r\n",
    ],
    ids=["two", "folded", "with a blank"],
)
def test_an_odd_name_of_a_request_is_left_to_the_parser(key, more):
    async def act(place):
        line = await place.call()
        await known(line, key)
        line.send(get(key, more=more))
        status, headers, _ = await line.hear()
        return status, headers.get("x-request-id", ""), place.past

    status, name, past = asking(act)

    assert past == 0
    assert status == 400 or len(name) == 36


def test_a_folded_line_is_not_torn_from_its_beginning(key):
    """Or it would belong to the line before."""
    folded = head_of(get(key, more="X-Request-Id: request-one\r\n folded\r\n"))
    plain = head_of(get(key, more="X-Request-Id: request-one\r\nX-Next: folded\r\n"))

    assert folded is not None
    assert plain is not None
    assert (b"request-one" in folded.rest, b"request-one" in plain.rest) == (True, False)
    assert (folded.request_id, plain.request_id) == ("", "request-one")


def test_a_key_of_another_is_not_answered_with_what_is_known(key):
    async def act(place):
        line = await place.call()
        await known(line, key)
        line.send(get("nobodys"))
        refused = await line.hear()
        line.send(get(key))
        return refused[0], (await line.hear())[0]

    assert asking(act) == (401, 200)


@pytest.mark.parametrize("size", [1, 7, 60])
def test_a_head_in_pieces_is_put_together(key, size):
    async def act(place):
        line = await place.call()
        await known(line, key)
        asked = get(key)
        for at in range(0, len(asked), size):
            line.send(asked[at : at + size])
            await line.writer.drain()
            await asyncio.sleep(0.0005)
        return await line.hear(), place.past

    answer, past = asking(act)

    assert (json.loads(answer[2]), past) == (ROWS, 0)


def test_a_whole_head_behind_a_broken_one_belongs_to_it(key):
    """Or a caller could hide one request in another."""

    async def act(place):
        line = await place.call()
        await known(line, key)
        line.send(b"POST /hidden HTTP/1.1\r\nHost: testserver\r\nContent-Length: %d\r\n\r\n" % len(get(key)))
        await asyncio.sleep(0.05)
        line.send(get(key))
        return await line.hear(), place.past

    (_, headers, body), past = asking(act)

    assert (headers["x-path"], body, past) == ("/hidden", get(key), 0)


def test_a_whole_head_inside_another_one_belongs_to_it(key):
    async def act(place):
        line = await place.call()
        asked = get(key, more="X-More: 1\r\n")
        for _ in range(2):
            line.send(asked)
            await line.hear()
        line.send(b"GET /hidden HTTP/1.1\r\nX-Long: ")
        await asyncio.sleep(0.05)
        line.send(asked)
        return (await line.hear())[1].get("x-path"), place.past

    assert asking(act) == ("/hidden", 0)


def test_two_heads_in_one_piece_are_two_however_often_they_come(key):
    async def act(place):
        line = await place.call()
        await known(line, key)
        heard = []
        for _ in range(4):
            line.send(get(key), get(key, query="select=description&limit=0"))
            heard.append([json.loads((await line.hear())[2]) for _ in range(2)])
        return heard

    assert asking(act) == [[ROWS, []]] * 4


def test_from_another_address_a_head_is_another_one(key):
    """Limits are an address's own, and so is what is written down of it."""

    async def act(place):
        line = await place.call()
        await known(line, key)
        other = await place.call("127.0.0.2")
        other.send(get(key))
        await other.hear()
        before = place.past
        line.send(get(key))
        await line.hear()
        return before, place.past

    assert asking(act) == (0, 1)


def test_what_comes_before_its_turn_is_answered_in_turn(key):
    queries = [f"select=description&description=eq.N{number % 3}" for number in range(12)]

    async def act(place):
        line = await place.call()
        await known(line, key, query=queries[0])
        line.send(get(key, query=queries[0]))
        await asyncio.sleep(0)
        line.send(*(get(key, query=query) for query in queries[1:6]))
        for query in queries[6:]:
            line.send(get(key, query=query))
            await asyncio.sleep(0.001)
        return [json.loads((await line.hear())[2]) for _ in queries], place.past

    answers, past = asking(act)

    assert answers == [ROWS[number % 3 : number % 3 + 1] for number in range(12)]
    assert past >= 1


def test_mixed_with_what_django_answers(key):
    async def act(place):
        line = await place.call()
        await known(line, key)
        heard = []
        line.send(get(key), get(key, path="/elsewhere"), get(key))
        heard += [(await line.hear())[2] for _ in range(3)]
        line.send(b"POST /v9 HTTP/1.1\r\nHost: testserver\r\nContent-Length: 2\r\n\r\nab")
        heard.append((await line.hear())[2])
        line.send(get(key))
        return [*heard, (await line.hear())[2]], place.past

    heard, past = asking(act)

    rows = json.dumps(ROWS).replace(" ", "").encode()
    assert [body.replace(b" ", b"").replace(b"\n", b"") for body in heard] == [rows, b"django", rows, b"ab", rows]
    assert past == 1


@pytest.mark.parametrize(("more", "version"), [("Connection: close\r\n", "1.1"), ("", "1.0")])
def test_who_wants_the_connection_closed_gets_that_every_time(key, more, version):
    async def act(place):
        ends = []
        for _ in range(3):
            line = await place.call()
            line.send(get(key, more=more, version=version))
            ends.append(((await line.hear())[0], await line.is_at_its_end()))
        return ends, place.past

    assert asking(act) == ([(200, True)] * 3, 0)


@pytest.mark.parametrize(
    "query",
    ["limit=1#part", "limit=1 ", "limit=\x01", "limit=\xe9", ""],
    ids=["fragment", "blank", "control", "foreign letter", "query in a fragment"],
)
def test_an_address_that_the_parser_must_judge_is_left_to_it(key, query):
    async def act(place):
        statuses = []
        for _ in range(4):
            line = await place.call()
            line.send(get(key, query=query) if query else get(key, path="/v1/coupons#part", query="limit=1"))
            statuses.append((await line.hear())[0])
        return statuses, place.past

    statuses, past = asking(act)

    assert past == 0
    assert statuses in ([200] * 4, [400] * 4)


def test_nonsense_behind_a_known_read_is_refused_after_its_answer(key):
    async def act(place):
        line = await place.call()
        await known(line, key)
        line.send(get(key))
        await asyncio.sleep(0)
        line.send(b"\x00nonsense\r\n\r\n")
        return (await line.hear())[0], (await line.hear())[0], await line.is_at_its_end()

    assert asking(act) == (200, 400, True)


def test_a_long_answer_leaves_in_pieces_and_the_next_one_follows(key, monkeypatch):
    monkeypatch.setattr(sending, "PIECE", 16)
    monkeypatch.setattr(reads, "LONG", 1)
    monkeypatch.setattr("bookingoffice.serving.porch.answers._joined", in_a_file)

    async def act(place):
        line = await place.call()
        await known(line, key)
        line.send(get(key), get(key))
        first = await line.hear()
        second = await line.hear()
        line.send(get(key))
        return first[2], second[2], (await line.hear())[2], place.past

    *bodies, past = asking(act)

    assert [json.loads(body) for body in bodies] == [ROWS] * 3
    assert past >= 1


def in_a_file(parts):
    file = TemporaryFile()  # noqa: SIM115 - it is handed on
    file.write(b"".join(parts))
    file.seek(0)
    return file


def held(monkeypatch):
    """Answers wait until it is set."""
    release = threading.Event()
    real = reads.Answer.make

    def make(*given):
        release.wait(10)
        real(*given)

    monkeypatch.setattr(reads, "LONG", 1)
    monkeypatch.setattr(reads.Answer, "make", make)
    return release


def test_where_the_server_ends_what_is_being_answered_still_is(key, monkeypatch):
    async def act(place):
        line, idle = await place.call(), await place.call()
        await known(line, key)
        release = held(monkeypatch)
        line.send(get(key))
        await asyncio.sleep(0.1)
        for connection in list(place.state.connections):
            connection.shutdown()
        at_rest = await idle.is_at_its_end()
        release.set()
        return at_rest, (await line.hear())[0], await line.is_at_its_end(), place.past

    assert asking(act) == (True, 200, True, 1)


def test_who_leaves_before_the_answer_harms_nobody(key, monkeypatch, caplog):
    async def act(place):
        line = await place.call()
        await known(line, key)
        release = held(monkeypatch)
        line.send(get(key))
        await asyncio.sleep(0.1)
        line.writer.transport.abort()
        await asyncio.sleep(0.1)
        release.set()
        other = await place.call()
        other.send(get(key))
        status = (await other.hear())[0]
        return status, len(place.state.connections)

    assert asking(act) == (200, 1)
    assert not caplog.records


def test_who_leaves_in_the_middle_of_many_questions_harms_nobody(monkeypatch, caplog):
    release = threading.Event()

    async def act(place):
        line = await place.call()
        line.send(b"GET /x HTTP/1.1\r\nHost: testserver\r\n\r\n" * 3)
        await asyncio.sleep(0.1)
        line.writer.transport.abort()
        await asyncio.sleep(0.1)
        release.set()
        await asyncio.sleep(0.2)
        return len(place.state.connections), len(place.state.tasks)

    assert asking(act, application=waiting_for(release)) == (0, 0)
    assert not caplog.records


def test_a_head_has_an_end(key):
    async def act(place):
        line = await place.call()
        line.send(b"GET / HTTP/1.1\r\n", *(f"X-{number}: {'a' * 1000}\r\n".encode() for number in range(100)))
        return (await line.hear())[0], await line.is_at_its_end()

    assert asking(act) == (431, True)


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nX-Slow: "])
def test_who_does_not_finish_a_head_is_left(monkeypatch, begun):
    """However busily its bytes come."""
    monkeypatch.setattr(lines, "HEAD_PATIENCE", 0.3)

    async def act(place):
        line = await place.call()
        line.send(begun)
        while begun and place.state.connections:
            line.send(b"a")
            await asyncio.sleep(0.02)
        return await line.is_at_its_end()

    assert asking(act)


def test_a_head_that_is_there_is_not_hurried(key, monkeypatch):
    monkeypatch.setattr(lines, "HEAD_PATIENCE", 0.2)

    async def act(place):
        line = await place.call()
        await known(line, key)
        other = await place.call()
        other.send(get(key))
        heard = [await other.hear()]
        await asyncio.sleep(0.5)
        for each in (line, other):
            each.send(get(key))
            heard.append(await each.hear())
        return [status for status, _, _ in heard]

    assert asking(act) == [200] * 3


def test_a_connection_rests_for_as_long_as_it_may_and_no_longer(key):
    async def act(place):
        line = await place.call()
        await known(line, key)
        for _ in range(5):
            await asyncio.sleep(0.4)
            line.send(get(key))
            await line.hear()
        began = asyncio.get_running_loop().time()
        return await line.is_at_its_end(), asyncio.get_running_loop().time() - began, place.past

    ended, seconds, past = asking(act, keep_alive=1)

    assert (ended, past) == (True, 5)
    assert 0.5 < seconds < 3


def test_who_never_reads_the_answers_is_left(monkeypatch, caplog):
    monkeypatch.setattr(sending, "READER_PATIENCE", 0.5)

    def long(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"x" * 1_000_000]

    async def act(place):
        called = [await place.call() for _ in range(3)]
        for line, (asked, more) in zip(called, ((8, b""), (20, b""), (1, b"Connection: close\r\n")), strict=True):
            line.writer.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            line.writer.transport.pause_reading()
            line.send(b"GET /x HTTP/1.1\r\nHost: testserver\r\n%s\r\n" % more * asked)
        await asyncio.sleep(0.3)
        there = len(place.state.connections)
        await asyncio.sleep(4)
        return there, len(place.state.connections)

    assert asking(act, keep_alive=1, application=long) == (3, 0)
    assert not caplog.records


def test_a_header_that_would_break_the_head_is_an_error(key, monkeypatch, caplog):
    async def act(place):
        line = await place.call()
        await known(line, key)
        monkeypatch.setattr("bookingoffice.shortcuts.headers_of_answer", lambda _: [("X-A", "1\r\nX-B: 2")])
        line.send(get(key))
        return await line.hear()

    status, headers, _ = asking(act)

    assert (status, "x-b" in headers) == (500, False)
    assert "line break" in caplog.text
    assert re.search("ValueError", caplog.text)
