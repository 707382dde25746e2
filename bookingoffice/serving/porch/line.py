"""One connection of uvicorn's, with an end to every wait for its caller: for a head, for the next one, for answers to be read.

What stands behind a body as trailers is no header of ours, whatever it is called.
"""

from __future__ import annotations

import asyncio
from typing import Final

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from bookingoffice.serving.porch.asgi import LEAVE

LONGEST_HEAD: Final = 64 * 1024  # bytes, and as many of whatever else is no body
HEAD_PATIENCE: Final = 30.0  # seconds in which a head must be there
TOO_LONG: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class Line(HttpToolsProtocol):
    """`between` messages is where the parser has nothing of the next one yet. Who goes past it is `busy`, and says when it was
    `used_at` last."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.between, self.busy = True, False
        self.used_at = self.loop.time()
        self._length = self._unread = 0
        self._head_due: asyncio.TimerHandle | None = self._expect_head()
        self._current: RequestResponseCycle | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        self.head_is_there()
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Noise between messages ends no rest."""
        self._length = len(data) + (0 if self.between else self._length)
        due = self.timeout_keep_alive_task
        super().data_received(data)
        if self.transport.is_closing():
            return
        if not self.between and self._length > LONGEST_HEAD:
            self._refuse()
        elif due and self.timeout_keep_alive_task is None and self._head_due is None and self._all_answered():
            self._rest(due.when() - self.loop.time())

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.between = False
        self._head_due = self._head_due or self._expect_head()
        self.scope["state"][LEAVE] = self._break_off

    def on_headers_complete(self) -> None:
        self.head_is_there()
        super().on_headers_complete()
        self.headers = []

    def on_body(self, body: bytes) -> None:
        self._length = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self.between, self._length = True, 0

    def send_400_response(self, msg: str) -> None:
        if self._may_speak():
            super().send_400_response(msg)
        else:
            self._break_off()

    def _refuse(self) -> None:
        if self._may_speak():
            self.transport.write(TOO_LONG)
            self.transport.close()
        else:
            self._break_off()

    def _may_speak(self) -> bool:
        """Where an answer is half said, or owed to a message before, what we say would be taken for it."""
        now = self._current
        return self._is_answered() or (
            now is self.cycle and now is not None and now.more_body and not now.response_started
        )

    def _is_answered(self) -> bool:
        return self._current is None or self._current.response_complete

    def _all_answered(self) -> bool:
        return not self.busy and (self.cycle is None or self.cycle.response_complete)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing() and self in self.connections:
            self._rest(self.timeout_keep_alive)  # or who never reads the last answer would keep it here

    def _expect_head(self) -> asyncio.TimerHandle:
        return self.loop.call_later(HEAD_PATIENCE, self._head_is_late)

    def _head_is_late(self) -> None:
        """The answer before it may still be leaving."""
        if self._is_answered():
            self.transport.abort()
        else:
            self._head_due = self._expect_head()

    def head_is_there(self) -> bool:
        """Whether it was waited for."""
        due, self._head_due = self._head_due, None
        if due:
            due.cancel()
        return due is not None

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        """Uvicorn knows the request that came last, which may not be the one that is being answered."""
        self._current = cycle
        super()._start_asgi_task(cycle, app)

    def _break_off(self) -> None:
        if self._current:
            self._current.disconnected = True
        self.transport.abort()

    def timeout_keep_alive_handler(self) -> None:
        """Who has not read the answer yet has as long again, if any of it was taken meanwhile."""
        unread, self._unread = self._unread, self.transport.get_write_buffer_size()
        rested = self.loop.time() - self.used_at
        if self.busy or rested < self.timeout_keep_alive:
            self._rest(self.timeout_keep_alive - (0 if self.busy else rested))
        elif not self._unread:
            super().timeout_keep_alive_handler()
        elif self._unread == unread:
            self.transport.abort()
        else:
            self._rest(self.timeout_keep_alive)

    def _rest(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)
