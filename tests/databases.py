"""A database a worker: migrated once into a template, copied for each, given up at the end."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
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
LITTLE = 1 << 20
"""Bytes of tables, beyond which they are truncated: no vacuum is run here."""


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
    """Empties every other table. To truncate them all takes a fifth of a second, to delete few rows next to nothing."""
    for alias in connections:
        connections[alias].close()
    sizes = {table: size for table, size in _sizes().items() if size and table not in keep}
    if EXTERNAL or sum(sizes.values()) > LITTLE:
        _truncate(_tables().difference(keep))
    elif sizes:
        _delete(sizes)


def _truncate(tables: Iterable[str]) -> None:
    """As their owner: the serving role may not."""
    names = sql.SQL(", ").join(map(sql.Identifier, sorted(tables)))
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(names))
    connections["owner"].close()


def _delete(tables: Iterable[str]) -> None:
    """Past every key and trigger, as only a superuser may."""
    with bootstrap.superuser(FOLDER.socket_folder(), worker_database()) as link:
        link.execute("SET session_replication_role = replica")
        for table in tables:
            link.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))


def _tables() -> frozenset[str]:
    return frozenset(_sizes())


def _sizes() -> dict[str, int]:
    """In bytes, of what was deleted too."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT relname, pg_relation_size(oid) FROM pg_class "
            "WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        )
        return dict(cursor.fetchall())
