"""Whether the process lives, and whether it can do its work. Asked often, and quick also when PostgreSQL says nothing at all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import psycopg
from django.db import connections
from django.db.migrations.loader import MigrationLoader

PATIENCE: Final = 2.0  # seconds
SILENT: Final = f"the database does not answer within {PATIENCE:.0f} seconds"
CLOSED: Final = "the database does not let us in"


def readiness() -> str:
    """Empty when ready, else why not. It has a connection of its own, so that nothing it meets disturbs a request."""
    try:
        with with_little_patience() as connection:
            applied = set(connection.execute("SELECT app, name FROM public.django_migrations").fetchall())
    except psycopg.Error:
        return CLOSED
    missing = len(_known() - applied)
    return f"{missing} migrations are not applied" if missing else ""


@dataclass
class Patient:
    """Asks in a thread and waits for it only so long; while that thread hangs nobody else is sent."""

    ask: Callable[[], str]
    patience: float = PATIENCE
    _asking: threading.Thread | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self) -> str:
        with self._lock:
            if self._asking is not None and self._asking.is_alive():
                return SILENT
            answers: list[str] = []
            self._asking = threading.Thread(target=lambda: answers.append(self.ask()), daemon=True)
            self._asking.start()
            self._asking.join(self.patience)
            return answers[0] if answers else CLOSED if not self._asking.is_alive() else SILENT


@contextmanager
def with_little_patience() -> Iterator[psycopg.Connection[Any]]:
    """A connection of the serving role's beside those of the requests, which waits for nothing longer than monitoring does."""
    with psycopg.connect(**_parameters()) as connection:
        connection.execute("SET statement_timeout = '1500ms'")
        yield connection


def _parameters() -> dict[str, Any]:
    """Those of the serving role, with little patience."""
    kept = connections["default"].get_connection_params()
    names = ("host", "port", "user", "password", "dbname", "options", "sslmode", "sslrootcert", "sslcert", "sslkey")
    return {name: kept[name] for name in names if kept.get(name)} | {"connect_timeout": 2, "autocommit": True}


@cache
def _known() -> frozenset[tuple[str, str]]:
    """The migrations that this release brings."""
    return frozenset(MigrationLoader(None).disk_migrations or {})


ready = Patient(readiness)
