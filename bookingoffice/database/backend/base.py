"""Django's PostgreSQL backend for tables whose primary key begins with the organization, and for few round trips.

Grouping by `id` alone is an error in PostgreSQL when the primary key is `(organization_id, id)`, so Django must list every column.

Whose answer nobody waits for need not travel alone: what begins a transaction leaves with its first statement, and a statement
that was put off leaves with the next one, or with the COMMIT. A statement that was put off and fails is told of there.
"""

from __future__ import annotations

import select
from typing import Any

from django.db.backends.postgresql import base, features
from psycopg.pq import ConnStatus, TransactionStatus

from bookingoffice.database import watched, wire
from bookingoffice.database.backend.moments import tolerant_loader


class DatabaseFeatures(features.DatabaseFeatures):
    allows_group_by_selected_pks = False


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.execute_wrappers.append(watched.around)
        self.beginning: list[bytes] = []
        self.put_off: list[wire.Query] = []

    def taken_along(self) -> tuple[list[bytes], list[wire.Query]]:
        """What has to leave before, or with, the next statement; it is the caller's to send now."""
        along = self.beginning, self.put_off
        self.beginning, self.put_off = [], []
        return along

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.adapters.register_loader("timestamptz", tolerant_loader(self.timezone))
        return connection

    def is_usable(self) -> bool:
        """An idle connection has nothing to read unless the server ended it, so there is no need to ask the server."""
        if self.connection is None:
            return False
        link = self.connection.pgconn
        if link.status == ConnStatus.OK and link.transaction_status != TransactionStatus.INERROR:
            return not _readable(link.socket) or super().is_usable()
        return False

    def _cursor(self, name: str | None = None) -> Any:
        self.send()
        return super()._cursor(name)  # type: ignore[misc]  # the stubs leave it out

    def _savepoint_rollback(self, sid: str) -> None:
        """Setting and releasing a savepoint sent what was put off before it, so what is left came after it."""
        self.put_off.clear()
        super()._savepoint_rollback(sid)  # type: ignore[misc]  # the stubs leave it out

    def _commit(self) -> None:
        """A transaction in which nothing was asked never begins."""
        self.beginning = self.beginning if self.put_off else []
        self.send(b"COMMIT")
        super()._commit()  # type: ignore[misc]  # the stubs leave it out

    def _rollback(self) -> None:
        self.taken_along()
        super()._rollback()  # type: ignore[misc]  # the stubs leave it out

    def close(self) -> None:
        self.taken_along()
        super().close()

    def send(self, *after: bytes) -> None:
        """What was put off leaves now, and `after` it these commands; raises what the first that failed says."""
        commands, queries = self.taken_along()
        if commands or queries:
            self.ensure_connection()
            with self.wrap_database_errors:
                wire.round_trip(self.connection, commands, queries, after)


def _readable(descriptor: int) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))
