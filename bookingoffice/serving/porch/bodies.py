"""The body of a request, taken in whole before any thread is asked, and only from a caller who sends it in reasonable time."""

from __future__ import annotations

import asyncio
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from bookingoffice.serving.porch.asgi import Message, Receive

IN_MEMORY: Final = 1024 * 1024
PATIENCE: Final = 30.0  # seconds in which a small body must be there
SLOWEST: Final = 16 * 1024  # bytes a second; a larger body may take that much longer
TARRIED: Final = "The body did not arrive in time."


class Tarried(Exception):
    """The body comes too slowly to wait for its end."""


class Left(Exception):
    """The caller went before the body was whole: nothing is to be done, and nobody is there to be told."""


async def take_in(environ: dict[str, Any], receive: Receive, most: int, patience: float = PATIENCE) -> None:
    """Sets `wsgi.input` and the length. Of a body longer than `most` bytes nothing more is read than tells so; the
    application refuses it by its length. Raises Tarried and Left.
    """
    declared = _declared(environ)
    if declared == 0 or (declared is not None and declared > most):
        environ["wsgi.input"] = BytesIO()
        return
    environ["wsgi.input"], length = await _gathered(receive, most, patience)
    environ["CONTENT_LENGTH"] = str(length)


def _declared(environ: dict[str, Any]) -> int | None:
    """None for a body in chunks. The web server has refused a length that is no number."""
    length = environ.get("CONTENT_LENGTH")
    if length is None:
        return None if "HTTP_TRANSFER_ENCODING" in environ else 0
    return int(length)


async def _gathered(receive: Receive, most: int, patience: float) -> tuple[IO[bytes], int]:
    """What is longer than the memory's share goes to the disk, where the system's temporary files stand."""
    started = asyncio.get_running_loop().time()
    message = await _next(receive, started + patience)
    if not message["more_body"]:
        return BytesIO(message["body"]), len(message["body"])
    kept = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - it is handed on, and closed with the request
    try:
        length = kept.write(message["body"])
        while message["more_body"] and length <= most:
            message = await _next(receive, started + patience + length / SLOWEST)
            length += kept.write(message["body"])
    except (Tarried, Left):
        kept.close()
        raise
    kept.seek(0)
    return kept, length


async def _next(receive: Receive, deadline: float) -> Message:
    try:
        async with asyncio.timeout_at(deadline):
            message = await receive()
    except TimeoutError:
        raise Tarried from None
    if message["type"] == "http.disconnect":
        raise Left
    return message
