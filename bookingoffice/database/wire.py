"""Several commands to PostgreSQL and all their results in one round trip, with the statements that come again kept prepared.

psycopg's own pipeline writes to the socket command by command; for a read of some hundred microseconds that is most of the time.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import psycopg
from psycopg import generators
from psycopg.abc import PQGen
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, Format
from psycopg.pq.abc import PGconn, PGresult
from psycopg.waiting import Wait

from bookingoffice.database import watched

MOST_PREPARED = 200
LONGEST_PREPARED = 16384  # bytes; a longer statement is a rare one, and its plan large
CONSTANT = frozenset({b"BEGIN", b"BEGIN READ ONLY", b"SET LOCAL statement_timeout = '10s'", b"COMMIT"})
FIRST_PLANNED_ANEW = 64
"""After so many round trips of a connection, and after twice as many each time, everything is planned anew. A plan that was made
for an empty table reads all of it, and tables grow with what is asked; PostgreSQL itself looks again only after it has counted them."""
Values = tuple[bytes | None, ...]
Step = Callable[[PGconn], None]


class Query(NamedTuple):
    """SQL with `$1` placeholders; parameters go out as text without a type."""

    text: bytes
    parameters: Sequence[str | None] = ()

    @property
    def encoded(self) -> list[bytes | None]:
        return [None if text is None else text.encode() for text in self.parameters]


@dataclass(slots=True)
class _Kept:
    """The statements of one connection, the latest used last; None for a text that has come once so far. A connection through
    a pool, where what one transaction prepared the next does not find, is not `lasting`."""

    names: OrderedDict[bytes, bytes | None] = field(default_factory=OrderedDict)
    lasting: bool = True
    numbers: count[int] = field(default_factory=count)
    trips: int = 0

    def plans_anew(self) -> bool:
        self.trips += 1
        return self.trips >= FIRST_PLANNED_ANEW and self.trips.bit_count() == 1


_kept: WeakKeyDictionary[psycopg.Connection[Any], _Kept] = WeakKeyDictionary()


def round_trip(
    wire: psycopg.Connection[Any], before: Sequence[bytes], queries: Sequence[Query], after: Sequence[bytes] = ()
) -> list[Values]:
    """The first row of each query in PostgreSQL's binary form. Raises what the first failed command says; whether a
    transaction is open then is for the caller to find out."""
    kept = _kept_of(wire)
    batch = _Batch(kept, [])
    for text in before:
        batch.frame(text)
    if kept.plans_anew():
        batch.frame(b"DISCARD PLANS")
    places = [batch.add(query) for query in queries]
    for text in after:
        batch.frame(text)
    started = time.perf_counter()
    try:
        with wire.lock:
            results = wire.wait(_exchange(wire.pgconn, batch.steps))
    finally:
        watched.note(time.perf_counter() - started, [query.text for query in queries] or before)
    batch.remember(results)
    for result in results:
        if result.status == ExecStatus.FATAL_ERROR:
            raise error_from_result(result, wire.info.encoding)
    return [first_row(results[place]) for place in places]


def _kept_of(wire: psycopg.Connection[Any]) -> _Kept:
    kept = _kept.get(wire)
    if kept is None:
        kept = _kept[wire] = _Kept()
    return kept


def first_row(result: PGresult | None) -> Values:
    if result is None or not result.ntuples:
        return ()
    return tuple(result.get_value(0, column) for column in range(result.nfields))


def prepare_no_more(wire: psycopg.Connection[Any]) -> None:
    """After a pool before the server has lost what was prepared."""
    _kept[wire] = _Kept(lasting=False)


@dataclass(slots=True)
class _Batch:
    """The steps of one round trip; every step has one result. `prepared` are the statements that it prepares on the way."""

    kept: _Kept
    steps: list[Step]
    prepared: list[tuple[int, bytes, bytes]] = field(default_factory=list)

    def add(self, query: Query) -> int:
        """The place of the query's result."""
        keeps = self.kept.lasting and len(query.text) <= LONGEST_PREPARED
        name = self._name(query.text) if keeps else None
        self.steps.append(_execution(query, name))
        return len(self.steps) - 1

    def frame(self, text: bytes) -> None:
        """A command without values: kept prepared where it is one of CONSTANT, parsed anew where it names its organization."""
        name = self._name(text) if text in CONSTANT and self.kept.lasting else None
        self.steps.append(_command(text) if name is None else _repetition(name))

    def _name(self, text: bytes) -> bytes | None:
        """A text that comes a second time is prepared, and the one unused for longest given up."""
        names = self.kept.names
        name = names.get(text)
        if name is None and text in names:
            name = b"office_%d" % next(self.kept.numbers)
            self.prepared.append((len(self.steps), text, name))
            self.steps.append(_preparation(text, name))
        names.setdefault(text, None)
        names.move_to_end(text)
        self._make_room()
        return name

    def _make_room(self) -> None:
        if len(self.kept.names) > MOST_PREPARED:
            _, name = self.kept.names.popitem(last=False)
            if name:
                self.steps.append(_command(b"DEALLOCATE " + name))

    def remember(self, results: Sequence[PGresult]) -> None:
        """A statement stays prepared although what came after it failed."""
        for place, text, name in self.prepared:
            if len(results) > place and results[place].status == ExecStatus.COMMAND_OK:
                self.kept.names[text] = name


def _command(text: bytes) -> Step:
    return lambda pgconn: pgconn.send_query_params(text, None)


def _repetition(name: bytes) -> Step:
    return lambda pgconn: pgconn.send_query_prepared(name, None)


def _preparation(text: bytes, name: bytes) -> Step:
    return lambda pgconn: pgconn.send_prepare(name, text)


def _execution(query: Query, name: bytes | None) -> Step:
    values = query.encoded
    if name is None:
        return lambda pgconn: pgconn.send_query_params(query.text, values, result_format=Format.BINARY)
    return lambda pgconn: pgconn.send_query_prepared(name, values, result_format=Format.BINARY)


def _exchange(pgconn: PGconn, steps: Sequence[Step]) -> PQGen[list[PGresult]]:
    """One result a step, also for those that were skipped because an earlier one failed.

    psycopg's generators for one command are written out here: made anew for each of some ten results they cost more than the rest.
    """
    pgconn.enter_pipeline_mode()
    for step in steps:
        step(pgconn)
    pgconn.pipeline_sync()
    if pgconn.flush():
        yield from generators.send(pgconn)
    results: list[PGresult] = []
    while True:
        while pgconn.is_busy():
            yield Wait.R
            pgconn.consume_input()
        result = pgconn.get_result()
        if result is None:
            continue
        if result.status == ExecStatus.PIPELINE_SYNC:
            break
        results.append(result)
    pgconn.exit_pipeline_mode()
    return results
