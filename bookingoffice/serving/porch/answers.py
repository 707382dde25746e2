"""One request's answer: made by one thread or by the event loop, or given up, whichever comes first."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable
from contextvars import copy_context
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final, NamedTuple

from bookingoffice.awaiting import AT_ONCE
from bookingoffice.chunked import Application
from bookingoffice.headers import Headers
from bookingoffice.throttled import TURNED_AWAY, TurnedAway

IN_MEMORY: Final = 1024 * 1024
BROKEN: Final = b"Something went wrong on our side.\n"
PLAIN: Final = [("content-type", "text/plain; charset=utf-8"), ("content-length", str(len(BROKEN)))]
log = logging.getLogger(__name__)
Parts = Iterable[bytes]


class Made(NamedTuple):
    """Whatever is long is made whole before its first byte leaves. So a slow reader holds neither a thread nor a transaction, and
    an export that breaks off is an error, never a shorter file.
    """

    status: int
    headers: Headers
    body: bytes | IO[bytes]


Give = Callable[[Made], object]


class Answer:
    """`send` is called once, in the event loop, with what was made; then the answer has `left`."""

    __slots__ = ("_application", "_begun", "_environ", "_heard", "_loop", "_send", "context", "left")

    def __init__(self, application: Application, environ: Callable[[], dict[str, Any]], send: Give) -> None:
        self._application = application
        self._environ = environ
        self._send = send
        self._loop = asyncio.get_running_loop()
        self._begun = threading.Lock()
        self._heard: tuple[str, Headers] = ("500", PLAIN)
        self.left = False
        self.context = copy_context()

    def begin(self) -> bool:
        """Whether this caller is the first to take it up."""
        return self._begun.acquire(blocking=False)

    def __call__(self) -> None:
        """In a thread."""
        if self.begin():
            self.make(self.parts)

    def make(self, parts: Callable[[], Parts]) -> None:
        """In a thread, of what `parts` gives."""
        self._loop.call_soon_threadsafe(self._leave, self._made(parts))

    def make_here(self, parts: Callable[[], Parts]) -> None:
        """In the event loop, where `parts` waits for nothing."""
        self._leave(self._made(parts))

    def turn_away(self, why: TurnedAway) -> None:
        """In the event loop, as such an answer asks nobody."""
        self.make_here(lambda: self._parts({TURNED_AWAY: why}))

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

    def _made(self, parts: Callable[[], Parts]) -> Made:
        try:
            body = _joined(parts())
            return Made(int(self._heard[0][:3]), self._heard[1], body)
        except Exception:
            log.exception("Unforeseen")
            return Made(500, PLAIN, BROKEN)

    def _leave(self, made: Made) -> None:
        self.left = True
        self._send(made)


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
