"""A backup put into a database of its own, looked at there, and only then put in the place of the one that serves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import StringIO

import psycopg
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connections

from bookingoffice.keeping import counting, databases
from bookingoffice.keeping.archive import DUMP, Backup, Told, untold
from bookingoffice.keeping.keeper import Keeper, Link
from bookingoffice.keeping.manifest import Manifest, known_migrations
from bookingoffice.keeping.programs import running
from bookingoffice.keeping.refusals import Damaged, Refused

# Webhooks are read by numbers of transactions, and another cluster counts its own. Read again from the moment that the cursor
# has: what was told already meets its own notification.
FORGET_NUMBERS = "UPDATE public.webhook_cursors SET horizon = 0, mark = 0"


@contextmanager
def restored(keeper: Keeper, link: Link, backup: Backup, manifest: Manifest, told: Told = untold) -> Iterator[str]:
    """The name of a database that holds what the file holds, compared row by row. Dropped at the end where it is still there."""
    name = databases.beside(keeper.database)
    databases.drop(link, name)
    try:
        databases.make(link, keeper, name)
        with running("pg_restore", keeper, name, *_words(keeper), fed=True) as process:
            assert process.stdin is not None
            for portion in backup.portions(DUMP):
                process.stdin.write(portion)
                told(len(portion))
        _compare(keeper, name, manifest)
        yield name
    except psycopg.Error as error:
        raise Refused(f"The backup could not be restored: {str(error).strip()}") from error
    finally:
        databases.drop(link, name)


def _words(keeper: Keeper) -> list[str]:
    return [f"--role={keeper.owner}", "--no-owner", "--exit-on-error"]


def _compare(keeper: Keeper, name: str, manifest: Manifest) -> None:
    with closing(keeper.link(name)) as link:
        found = counting.contents(link)
        if other := counting.differing(found, manifest.tables):
            raise Damaged(f"What was restored is not what was kept: {', '.join(other)}.")
        same_words = link.info.server_version // 10_000 == manifest.postgresql
        if same_words and counting.rules(link) != manifest.rules:
            raise Damaged("The restored tables have other rules or rights than those that were kept.")


def refuse_other_roles(keeper: Keeper, manifest: Manifest) -> None:
    if (manifest.owner, manifest.serving) != (keeper.owner, keeper.serving):
        raise Refused(
            f'The backup gives its tables to the roles "{manifest.owner}" and "{manifest.serving}", and this database'
            f' has "{keeper.owner}" and "{keeper.serving}". Make roles of those names, and name them in the addresses.'
        )


def bring_up_to_date(keeper: Keeper, name: str, manifest: Manifest) -> int:
    """How many migrations of this release an older file lacked."""
    missing = len(known_migrations() - set(manifest.migrations))
    with closing(keeper.link(name)) as link:
        link.execute("ANALYZE")
    with pointing_at(name):
        if missing:
            try:
                call_command("migrate", database="owner", verbosity=0, interactive=False)
            except DatabaseError as error:
                raise Refused(f"The older backup could not be brought up to date: {str(error).strip()}") from error
    with closing(keeper.link(name)) as link:
        link.execute(FORGET_NUMBERS)
    return missing


def ledger_of(name: str) -> str:
    """What `check_ledger` finds wrong in a database, or nothing."""
    told = StringIO()
    with pointing_at(name):
        try:
            call_command("check_ledger", stdout=told, stderr=StringIO())
        except CommandError as error:
            return f"{told.getvalue()}{error}"
    return ""


@contextmanager
def pointing_at(name: str) -> Iterator[None]:
    """Django's connections lead to another database of the server meanwhile."""
    kept = {alias: connections[alias].settings_dict["NAME"] for alias in connections}
    _point(dict.fromkeys(kept, name))
    try:
        yield
    finally:
        _point(kept)


def _point(names: dict[str, str]) -> None:
    for alias, name in names.items():
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
