"""Commands that leave together in one round trip, with the statements that come again kept prepared on their connection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any, NamedTuple, Self

import psycopg
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, Format
from psycopg.pq.abc import PGconn, PGresult

from bookingoffice.database.kept import Frame, Kept, Step, Whole, kept_of

MOST_PREPARED = 200
LONGEST_PREPARED = 16384  # bytes; a longer statement is a rare one, and its plan large
ONE_PLAN = b"SET LOCAL plan_cache_mode = force_generic_plan"
CONSTANT = frozenset({b"BEGIN", b"BEGIN READ ONLY", b"SET LOCAL statement_timeout = '10s'", ONE_PLAN, b"COMMIT"})
Values = tuple[bytes | None, ...]


class Query(NamedTuple):
    """SQL with `$1` placeholders; parameters go out as text without a type."""

    text: bytes
    parameters: Sequence[str | None] = ()

    @property
    def encoded(self) -> list[bytes | None]:
        return [None if text is None else text.encode() for text in self.parameters]


@dataclass(slots=True)
class Batch:
    """The steps of one round trip; every step has one result. `places` are those of the queries' results, `prepared` the statements
    that it prepares on the way."""

    kept: Kept
    steps: list[Step] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    prepared: list[tuple[int, bytes, bytes]] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        wire: psycopg.Connection[Any],
        before: Sequence[bytes],
        queries: Sequence[Query],
        after: Sequence[bytes] = (),
    ) -> Self:
        kept, whole = kept_of(wire), (tuple(before), tuple([query.text for query in queries]), tuple(after))
        anew, frame = kept.plans_anew(), kept.frames.get(whole)
        if frame and not anew:
            return cls._within(frame, kept, queries)
        batch = cls(kept)
        for text in before:
            batch.frame(text)
        if anew:
            batch.frame(b"DISCARD PLANS")
        batch.places += [batch.add(query) for query in queries]
        for text in after:
            batch.frame(text)
        if not anew and kept.lasting:
            batch._keep_frame(whole)
        return batch

    @classmethod
    def _within(cls, frame: Frame, kept: Kept, queries: Sequence[Query]) -> Self:
        first, names, last, texts = frame
        for text in texts:
            kept.names.move_to_end(text)
        steps = [*first, *map(_execution, queries, names), *last]
        return cls(kept, steps, list(range(len(first), len(first) + len(names))))

    def _keep_frame(self, whole: Whole) -> None:
        """Where all that is to be prepared is so already, the next batch of these texts differs in values alone."""
        names = [self.kept.names.get(text) for text in whole[1]]
        if len(self.steps) == sum(map(len, whole)) and all(names):
            start, end = len(whole[0]), len(whole[0]) + len(names)
            texts = [text for part in whole for text in part if text in self.kept.names]
            self.kept.keep(whole, Frame(self.steps[:start], names, self.steps[end:], texts))

    def send(self, pgconn: PGconn) -> None:
        """In pipeline mode. What the socket does not take at once is the caller's to flush."""
        for step in self.steps:
            step(pgconn)
        pgconn.pipeline_sync()

    def answers(self, results: Sequence[PGresult], wire: psycopg.Connection[Any]) -> list[Values]:
        """The first row of each query; raises what the first failed command says."""
        self.remember(results)
        for result in results:
            if result.status == ExecStatus.FATAL_ERROR:
                raise error_from_result(result, wire.info.encoding)
        return [first_row(results[place]) for place in self.places]

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
        if name is not None:
            names.move_to_end(text)
            return name
        if text in names:
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
            self.kept.frames.clear()
            if name:
                self.steps.append(_command(b"DEALLOCATE " + name))

    def remember(self, results: Sequence[PGresult]) -> None:
        """A statement stays prepared although what came after it failed."""
        for place, text, name in self.prepared:
            if len(results) > place and results[place].status == ExecStatus.COMMAND_OK:
                self.kept.names[text] = name


def first_row(result: PGresult | None) -> Values:
    if result is None or not result.ntuples:
        return ()
    return tuple(map(result.get_value, repeat(0), range(result.nfields)))


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
