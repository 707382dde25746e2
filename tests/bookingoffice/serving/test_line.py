"""One connection: nothing that its caller does, or leaves undone, holds it for ever or fills the memory."""

from __future__ import annotations

import asyncio
import threading

import pytest

from bookingoffice.serving.porch import line as lines
from bookingoffice.serving.porch import sending
from tests.bookingoffice.serving.test_doorway import asking, get, held, in_a_file, known, waiting_for
from tests.bookingoffice.serving.test_porch_reads import token
from tests.builders import make_coupon, make_key, make_organization

__all__ = ["token"]

pytestmark = pytest.mark.usefixtures("committed_db")

HOST = b"Host: testserver\r\n"
CHUNKED = b"POST /x HTTP/1.1\r\n" + HOST + b"X-Forwarded-For: 9.9.9.9\r\nTransfer-Encoding: chunked\r\n\r\n"
TRAILERS = b"X-Forwarded-For: 1.1.1.1\r\nAuthorization: Bearer trailing\r\n"


@pytest.fixture
def key(token):
    return token


def heard_of(environ, start_response):
    """What an application is told of the caller."""
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain")])
    told = [environ.get(name, "-") for name in ("HTTP_X_FORWARDED_FOR", "HTTP_AUTHORIZATION")]
    return [" ".join([*told, body.decode()]).encode()]


@pytest.mark.parametrize("apart", [False, True])
def test_trailers_are_no_headers(apart):
    async def act(place):
        line = await place.call()
        line.send(CHUNKED, b"1\r\na\r\n")
        if apart:
            await asyncio.sleep(0.05)
        line.send(b"0\r\n", TRAILERS, b"\r\n")
        told = (await line.hear())[2]
        line.send(b"GET /x HTTP/1.1\r\n", HOST, b"X-Forwarded-For: 8.8.8.8\r\n\r\n")
        return told, (await line.hear())[2]

    assert asking(act, application=heard_of) == (b"9.9.9.9 - a", b"8.8.8.8 - ")


@pytest.mark.parametrize(
    "endless",
    [b"X-A: b\r\n" * 100, b"X-Long: " + b"a" * 1000],
    ids=["many trailers", "a long one"],
)
def test_trailers_have_an_end(endless):
    async def act(place):
        line = await place.call()
        line.send(CHUNKED, b"1\r\na\r\n0\r\n", endless)
        for _ in range(400):
            if not place.state.connections:
                break
            line.send(endless.removeprefix(b"X-Long: "))
            await asyncio.sleep(0.002)
        return len(place.state.connections), (await line.all_until_its_end())[:12]

    assert asking(act) == (0, b"HTTP/1.1 431")


def test_the_size_of_a_chunk_has_an_end():
    async def act(place):
        line = await place.call()
        line.send(CHUNKED, b"1;")
        for _ in range(400):
            if not place.state.connections:
                break
            line.send(b"a" * 1000)
            await asyncio.sleep(0.002)
        return len(place.state.connections), (await line.all_until_its_end())[:12]

    assert asking(act) == (0, b"HTTP/1.1 431")


def test_a_long_body_is_no_head():
    body = b"a" * 1_000_000

    async def act(place):
        line = await place.call()
        line.send(b"POST /x HTTP/1.1\r\n", HOST, b"Content-Length: %d\r\n\r\n" % len(body), body)
        whole = await line.hear()
        line.send(CHUNKED, *(b"3e8\r\n" + body[:1000] + b"\r\n" for _ in range(1000)), b"0\r\n\r\n")
        return whole[2], (await line.hear())[2]

    assert asking(act, most=2_000_000) == (body, body)


def test_noise_between_messages_holds_no_connection(key):
    async def act(place):
        line = await place.call()
        await known(line, key)
        for _ in range(20):
            if not place.state.connections:
                break
            line.send(b"\r\n")
            await asyncio.sleep(0.2)
        return len(place.state.connections), await line.is_at_its_end()

    assert asking(act, keep_alive=1) == (0, True)


def test_noise_between_messages_does_no_harm(key):
    async def act(place):
        line = await place.call()
        heard = []
        for _ in range(4):
            line.send(b"\r\n", get(key))
            heard.append((await line.hear())[0])
            line.send(b"\r\n")
            await asyncio.sleep(0.01)
        return heard

    assert asking(act) == [200] * 4


@pytest.mark.parametrize("drop", [b"a", b"a" * 5000], ids=len)
def test_the_rest_of_a_body_that_was_refused_holds_no_connection(drop):
    async def act(place):
        line = await place.call()
        line.send(b"POST /x HTTP/1.1\r\n", HOST, b"Content-Length: 99999999999\r\n\r\n")
        await line.hear()
        for _ in range(20):
            if not place.state.connections:
                break
            line.send(drop)
            await asyncio.sleep(0.2)
        return len(place.state.connections)

    assert asking(act, keep_alive=1) == 0


def test_known_reads_wait_until_their_answers_are_read(monkeypatch):
    monkeypatch.setattr(sending, "READER_PATIENCE", 0.5)
    organization = make_organization()
    for number in range(10):
        make_coupon(organization, f"C{number}", description="long " * 2000)
    key = make_key(organization)

    async def act(place):
        line = await place.call()
        await known(line, key)
        line.writer.transport.pause_reading()
        most, [connection] = 0, place.state.connections
        for _ in range(200):
            if connection.transport.is_closing():
                break
            most = max(most, connection.transport.get_write_buffer_size())
            line.send(get(key))
            await asyncio.sleep(0.02)
        return most, place.past > 1, len(place.state.connections)

    most, past, there = asking(act)

    assert 64 * 1024 < most < 512 * 1024
    assert (past, there) == (True, 0)


@pytest.mark.parametrize("behind", [b"\x00nonsense\r\n\r\n", b"GET / HTTP/1.1\r\n" + b"X-A: b\r\n" * 10_000], ids=len)
def test_nothing_is_said_in_the_middle_of_an_answer(behind):
    release = threading.Event()

    async def act(place):
        line = await place.call()
        line.send(b"GET /x HTTP/1.1\r\n", HOST, b"\r\n")
        await asyncio.sleep(0.1)
        line.send(behind)
        await asyncio.sleep(0.1)
        release.set()
        return await line.is_at_its_end()

    assert asking(act, application=waiting_for(release))


def test_an_answer_that_takes_long_is_not_cut_off_by_the_head_behind_it(monkeypatch):
    monkeypatch.setattr(lines, "HEAD_PATIENCE", 0.2)
    release = threading.Event()

    async def act(place):
        line = await place.call()
        line.send(b"GET /x HTTP/1.1\r\n", HOST, b"\r\nGET / HT")
        await asyncio.sleep(0.5)
        release.set()
        return (await line.hear())[2], await line.is_at_its_end()

    assert asking(act, application=waiting_for(release)) == (b"django", True)


def test_an_error_in_the_middle_of_a_long_answer_leaves_nobody_waiting(key, monkeypatch, caplog):
    async def broken(*given):
        raise OSError("no such file any more")

    async def act(place):
        line = await place.call()
        await known(line, key)
        release = held(monkeypatch)
        release.set()
        monkeypatch.setattr("bookingoffice.serving.porch.answers._joined", in_a_file)
        monkeypatch.setattr("bookingoffice.serving.porch.doorway.send_file", broken)
        line.send(get(key))
        try:
            await line.hear()
        except (asyncio.IncompleteReadError, ConnectionResetError):
            return len(place.state.connections)

    assert asking(act) == 0
    assert "Unforeseen" in caplog.text
