"""Several commands to PostgreSQL and all their results in one round trip.

psycopg's own pipeline writes to the socket command by command; for a read of some hundred microseconds that is most of the time.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import generators
from psycopg.abc import PQGen
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn, PGresult
from psycopg.waiting import Wait

from bookingoffice.database import watched
from bookingoffice.database.batches import Batch, Query, Values


def round_trip(
    wire: psycopg.Connection[Any], before: Sequence[bytes], queries: Sequence[Query], after: Sequence[bytes] = ()
) -> list[Values]:
    """The first row of each query in PostgreSQL's binary form. Raises what the first failed command says; whether a
    transaction is open then is for the caller to find out."""
    batch = Batch.of(wire, before, queries, after)
    started = time.perf_counter()
    try:
        with wire.lock:
            results = wire.wait(_exchange(wire.pgconn, batch))
    finally:
        watched.note(time.perf_counter() - started, [query.text for query in queries] or before)
    return batch.answers(results, wire)


def _exchange(pgconn: PGconn, batch: Batch) -> PQGen[list[PGresult]]:
    """One result a step, also for those that were skipped because an earlier one failed.

    psycopg's generators for one command are written out here: made anew for each of some ten results they cost more than the rest.
    """
    pgconn.enter_pipeline_mode()
    batch.send(pgconn)
    if pgconn.flush():
        yield from generators.send(pgconn)
    results: list[PGresult] = []
    while not arrived(pgconn, results):
        yield Wait.R
        pgconn.consume_input()
    pgconn.exit_pipeline_mode()
    return results


def arrived(pgconn: PGconn, results: list[PGresult]) -> bool:
    """Adds what is here already to the results; whether that was all of them."""
    while not pgconn.is_busy():
        result = pgconn.get_result()
        if result is None:
            continue
        if result.status == ExecStatus.PIPELINE_SYNC:
            return True
        results.append(result)
    return False
