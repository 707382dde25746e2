"""What the web server calls for each request. Callers may be slow here: waiting for them costs memory, never a thread."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from functools import partial
from typing import Any, Final, Self

from django.conf import settings

from bookingoffice.chunked import Application
from bookingoffice.database.links import Links
from bookingoffice.datafiles.admin.uploading import ENVELOPE
from bookingoffice.datafiles.uploads import LARGEST
from bookingoffice.front import PREFIXES
from bookingoffice.serving.porch.answers import Answer
from bookingoffice.serving.porch.bodies import TARRIED, Left, Tarried, take_in
from bookingoffice.serving.porch.environs import bodiless, environ_of
from bookingoffice.serving.porch.hands import Hands
from bookingoffice.serving.porch.reads import Reads
from bookingoffice.throttled import TurnedAway

FILES: Final = "/admin/"
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
        self._reads = Reads(self._application, Links(loop, self._threads), self._hands)

    def __rsgi__(self, scope: Any, protocol: Any) -> Awaitable[None]:
        """Most requests have no body, so there is nothing to wait for but the answer."""
        if "content-length" in scope.headers or "transfer-encoding" in scope.headers:
            return self._with_body(environ_of(scope), protocol)
        if scope.method == "GET" and scope.path.startswith(PREFIXES):
            return self._reads.take(scope, protocol)
        return self._answered(Answer(self._application, partial(bodiless, scope), protocol))

    async def _with_body(self, environ: dict[str, Any], protocol: Any) -> None:
        most = self._most_files if environ["PATH_INFO"].startswith(FILES) else self._most
        answer = Answer(self._application, lambda: environ, protocol)
        try:
            await take_in(environ, protocol, most)
        except Left:
            return
        except Tarried:
            await answer.turn_away(LATE)
        else:
            await self._answered(answer)

    def _answered(self, answer: Answer) -> asyncio.Future[None]:
        if self._hands.waiting:
            answer.bound_the_wait()
        self._hands.give(answer)
        return answer.done
