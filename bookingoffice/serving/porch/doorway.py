"""One connection on which a read whose head came before, but for values in its query, goes past the parser."""

from __future__ import annotations

import asyncio
import logging
from typing import IO, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from bookingoffice.serving.porch.answers import BROKEN, PLAIN, Made
from bookingoffice.serving.porch.asgi import HEAD, READS
from bookingoffice.serving.porch.heads import Head, head_of
from bookingoffice.serving.porch.line import Line
from bookingoffice.serving.porch.reads import Reads
from bookingoffice.serving.porch.repeats import Repeat
from bookingoffice.serving.porch.sending import Tired, send_file, written

CLOSE: Final = b"onnection: close\r\n"
log = logging.getLogger(__name__)


class Doorway(Line):
    """What comes while it is busy is kept `_early`. After the `_last` answer nothing more is taken. Who does not read what was
    answered goes through the parser, which waits for that."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._reads: Reads = self.app_state[READS]
        self._host = self.client[0] if self.client else ""
        self._head: Head | None = None
        self._early = b""
        self._last = False

    def data_received(self, data: bytes) -> None:
        if self.busy:
            self._early += data
            self.flow.pause_reading()
            return
        head = head_of(data) if self.between and self._all_answered() and not self.flow.write_paused else None
        known = self._reads.known(head, self._host) if head else None
        if known:
            self._go_past(known)
        else:
            self._head = head
            super().data_received(data)

    def on_headers_complete(self) -> None:
        if self._head and self.parser.should_keep_alive() and not self.parser.should_upgrade():
            self.scope["state"][HEAD] = self._head
        super().on_headers_complete()

    def _go_past(self, known: Repeat) -> None:
        """The timer of a resting connection is left as it is: to set it anew each time costs a tenth of a read."""
        self.busy = True
        if self.head_is_there():
            self._rest(self.timeout_keep_alive)
        self._reads.again(known, self._leave)

    def _leave(self, made: Made) -> None:
        """The answer to what went past the parser."""
        try:
            head = self._head_of(made)
        except ValueError:
            log.exception("Unforeseen")
            made = Made(500, PLAIN, BROKEN)
            head = self._head_of(made)
        if isinstance(made.body, bytes):
            self._write_at_once(head, made.body)
            self._left()
        else:
            self._write_at_once(head)
            self._sending = self.loop.create_task(self._send_long(made.body))

    def _head_of(self, made: Made) -> bytes:
        headers = written(made)
        self._last = self._last or CLOSE in headers
        dated = [b"%s: %s\r\n" % pair for pair in self.server_state.default_headers]
        return b"".join([STATUS_LINE[made.status], *dated, headers, b"\r\n"])

    async def _send_long(self, file: IO[bytes]) -> None:
        try:
            with file:
                await send_file(file, self._write)
        except Exception as error:
            if not isinstance(error, Tired):
                log.exception("Unforeseen")
            self.transport.abort()
        self._left()

    async def _write(self, piece: bytes) -> None:
        if self.flow.write_paused:
            await self.flow.drain()
        if self.transport.is_closing():
            raise Tired
        self.transport.write(piece)

    def _write_at_once(self, *texts: bytes) -> None:
        """Who asked may be gone."""
        if not self.transport.is_closing():
            self.transport.writelines(texts)

    def _left(self) -> None:
        self.busy, self.used_at = False, self.loop.time()
        if self._last:
            self.transport.close()
        if self._early and not self.transport.is_closing():
            early, self._early = self._early, b""
            self.flow.resume_reading()
            self.data_received(early)

    def shutdown(self) -> None:
        """Called where the server ends: what is being answered still is."""
        if self.busy:
            self._last = True
        else:
            super().shutdown()
