"""Whole databases beside the one that serves: made, dropped, and exchanged in one step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg
from psycopg import sql

from bookingoffice.keeping.keeper import Keeper, Link
from bookingoffice.keeping.refusals import Refused

PATIENCE = 20  # attempts, each as long as PostgreSQL waits for callers to leave: 5 seconds
ONE_KEEPER = 730_588
"""With the database's name the advisory lock under which one backup or restoring at a time is done."""

# The new one sorts and folds letters as the one it is made after.
LIKE = """
SELECT pg_encoding_to_char(encoding), datcollate, datctype,
    CASE datlocprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END, datlocale FROM pg_database WHERE datname = %s
"""
LOCK, UNLOCK = (f"SELECT pg_advisory_{word}(%s, hashtext(%s))" for word in ("lock", "unlock"))
CALLERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ANY(%s) AND pid <> pg_backend_pid()"


@contextmanager
def alone(keeper: Keeper) -> Iterator[Link]:
    """The keeper's own connection, and nobody else keeping meanwhile."""
    with closing(keeper.link()) as link:
        try:
            link.execute("SET lock_timeout = '2s'")  # that of one who was killed goes with its connection, soon
            link.execute(LOCK, [ONE_KEEPER, keeper.database])
            link.execute("RESET lock_timeout")
        except psycopg.errors.LockNotAvailable:
            raise Refused("Another backup or restoring of this database is under way.") from None
        yield link
        link.execute(UNLOCK, [ONE_KEEPER, keeper.database])


def beside(name: str) -> str:
    """Where a backup is restored before it is looked at."""
    return f"{name}_restoring"


def replaced(name: str) -> str:
    """Where the data go that a restoring replaced."""
    return f"{name}_replaced"


def exists(link: Link, name: str) -> bool:
    return link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def drop(link: Link, name: str) -> None:
    link.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def make(link: Link, keeper: Keeper, name: str) -> None:
    """Empty, owned by the owner; only the two roles may enter."""
    like = link.execute(LIKE, [keeper.database]).fetchone()
    options: sql.Composable = sql.SQL("")
    if like is not None:
        encoding, collate, letters, provider, locale = map(str, like)
        words = {"ENCODING": encoding, "LC_COLLATE": collate, "LC_CTYPE": letters, "LOCALE_PROVIDER": provider}
        words |= {"icu": {"ICU_LOCALE": locale}, "builtin": {"BUILTIN_LOCALE": locale}}.get(provider, {})
        options = sql.SQL(" ").join(sql.SQL(f"{word} {{}}").format(sql.Literal(value)) for word, value in words.items())
    statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 {}")
    link.execute(statement.format(sql.Identifier(name), sql.Identifier(keeper.owner), options))
    for right in ("REVOKE ALL ON DATABASE {} FROM PUBLIC", "GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}"):
        link.execute(sql.SQL(right).format(*map(sql.Identifier, (name, keeper.serving))))


def exchange(link: Link, *moves: tuple[str, str]) -> None:
    """Renames databases, all or none. Whoever is in one of them is put out, and comes back to the new one."""
    names = [name for move in moves for name in move]
    for attempt in range(PATIENCE):
        link.execute(CALLERS, [names])
        try:
            with link.transaction():
                for old, new in moves:
                    link.execute(
                        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new))
                    )
            return
        except psycopg.errors.ObjectInUse:
            if attempt == PATIENCE - 1:
                raise Refused(
                    "Somebody keeps coming back to the database: stop what serves it. Nothing was replaced."
                ) from None
