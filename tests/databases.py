"""A database a worker: migrated once into a template, copied for each, given up at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from bookingoffice.database.addresses import OWNER_VARIABLE
from bookingoffice.database.server import bootstrap
from bookingoffice.database.server.locks import FolderLock
from tests.cluster import EXTERNAL, FOLDER

TEMPLATE = "test_bookingoffice_template"


def worker_database() -> str:
    return f"test_bookingoffice_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


def administrator() -> psycopg.Connection[tuple[object, ...]]:
    """Who may make databases: the embedded server's superuser, or a given server's owner role (it needs CREATEDB)."""
    if EXTERNAL:
        return psycopg.connect(os.environ[OWNER_VARIABLE], autocommit=True)
    return bootstrap.superuser(FOLDER.socket_folder(), "postgres")


@contextmanager
def database_of_this_worker() -> Iterator[str]:
    """Both aliases point at a fresh copy while it lasts."""
    name = worker_database()
    with closing(administrator()) as connection:
        _ensure_template(connection)
        _drop(connection, name)
        bootstrap.ensure_database(connection, name, template=TEMPLATE)
    point_at(name)
    yield name
    point_at("postgres")
    with closing(administrator()) as connection:
        _drop(connection, name)


def point_at(name: str) -> None:
    for alias in connections:
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def _ensure_template(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """The first worker migrates while the others wait; a file in this run's folder says that it is done."""
    done = FOLDER.path / "template-is-migrated"
    lock = FolderLock(FOLDER, "template")
    try:
        lock.wait()
        if done.exists():
            return
        _drop(connection, TEMPLATE)
        bootstrap.ensure_database(connection, TEMPLATE)
        point_at(TEMPLATE)
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        point_at("postgres")
        done.touch()
    finally:
        lock.close()


def _drop(connection: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def filled_tables() -> frozenset[str]:
    """What migrations filled (content types, permissions): these are kept when a test's commits are cleared away."""
    with connections["owner"].cursor() as cursor:
        return frozenset(table for table in _tables() if cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1').rowcount)


def clear(*, keep: frozenset[str]) -> None:
    """Empties every other table as their owner: the serving role may not truncate."""
    for alias in connections:
        connections[alias].close()
    names = ", ".join(f'"{table}"' for table in _tables() if table not in keep)
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
    connections["owner"].close()


def _tables() -> list[str]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]
