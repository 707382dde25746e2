"""One partition of `api_requests` for each day, so that old days leave by being dropped. The owner's work: it changes tables.

A row whose day has no partition yet stands in `api_requests_rest`. The partitions have policies of their own, and the serving role
comes to them through the whole table alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Final

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper
from django.db.utils import IntegrityError

from bookingoffice.database import policies

TABLE: Final = "api_requests"
REST: Final = "api_requests_rest"
AHEAD: Final = 7  # days; a server that looks once a day has a week in which to fail
_OF_A_DAY: Final = re.compile(r"api_requests_(\d{4})(\d\d)(\d\d)").fullmatch


def partition_of(day: date) -> str:
    return f"{TABLE}_{day:%Y%m%d}"


def existing() -> list[date]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid"
            " WHERE inhparent = 'public.api_requests'::regclass ORDER BY 1"
        )
        found = [_OF_A_DAY(name) for (name,) in cursor.fetchall()]
    return [date(*map(int, match.groups())) for match in found if match]


def make(today: date) -> list[date]:
    """Those of today and the days ahead that were missing. A day that has begun in the rest stays there."""
    wanted = [today + timedelta(days=number) for number in range(AHEAD + 1)]
    return [day for day in wanted if day not in existing() and _made(day)]


def prune(today: date, *, keep_days: int) -> list[date]:
    """Drops the days that are past keeping, and empties the rest of theirs."""
    oldest = today - timedelta(days=keep_days)
    past = [day for day in existing() if day < oldest]
    for day in past:
        with _patient() as cursor:
            cursor.execute(f"DROP TABLE {partition_of(day)}")
    with _patient() as cursor:
        cursor.execute(f"DELETE FROM {REST} WHERE created_on < %s", [oldest])  # noqa: S608 (a name of ours)
    return past


def guarded(partition: str) -> list[str]:
    """Statements that give a partition the policy of its table and take it from the serving role."""
    return [
        f"ALTER TABLE {partition} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {partition} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY tenant ON {partition} USING (organization_id = {policies.SETTING})"
        f" WITH CHECK (organization_id = {policies.SETTING})",
        f'REVOKE ALL ON {partition} FROM "{policies.serving_role()}"',
    ]


def _made(day: date) -> bool:
    name, next_day = partition_of(day), day + timedelta(days=1)
    try:
        with _patient() as cursor:
            cursor.execute(f"CREATE TABLE {name} PARTITION OF {TABLE} FOR VALUES FROM ('{day}') TO ('{next_day}')")
            for statement in guarded(name):
                cursor.execute(statement)
    except IntegrityError:
        return False
    return True


@contextmanager
def _patient() -> Iterator[CursorWrapper]:
    """A transaction that rather gives up than stands in the way: who waits for a table lock stops all who come after."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '2s'")
        yield cursor
