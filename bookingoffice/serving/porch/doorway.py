"""One connection. Uvicorn reads and writes it; a read whose head came before, but for values in its query, goes past the parser."""

from __future__ import annotations

import asyncio
import logging
from typing import IO, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from bookingoffice.serving.porch.answers import BROKEN, PLAIN, Made
from bookingoffice.serving.porch.asgi import HEAD, LEAVE, READS
from bookingoffice.serving.porch.heads import Head, head_of
from bookingoffice.serving.porch.reads import Reads
from bookingoffice.serving.porch.repeats import Repeat
from bookingoffice.serving.porch.sending import Tired, send_file, written

LONGEST_HEAD: Final = 64 * 1024  # bytes
HEAD_PATIENCE: Final = 30.0  # seconds in which a head must be there
TOO_LONG: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
CLOSE: Final = b"onnection: close\r\n"
log = logging.getLogger(__name__)


class Doorway(HttpToolsProtocol):
    """`_between` messages is where the parser may be gone past. While it is gone past, the connection is `_busy`, and what comes
    meanwhile is kept `_early`.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._reads: Reads = self.app_state[READS]
        self._host = self.client[0] if self.client else ""
        self._between, self._busy, self._last = True, False, False
        self._early = b""
        self._head: Head | None = None
        self._head_length = self._unread = 0
        self._head_due: asyncio.TimerHandle | None = self._expect_head()
        self._used_at = self.loop.time()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_is_there()
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._busy:
            self._early += data
            self.flow.pause_reading()
            return
        head = head_of(data) if self._between and (self.cycle is None or self.cycle.response_complete) else None
        known = self._reads.known(head, self._host) if head else None
        if known:
            self._go_past(known)
        else:
            self._parse(data, head)

    def _go_past(self, known: Repeat) -> None:
        """The timer of a resting connection is left as it is: to set it anew each time costs a tenth of a read."""
        self._busy = True
        if self._head_due:
            self._head_is_there()
            self._rest(self.timeout_keep_alive)
        self._reads.again(known, self._leave)

    def _parse(self, data: bytes, head: Head | None) -> None:
        self._head = head
        super().data_received(data)
        if self._between or self.transport.is_closing() or self._head_due is None:
            return
        self._head_length += len(data)
        if self._head_length > LONGEST_HEAD:
            self.transport.write(TOO_LONG)
            self.transport.close()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._between, self._head_length = False, 0
        self._head_due = self._head_due or self._expect_head()
        self.scope["state"][LEAVE] = self.transport.abort

    def on_headers_complete(self) -> None:
        self._head_is_there()
        if self._head and self.parser.should_keep_alive() and not self.parser.should_upgrade():
            self.scope["state"][HEAD] = self._head
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._between = True

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing() and self in self.connections:
            self._rest(self.timeout_keep_alive)  # or who never reads the last answer would keep it here

    def _expect_head(self) -> asyncio.TimerHandle:
        return self.loop.call_later(HEAD_PATIENCE, self.transport.abort)

    def _head_is_there(self) -> None:
        if self._head_due:
            self._head_due.cancel()
            self._head_due = None

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
        with file:
            try:
                await send_file(file, self._write)
            except Tired:
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
        self._busy, self._used_at = False, self.loop.time()
        if self._last:
            self.transport.close()
        if self._early and not self.transport.is_closing():
            early, self._early = self._early, b""
            self.flow.resume_reading()
            self.data_received(early)

    def shutdown(self) -> None:
        """Called where the server ends: what is being answered still is."""
        if self._busy:
            self._last = True
        else:
            super().shutdown()

    def timeout_keep_alive_handler(self) -> None:
        """Who has not read the answer yet has as long again, if any of it was taken meanwhile."""
        unread, self._unread = self._unread, self.transport.get_write_buffer_size()
        rested = self.loop.time() - self._used_at
        if self._busy or rested < self.timeout_keep_alive:
            self._rest(self.timeout_keep_alive - (0 if self._busy else rested))
        elif not self._unread:
            super().timeout_keep_alive_handler()
        elif self._unread == unread:
            self.transport.abort()
        else:
            self._rest(self.timeout_keep_alive)

    def _rest(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)
