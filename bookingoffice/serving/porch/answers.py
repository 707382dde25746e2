"""One request's answer: made by one thread or by the event loop, or given up, whichever comes first."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Callable, Iterable
from contextvars import copy_context
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from bookingoffice.awaiting import AT_ONCE
from bookingoffice.chunked import Application
from bookingoffice.throttled import TURNED_AWAY, TurnedAway

IN_MEMORY: Final = 1024 * 1024
QUEUE_PATIENCE: Final = 10.0  # seconds a request waits for a thread
OVERLOADED: Final = TurnedAway(503, "The server is busy.", 1)
PIECE: Final = 256 * 1024
READER_PATIENCE: Final = 60.0  # seconds a reader may leave a piece of a long answer unread
BROKEN: Final = b"Something went wrong on our side.\n"
PLAIN: Final = [("content-type", "text/plain; charset=utf-8")]
log = logging.getLogger(__name__)
Headers = list[tuple[str, str]]
Rest = tuple[int, Headers, IO[bytes]]
Parts = Iterable[bytes]


class Answer:
    """`done` is set in the event loop when the answer has left, or when nobody is there to read it.

    Whatever is long is made whole before its first byte leaves. So a slow reader holds neither a thread nor a transaction, and an
    export that breaks off is an error, never a shorter file.
    """

    __slots__ = ("_application", "_begun", "_environ", "_heard", "_loop", "_protocol", "_sending", "context", "done")

    def __init__(self, application: Application, environ: Callable[[], dict[str, Any]], protocol: Any) -> None:
        self._application = application
        self._environ = environ
        self._protocol = protocol
        self._loop = asyncio.get_running_loop()
        self._begun = threading.Lock()
        self._sending: asyncio.Task[None] | None = None
        self._heard: tuple[str, Headers] = ("500", PLAIN)
        self.context = copy_context()
        self.done: asyncio.Future[None] = self._loop.create_future()

    def begin(self) -> bool:
        """Whether this caller is the first to take it up."""
        return self._begun.acquire(blocking=False)

    def __call__(self) -> None:
        """In a thread."""
        if self.begin():
            self.make(self.parts)

    def make(self, parts: Callable[[], Parts]) -> None:
        """In a thread, of what `parts` gives."""
        rest = None
        try:
            rest = self._sent(parts)
        finally:
            self._loop.call_soon_threadsafe(self._go_on, rest)

    def make_here(self, parts: Callable[[], Parts]) -> None:
        """In the event loop, where `parts` waits for nothing."""
        self._go_on(self._sent(parts))

    def bound_the_wait(self) -> None:
        """For one who does not get a thread, or a link, at once. Who has waited long enough is turned away without one."""
        timer = self._loop.call_later(QUEUE_PATIENCE, self._give_up)
        self.done.add_done_callback(lambda _: timer.cancel())

    def _give_up(self) -> None:
        if self.begin():
            self.turn_away(OVERLOADED)

    def turn_away(self, why: TurnedAway) -> asyncio.Future[None]:
        """In the event loop, as such an answer asks nobody."""
        self.make_here(lambda: self._parts({TURNED_AWAY: why}))
        return self.done

    def parts(self) -> Parts:
        """As the application answers."""
        return self._parts({})

    def parts_at_once(self, application: Application) -> Parts:
        """What there is without waiting; the rest waits in what comes back."""
        return application(self._environ() | {AT_ONCE: True}, self._hear)

    def _parts(self, more: dict[str, Any]) -> Parts:
        return self._application(self._environ() | more, self._hear)

    def _hear(self, status: str, headers: Headers, *_: object) -> None:
        self._heard = status, headers

    def _sent(self, parts: Callable[[], Parts]) -> Rest | None:
        """What is still to be sent; a short answer has left already."""
        try:
            body = _joined(parts())
            status, headers = int(self._heard[0][:3]), self._heard[1]
        except Exception:
            log.exception("Unforeseen")
            status, headers, body = 500, PLAIN, BROKEN
        if isinstance(body, bytes):
            self._protocol.response_bytes(status, headers, body)
            return None
        return status, headers, body

    def _go_on(self, rest: Rest | None) -> None:
        if rest is not None:
            self._sending = self._loop.create_task(_send(self._protocol, *rest))
            self._sending.add_done_callback(lambda _: self._go_on(None))
        elif not self.done.done():  # cancelled, where the server ends
            self.done.set_result(None)


def _joined(parts: Parts) -> bytes | IO[bytes]:
    try:
        return b"".join(parts) if isinstance(parts, list) else _whole(parts)
    finally:
        if callable(close := getattr(parts, "close", None)):
            close()


def _whole(parts: Parts) -> bytes | IO[bytes]:
    kept = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - a long one is handed on
    for part in parts:
        kept.write(part)
    length = kept.tell()
    kept.seek(0)
    if length > IN_MEMORY:
        return kept
    with kept:
        return kept.read()


async def _send(protocol: Any, status: int, headers: Headers, file: IO[bytes]) -> None:
    """Who stops reading is left."""
    with file:
        length = os.fstat(file.fileno()).st_size
        named = [pair for pair in headers if pair[0].lower() != "content-length"]
        transport = protocol.response_stream(status, [*named, ("content-length", str(length))])
        while piece := file.read(PIECE):
            try:
                async with asyncio.timeout(READER_PATIENCE):
                    await transport.send_bytes(piece)
            except (TimeoutError, RuntimeError):  # granian's ProtocolClosed is one of the latter
                return
