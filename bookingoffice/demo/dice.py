"""Chance that falls the same way every time: the same moment makes the same demo."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar
from uuid import UUID

SEED = 1871
Choice = TypeVar("Choice")


class Dice:
    def __init__(self) -> None:
        self._random = Random(SEED)  # noqa: S311  nothing secret comes from it

    def id_at(self, moment: datetime) -> UUID:
        """A version 7 id as it would have been made then, so that ids sort by age."""
        millis = int(moment.timestamp() * 1000)
        parts = millis << 80 | 7 << 76 | self._random.getrandbits(12) << 64 | 2 << 62
        return UUID(int=parts | self._random.getrandbits(62))

    def between(self, least: int, most: int) -> int:
        return self._random.randint(least, most)

    def happens(self, percent: int) -> bool:
        return self._random.random() * 100 < percent

    def one_of(self, choices: Sequence[Choice], weights: Sequence[int] | None = None) -> Choice:
        return self._random.choices(choices, weights)[0]

    def some_of(self, choices: Sequence[Choice], number: int) -> list[Choice]:
        return self._random.sample(choices, number)

    def moments(self, first: datetime, last: datetime, number: int) -> list[datetime]:
        """In the order of time, to the second."""
        seconds = int((last - first).total_seconds())
        return sorted(first + timedelta(seconds=self._random.randrange(seconds)) for _ in range(number))
