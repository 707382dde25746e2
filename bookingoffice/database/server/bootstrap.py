"""What a fresh cluster needs before the first migration: two roles and one database."""

from __future__ import annotations

from pathlib import Path

import psycopg
from psycopg import sql

from bookingoffice.database.addresses import DATABASE_NAME, OWNER_ROLE, SERVING_ROLE
from bookingoffice.database.server.cluster import SUPERUSER


def ensure_roles_and_database(socket_folder: Path) -> None:
    """Safe to run at every start; a crash between two of its steps is mended by the next one."""
    with superuser(socket_folder, "postgres") as connection:
        _ensure_role(connection, OWNER_ROLE)
        _ensure_role(connection, SERVING_ROLE)
        ensure_database(connection, DATABASE_NAME)


def superuser(socket_folder: Path, database: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(host=str(socket_folder), user=SUPERUSER, dbname=database, autocommit=True)


def ensure_database(
    connection: psycopg.Connection[tuple[object, ...]], name: str, *, template: str = "template1"
) -> None:
    """Owned by the owner role. The serving role may enter and make temporary tables, nobody else may do either."""
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
        statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
        connection.execute(statement.format(*map(sql.Identifier, (name, OWNER_ROLE, template))))
    for statement in (
        sql.SQL("REVOKE ALL ON DATABASE {database} FROM PUBLIC"),
        sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {serving}"),
    ):
        connection.execute(statement.format(database=sql.Identifier(name), serving=sql.Identifier(SERVING_ROLE)))


def _ensure_role(connection: psycopg.Connection[tuple[object, ...]], role: str) -> None:
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone() is None:
        connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
    harmless = sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION")
    connection.execute(harmless.format(sql.Identifier(role)))
