"""What the web server calls for each request. Callers may be slow here: waiting for them costs memory, never a thread."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any, Final, Self

from django.conf import settings

from bookingoffice.chunked import Application
from bookingoffice.database.links import Links
from bookingoffice.datafiles.admin.uploading import ENVELOPE
from bookingoffice.datafiles.uploads import LARGEST
from bookingoffice.front import PREFIXES
from bookingoffice.serving.porch.answers import Answer, Give, Made
from bookingoffice.serving.porch.asgi import HEAD, LEAVE, READS, Receive, Scope, Send
from bookingoffice.serving.porch.bodies import TARRIED, Left, Tarried, take_in
from bookingoffice.serving.porch.environs import bodiless, environ_of
from bookingoffice.serving.porch.hands import Hands
from bookingoffice.serving.porch.patience import Patience
from bookingoffice.serving.porch.reads import Reads
from bookingoffice.serving.porch.sending import Tired, send_made
from bookingoffice.throttled import TurnedAway
from bookingoffice.watching.ticking import ticker

FILES: Final = "/admin/"
LATE: Final = TurnedAway(408, TARRIED)


class Porch:
    """An ASGI application over a WSGI one. `most` bytes of a body are taken anywhere, `most_files` where files are handed in."""

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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
            return
        made = asyncio.get_running_loop().create_future()
        if await self._take(scope, receive, partial(_hand_over, made)):
            try:
                await send_made(await made, send)
            except Tired:
                scope["state"][LEAVE]()

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        """From the first request to behind the last."""
        await receive()
        self.open()
        scope["state"][READS] = self.reads
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await asyncio.to_thread(ticker.end)  # here, as the web server ends its process by a signal
        await send({"type": "lifespan.shutdown.complete"})

    def open(self) -> None:
        """In the process and the event loop that serve."""
        links = Links(asyncio.get_running_loop(), self._threads)
        self.hands, self.patience = Hands(self._threads), Patience()
        self.reads = Reads(self._application, links, self.hands, self.patience)

    async def _take(self, scope: Scope, receive: Receive, give: Give) -> bool:
        """Whether there will be an answer. Most requests have no body, so there is nothing else to wait for."""
        environ = environ_of(scope)
        if "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ:
            return await self._with_body(environ, receive, give)
        if scope["method"] == "GET" and environ["PATH_INFO"].startswith(PREFIXES):
            self.reads.take(environ, give, scope["state"].get(HEAD))
        else:
            self._hand_in(Answer(self._application, partial(bodiless, environ), give))
        return True

    async def _with_body(self, environ: dict[str, Any], receive: Receive, give: Give) -> bool:
        most = self._most_files if environ["PATH_INFO"].startswith(FILES) else self._most
        answer = Answer(self._application, lambda: environ, give)
        try:
            await take_in(environ, receive, most)
        except Left:
            return False
        except Tarried:
            answer.turn_away(LATE)
        else:
            self._hand_in(answer)
        return True

    def _hand_in(self, answer: Answer) -> None:
        if self.hands.waiting:
            self.patience.bound(answer)
        self.hands.give(answer)


def _hand_over(waits: asyncio.Future[Made], made: Made) -> None:
    if not waits.done():  # cancelled, where the server ends
        waits.set_result(made)
