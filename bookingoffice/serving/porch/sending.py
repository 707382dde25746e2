"""How what was made leaves. Callers may read slowly: what they have not read yet costs memory or disk, never a thread."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import IO, Final

from bookingoffice.front import BODILESS
from bookingoffice.headers import Headers
from bookingoffice.serving.porch.answers import Made
from bookingoffice.serving.porch.asgi import Send

PIECE: Final = 256 * 1024
READER_PATIENCE: Final = 60.0  # seconds a reader may leave a piece of a long answer unread
LENGTH: Final = frozenset({"content-length", "Content-Length"})


class Tired(Exception):
    """A reader who stopped reading is left."""


async def send_made(made: Made, send: Send) -> None:
    """Raises Tired."""
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in measured(made)]

    async def part(piece: bytes) -> None:
        await send({"type": "http.response.body", "body": piece, "more_body": True})

    async with patience():
        await send({"type": "http.response.start", "status": made.status, "headers": headers})
        if isinstance(made.body, bytes):
            await send({"type": "http.response.body", "body": made.body})
            return
    with made.body as file:
        await send_file(file, part)
    await send({"type": "http.response.body", "body": b""})


async def send_file(file: IO[bytes], send: Callable[[bytes], Awaitable[None]]) -> None:
    """Raises Tired."""
    while piece := file.read(PIECE):
        async with patience():
            await send(piece)


@asynccontextmanager
async def patience() -> AsyncIterator[None]:
    """With one piece."""
    try:
        async with asyncio.timeout(READER_PATIENCE):
            yield
    except TimeoutError:
        raise Tired from None


def measured(made: Made) -> Headers:
    """With the length of the body, which may be said of one that HEAD leaves out, and not where there can be none."""
    said = not LENGTH.isdisjoint(dict(made.headers))
    if made.status not in BODILESS and said and isinstance(made.body, bytes):
        return made.headers
    others = [(name, value) for name, value in made.headers if name not in LENGTH]
    if made.status in BODILESS:
        return others
    length = len(made.body) if isinstance(made.body, bytes) else os.fstat(made.body.fileno()).st_size
    return [*others, ("content-length", str(length))]


def written(made: Made) -> bytes:
    """The headers as they stand on the wire. Raises ValueError for one that would end before its end."""
    headers = measured(made)
    text = "".join([f"{name.lower()}: {value}\r\n" for name, value in headers])
    if not text.count("\r") == text.count("\n") == len(headers):
        raise ValueError("A header holds a line break.")
    return text.encode("latin-1")
