"""Instants and days that PostgreSQL keeps and Python cannot: infinity, years before 1 and after 9999. The API takes them as
PostgreSQL does.

Days are read as the first and the last of Python's calendar, instants as the first and the last day that Python can still move
between time zones; what is stored stays as it is.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from functools import cache
from typing import Any

from psycopg import DataError
from psycopg.types.datetime import DateLoader, TimestamptzLoader

EARLIEST = datetime(1, 1, 2)
LATEST = datetime(9999, 12, 30)


@cache
def tolerant_loader(zone: tzinfo | None) -> type[Any]:
    """A loader class of psycopg for one time zone, whichever the transaction shows instants in. Django's takes that to be its own."""

    class Loader(TimestamptzLoader):
        timezone = zone  # by which Django knows it

        def load(self, data: Any) -> datetime:
            try:
                return super().load(data).astimezone(zone)
            except (DataError, OverflowError):
                return nearest(bytes(data).decode(), zone)

    return Loader


class TolerantDateLoader(DateLoader):
    def load(self, data: Any) -> date:
        try:
            return super().load(data)
        except DataError:
            return nearest_day(bytes(data).decode())


def nearest_day(text: str) -> date:
    """To a day, as PostgreSQL spells it, that Python cannot hold."""
    return date.min if _is_before(text) else date.max


def nearest(text: str, zone: tzinfo | None = UTC) -> datetime:
    """To an instant, as PostgreSQL spells it, that Python cannot hold."""
    return (EARLIEST if _is_before(text) else LATEST).replace(tzinfo=zone)


def _is_before(text: str) -> bool:
    return text.startswith("-") or text.endswith("BC")


def read_instant(text: str | None) -> datetime | None:
    """An instant of a JSON that PostgreSQL wrote, as the driver reads one out of a column."""
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return nearest(text)
