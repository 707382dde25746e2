"""The body of a request, taken in whole before any thread is asked, and only from a caller who sends it in reasonable time."""

from __future__ import annotations

import asyncio
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import Any, Final

IN_MEMORY: Final = 1024 * 1024
PATIENCE: Final = 30.0  # seconds in which a small body must be there
SLOWEST: Final = 16 * 1024  # bytes a second; a larger body may take that much longer
TARRIED: Final = "The body did not arrive in time."


class Tarried(Exception):
    """The body comes too slowly to wait for its end."""


class Left(Exception):
    """The caller went before the body was whole: nothing is to be done, and nobody is there to be told."""


async def take_in(environ: dict[str, Any], protocol: Any, most: int, patience: float = PATIENCE) -> None:
    """Sets `wsgi.input` and the length. Of a body longer than `most` bytes nothing more is read than tells so; the
    application refuses it by its length. Raises Tarried and Left.

    A body in chunks that breaks off cannot be told from one that ends: the web server says the same of both.
    """
    declared = _declared(environ)
    if declared == 0 or (declared is not None and declared > most):
        environ["wsgi.input"] = BytesIO()
        return
    if declared is not None and declared <= IN_MEMORY:
        environ["wsgi.input"] = BytesIO(await _small(protocol, patience + declared / SLOWEST))
        return
    environ["wsgi.input"], length = await _gathered(protocol, most, patience)
    if declared is not None and length < declared:
        raise Left
    environ["CONTENT_LENGTH"] = str(length)


def _declared(environ: dict[str, Any]) -> int | None:
    """None for a body in chunks. The web server has refused a length that is no number."""
    length = environ.get("CONTENT_LENGTH")
    if length is None:
        return None if "HTTP_TRANSFER_ENCODING" in environ else 0
    return int(length)


async def _small(protocol: Any, patience: float) -> bytes:
    try:
        async with asyncio.timeout(patience):
            body: bytes = await protocol()
            return body
    except TimeoutError:
        raise Tarried from None
    except RuntimeError:  # granian's ProtocolClosed
        raise Left from None


async def _gathered(protocol: Any, most: int, patience: float) -> tuple[Any, int]:
    """What a file holds beyond the memory's share goes to the disk, where the system's temporary files stand."""
    kept, length = SpooledTemporaryFile(IN_MEMORY), 0  # noqa: SIM115 - it is handed on, and closed with the request
    now = asyncio.get_running_loop().time
    started = now()
    pieces = aiter(protocol)
    while length <= most:
        try:
            async with asyncio.timeout_at(started + patience + length / SLOWEST):
                piece = await anext(pieces, b"")
        except TimeoutError:
            kept.close()
            raise Tarried from None
        if not piece:
            break
        kept.write(piece)
        length += len(piece)
    kept.seek(0)
    return kept, length
