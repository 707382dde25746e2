"""How long a request waits for a thread, or for a link."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final

from bookingoffice.serving.porch.answers import Answer
from bookingoffice.throttled import TurnedAway

PATIENCE: Final = 10.0  # seconds
OVERLOADED: Final = TurnedAway(503, "The server is busy.", 1)


class Patience:
    """All wait equally long, so who came first is due first, and one timer does for them all."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[tuple[float, Answer]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    def bound(self, answer: Answer) -> None:
        """Who has waited long enough is turned away, without a thread."""
        while self._waiting and self._waiting[0][1].left:
            self._waiting.popleft()
        self._waiting.append((self._loop.time() + PATIENCE, answer))
        if self._timer is None:
            self._timer = self._loop.call_later(PATIENCE, self._look)

    def _look(self) -> None:
        self._timer, now = None, self._loop.time()
        while self._waiting and (self._waiting[0][1].left or self._waiting[0][0] <= now):
            _, answer = self._waiting.popleft()
            if answer.begin():
                answer.turn_away(OVERLOADED)
        if self._waiting:
            self._timer = self._loop.call_at(self._waiting[0][0], self._look)
