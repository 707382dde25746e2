"""Django's own command, through the door of the role that owns the tables, and never in front of a queue.

A change of a table waits for whoever reads it, and everybody else waits behind the change: a report of an hour would stop the
house. So it gives up soon, lets the others through, and comes again. Migrations that were done stay done.
"""

from __future__ import annotations

import time
from typing import Any

import psycopg
from django.core.management.base import CommandParser
from django.core.management.commands import migrate
from django.db import OperationalError, connections

from bookingoffice.database.server.trouble import ServerTrouble

BREATH = 0.5  # seconds in which those who waited are let through


class Command(migrate.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")
        parser.add_argument("--lock-timeout", type=float, default=2.0, help="seconds in a queue for a table (2)")
        parser.add_argument("--tries", type=int, default=30, help="how often it queues (30)")

    def handle(self, *args: Any, lock_timeout: float = 2.0, tries: int = 30, **options: Any) -> None:
        database = options["database"]
        for _ in range(tries):
            try:
                _wait_at_most(lock_timeout, database)
                super().handle(*args, **options)
                return
            except OperationalError as error:
                if not isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
                    raise
                time.sleep(BREATH)
            finally:
                _wait_at_most(0, database)
        raise ServerTrouble(
            f"A table that has to be changed was in use {tries} times for {lock_timeout:g} seconds: a long transaction reads it."
            " Migrations before that one are done, it is not. End that transaction, or try again later."
        )


def _wait_at_most(seconds: float, database: str) -> None:
    with connections[database].cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{seconds * 1000:.0f}ms"])
