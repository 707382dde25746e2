"""Answers of WSGI applications that are not made yet when the application returns. Whoever iterates one waits there and then; a
server that sees what is waited for can do better.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from bookingoffice.database import pipeline
from bookingoffice.postgrest.execution import Ask

AT_ONCE: Final = "bookingoffice.at_once"
"""Set in the environment by a caller who cannot be kept waiting: an application that would wait returns one of these."""

Change = Callable[[Iterable[bytes]], Iterable[bytes]]
"""What a layer makes of an answer when it is there."""


class Awaiting:
    """Waits for one read of PostgreSQL, and for nothing else. `told` makes the answer with the help of whoever asks."""

    __slots__ = ("read", "told")

    def __init__(self, read: pipeline.Read, told: Callable[[Ask], Iterable[bytes]]) -> None:
        self.read = read
        self.told = told

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.told(pipeline.read))

    def then(self, change: Change) -> Awaiting:
        return Awaiting(self.read, lambda ask: change(self.told(ask)))


class Later:
    """Waits for whatever `answer` waits for."""

    __slots__ = ("_answer", "_parts")

    def __init__(self, answer: Callable[[], Iterable[bytes]]) -> None:
        self._answer = answer
        self._parts: Iterable[bytes] = ()

    def then(self, change: Change) -> Later:
        return Later(lambda: change(self._answer()))

    def __iter__(self) -> Iterator[bytes]:
        self._parts = self._answer()
        return iter(self._parts)

    def close(self) -> None:
        if callable(close := getattr(self._parts, "close", None)):
            close()
