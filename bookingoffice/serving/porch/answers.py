"""One request's answer: made by one thread, or given up by the event loop, whichever comes first."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterable
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from bookingoffice.chunked import Application

IN_MEMORY: Final = 1024 * 1024
PIECE: Final = 256 * 1024
BROKEN: Final = b"Something went wrong on our side.\n"
PLAIN: Final = [("content-type", "text/plain; charset=utf-8")]
log = logging.getLogger(__name__)
Headers = list[tuple[str, str]]


class Answer:
    """`done` is set in the event loop when the answer is made: to the file that is still to be sent, or to None.

    Whatever is long is made whole before its first byte leaves. So a slow reader holds neither a thread nor a transaction, and an
    export that breaks off is an error, never a shorter file.
    """

    def __init__(self, application: Application, environ: dict[str, Any], protocol: Any) -> None:
        self._application = application
        self._environ = environ
        self._protocol = protocol
        self._loop = asyncio.get_running_loop()
        self._begun = threading.Lock()
        self.done: asyncio.Future[tuple[int, Headers, IO[bytes]] | None] = self._loop.create_future()

    def begin(self) -> bool:
        """Whether this caller is the first to take it up."""
        return self._begun.acquire(blocking=False)

    def __call__(self) -> None:
        if self.begin():
            rest = None
            try:
                rest = self.make()
            finally:
                self._loop.call_soon_threadsafe(self._tell, rest)

    def make(self) -> tuple[int, Headers, IO[bytes]] | None:
        try:
            status, headers, body = self._made()
        except Exception:
            log.exception("Unforeseen")
            status, headers, body = 500, PLAIN, BROKEN
        if isinstance(body, bytes):
            self._protocol.response_bytes(status, headers, body)
            return None
        return status, headers, body

    def _tell(self, rest: tuple[int, Headers, IO[bytes]] | None) -> None:
        if not self.done.done():  # cancelled, where the server ends
            self.done.set_result(rest)

    def _made(self) -> tuple[int, Headers, bytes | IO[bytes]]:
        heard: list[tuple[str, Headers]] = []
        parts = self._application(self._environ, lambda status, headers, *_: heard.append((status, headers)))
        try:
            body = b"".join(parts) if isinstance(parts, list) else _whole(parts)
        finally:
            if callable(close := getattr(parts, "close", None)):
                close()
        status, headers = heard[-1]
        return int(status[:3]), headers, body


def _whole(parts: Iterable[bytes]) -> bytes | IO[bytes]:
    kept = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - a long one is handed on
    for part in parts:
        kept.write(part)
    length = kept.tell()
    kept.seek(0)
    if length > IN_MEMORY:
        return kept
    with kept:
        return kept.read()
