"""What the web server calls for each request. Callers may be slow here: waiting for them costs memory, never a thread."""

from __future__ import annotations

import asyncio
import os
from typing import IO, Any, Final, Self

from django.conf import settings

from bookingoffice.chunked import Application
from bookingoffice.datafiles.admin.uploading import ENVELOPE
from bookingoffice.datafiles.uploads import LARGEST
from bookingoffice.serving.porch.answers import PIECE, Answer, Headers
from bookingoffice.serving.porch.bodies import TARRIED, Left, Tarried, take_in
from bookingoffice.serving.porch.environs import environ_of
from bookingoffice.serving.porch.hands import Hands
from bookingoffice.throttled import TURNED_AWAY, TurnedAway

QUEUE_PATIENCE: Final = 10.0  # seconds a request waits for a thread
READER_PATIENCE: Final = 60.0  # seconds a reader may leave a piece of a long answer unread
FILES: Final = "/admin/"
OVERLOADED: Final = TurnedAway(503, "The server is busy.", 1)
LATE: Final = TurnedAway(408, TARRIED)


class Porch:
    """A RSGI application over a WSGI one. `most` bytes of a body are taken anywhere, `most_files` where files are handed in."""

    def __init__(self, application: Application, *, threads: int, most: int, most_files: int) -> None:
        self._application = application
        self._threads = threads
        self._most = most
        self._most_files = most_files

    @classmethod
    def of(cls, application: Application, *, threads: int) -> Self:
        """With the bounds of the settings."""
        return cls(
            application, threads=threads, most=settings.DATA_UPLOAD_MAX_MEMORY_SIZE, most_files=LARGEST + ENVELOPE
        )

    def __rsgi_init__(self, loop: Any) -> None:
        """Called in the process that serves."""
        self._hands = Hands(self._threads)

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        environ = environ_of(scope)
        most = self._most_files if environ["PATH_INFO"].startswith(FILES) else self._most
        try:
            await take_in(environ, protocol, most)
        except Left:
            return
        except Tarried:
            environ[TURNED_AWAY] = LATE
        answer = Answer(self._application, environ, protocol)
        rest = await self._made(answer, environ)
        if rest is not None:
            await _send(protocol, *rest)

    async def _made(self, answer: Answer, environ: dict[str, Any]) -> tuple[int, Headers, IO[bytes]] | None:
        if TURNED_AWAY in environ:
            return answer.make()
        timer = self._timer(answer, environ) if self._hands.waiting else None
        self._hands.give(answer)
        rest = await answer.done
        if timer is not None:
            timer.cancel()
        return rest

    def _timer(self, answer: Answer, environ: dict[str, Any]) -> asyncio.TimerHandle:
        """For one who does not get a thread at once. Who has waited long enough is turned away without one."""

        def give_up() -> None:
            if answer.begin():
                environ[TURNED_AWAY] = OVERLOADED
                answer.done.set_result(answer.make())

        return asyncio.get_running_loop().call_later(QUEUE_PATIENCE, give_up)


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
