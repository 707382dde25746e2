"""Django's PostgreSQL backend for tables whose primary key begins with the organization, and for few round trips.

Grouping by `id` alone is an error in PostgreSQL when the primary key is `(organization_id, id)`, so Django must list every column.

Whose answer nobody waits for need not travel alone: a command that cannot fail (what begins a transaction, a savepoint, a setting)
leaves ahead of the next statement, and a statement that was put off leaves with the next one, or with the COMMIT. A statement that
was put off and fails is told of there.
"""

from __future__ import annotations

import select
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.backends.postgresql import base, features
from psycopg.pq import ConnStatus, TransactionStatus

from bookingoffice.database import watched, wire
from bookingoffice.database.backend.moments import TolerantDateLoader, tolerant_loader
from bookingoffice.database.batches import Query


class DatabaseFeatures(features.DatabaseFeatures):
    allows_group_by_selected_pks = False


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.execute_wrappers += [self._behind_what_is_ahead, watched.around]
        self.ahead: list[bytes] = []
        self.put_off: list[Query] = []
        self.scoped_to: UUID | None = None

    def taken_along(self) -> tuple[list[bytes], list[Query]]:
        """What has to leave before, or with, the next statement; it is the caller's to send now."""
        along = self.ahead, self.put_off
        self.ahead, self.put_off = [], []
        return along

    def send_ahead(self, command: bytes) -> None:
        """A command that cannot fail in an open transaction, and changes nothing for what was put off before it."""
        if self.put_off or not self._has_begun():
            with self.cursor() as cursor:
                cursor.execute(command.decode())
        else:
            self.ahead.append(command)

    def _has_begun(self) -> bool:
        """Or will have, before anything that is said now."""
        link = self.connection
        return bool(self.ahead) or (link is not None and link.pgconn.transaction_status == TransactionStatus.INTRANS)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.adapters.register_loader("timestamptz", tolerant_loader(self.timezone))
        connection.adapters.register_loader("date", TolerantDateLoader)
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

    def _behind_what_is_ahead(
        self, execute: Callable[..., Any], statement: str, parameters: Any, many: bool, context: Any
    ) -> Any:
        """Also with a cursor that was made before."""
        self.send()
        return execute(statement, parameters, many, context)

    def _savepoint(self, sid: str) -> None:
        self.send_ahead(self.ops.savepoint_create_sql(sid).encode())

    def _savepoint_commit(self, sid: str) -> None:
        """What was put off after the savepoint fails, if it does, before it is released. One in which nothing was asked is none."""
        if self.ahead and self.ahead[-1] == self.ops.savepoint_create_sql(sid).encode() and not self.put_off:
            self.ahead.pop()
        else:
            self.send_ahead(self.ops.savepoint_commit_sql(sid).encode())

    def _savepoint_rollback(self, sid: str) -> None:
        """Setting and releasing a savepoint sent what was put off before it, so what is left came after it."""
        created = self.ops.savepoint_create_sql(sid).encode()
        self.put_off.clear()
        if created in self.ahead:
            del self.ahead[self.ahead.index(created) + 1 :]
        else:
            self.ahead.clear()
            super()._savepoint_rollback(sid)  # type: ignore[misc]  # the stubs leave it out

    def _commit(self) -> None:
        """A transaction in which nothing was asked never begins."""
        self.ahead = self.ahead if self.put_off else []
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
