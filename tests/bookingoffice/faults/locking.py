"""Tables that somebody else holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg
from psycopg import sql

from tests.databases import administrator, worker_database


@contextmanager
def locked(*tables: str) -> Iterator[None]:
    """Nobody else comes to these rows, as while somebody rewrites the table."""
    link = administrator()
    with closing(psycopg.connect(link.info.dsn, dbname=worker_database())) as holder:
        for table in tables:
            holder.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(sql.Identifier(table)))
        yield
    link.close()
