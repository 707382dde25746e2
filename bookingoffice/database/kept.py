"""Which statements a connection has prepared, and when it plans them anew."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import psycopg
from psycopg.pq.abc import PGconn

MOST_FRAMES = 512
FIRST_PLANNED_ANEW = 64
"""After so many round trips of a connection, and after twice as many each time, everything is planned anew. A plan that was made
for an empty table reads all of it, and tables grow with what is asked; PostgreSQL itself looks again only after it has counted them."""

Step = Callable[[PGconn], None]
Whole = tuple[tuple[bytes, ...], tuple[bytes, ...], tuple[bytes, ...]]
"""The texts of a round trip: before the queries, theirs, and behind them."""


class Frame(NamedTuple):
    """What becomes of them: the steps around the queries, under which names the queries are prepared, and all texts that are."""

    before: Sequence[Step]
    names: Sequence[bytes | None]
    after: Sequence[Step]
    texts: Sequence[bytes]


@dataclass(slots=True)
class Kept:
    """The statements of one connection, the latest used last; None for a text that has come once so far. A connection through
    a pool, where what one transaction prepared the next does not find, is not `lasting`."""

    names: OrderedDict[bytes, bytes | None] = field(default_factory=OrderedDict)
    lasting: bool = True
    numbers: count[int] = field(default_factory=count)
    trips: int = 0
    frames: dict[Whole, Frame] = field(default_factory=dict)
    """Of round trips that came before; none of them outlives a name that it stands on."""

    def plans_anew(self) -> bool:
        self.trips += 1
        return self.trips >= FIRST_PLANNED_ANEW and self.trips.bit_count() == 1

    def keep(self, whole: Whole, frame: Frame) -> None:
        if len(self.frames) >= MOST_FRAMES:
            self.frames.clear()
        self.frames[whole] = frame


_kept: WeakKeyDictionary[psycopg.Connection[Any], Kept] = WeakKeyDictionary()


def kept_of(wire: psycopg.Connection[Any]) -> Kept:
    kept = _kept.get(wire)
    if kept is None:
        kept = _kept[wire] = Kept()
    return kept


def prepare_no_more(wire: psycopg.Connection[Any]) -> None:
    """After a pool before the server has lost what was prepared."""
    _kept[wire] = Kept(lasting=False)
