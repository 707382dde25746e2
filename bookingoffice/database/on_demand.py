"""A database for the length of one command: the running server is joined, or one is started and stopped again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connections

from bookingoffice.database import addresses
from bookingoffice.database.server.embedded import EmbeddedServer
from bookingoffice.database.server.folder import DataFolder
from bookingoffice.database.server.locks import FolderLock
from bookingoffice.env import Environment

# `up` starts the server itself, after it made sure that it is the only one.
NEEDS_NONE = frozenset(
    {"up", "help", "version", "collectstatic", "findstatic", "diffsettings", "makemessages", "compilemessages"}
)
MINDS_MIGRATIONS_ITSELF = frozenset(
    {"migrate", "makemigrations", "showmigrations", "sqlmigrate", "optimizemigration", "check", "restore"}
)


@contextmanager
def database_for(arguments: Sequence[str]) -> Iterator[None]:
    """Yields when the command that the arguments name can reach its tables. The operator's own server is left alone."""
    environment = Environment()
    command = arguments[0] if arguments else "help"
    asks_for_help = command.startswith("-") or not {"-h", "--help"}.isdisjoint(arguments)
    if command in NEEDS_NONE or asks_for_help or addresses.external(environment):
        yield
        return
    folder = DataFolder.of(environment)
    with EmbeddedServer(folder):
        if command not in MINDS_MIGRATIONS_ITSELF and not migrated():
            migrate(folder)
        yield


def migrated() -> bool:
    """Whether any migration ever ran: false on a fresh cluster, on which a command may be the first thing done."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.django_migrations') IS NOT NULL")
        return bool(cursor.fetchone()[0])


def migrate(folder: DataFolder) -> None:
    """As the owner of the tables, quietly, and one process at a time."""
    lock = FolderLock(folder, "migrate")
    try:
        lock.wait()
        call_command("migrate", database="owner", verbosity=0, interactive=False)
    finally:
        lock.close()
        connections["owner"].close()
