"""The data that serve, exchanged for those of a backup; what was there stays beside it until the next time."""

from __future__ import annotations

from contextlib import closing

from django.conf import settings
from django.db import connections

from bookingoffice.database.server.folder import DataFolder
from bookingoffice.keeping import databases
from bookingoffice.keeping.archive import KEY, Backup
from bookingoffice.keeping.dumping import key_print
from bookingoffice.keeping.keeper import Keeper, Link
from bookingoffice.keeping.manifest import Manifest
from bookingoffice.keeping.refusals import Refused

TABLES = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
OURS = "SELECT to_regclass('public.organizations') IS NOT NULL AND to_regclass('public.auth_user') IS NOT NULL"
ANYBODY = "SELECT EXISTS (SELECT FROM public.organizations) OR EXISTS (SELECT FROM public.auth_user)"


def refuse_filled(keeper: Keeper) -> None:
    """Every row of worth belongs to an organization or a person."""
    with closing(keeper.link(keeper.database)) as link:
        ours, tables = link.execute(OURS).fetchone() == (True,), link.execute(TABLES).fetchone()
        filled = link.execute(ANYBODY).fetchone() == (True,) if ours else tables != (0,)
    if filled:
        raise Refused(
            f'The database "{keeper.database}" is not empty. --replace puts the backup in its place'
            f' and keeps what is there as "{databases.replaced(keeper.database)}".'
        )


def put_in_place(keeper: Keeper, link: Link, name: str, backup: Backup) -> None:
    """The one moment in which anything changes. Both databases are whole before and after it."""
    connections.close_all()
    aside = databases.replaced(keeper.database)
    databases.drop(link, aside)
    databases.exchange(link, (keeper.database, aside), (name, keeper.database))
    _keep_key(backup.secret_key() or _folder().secret_key())


def undo(keeper: Keeper, link: Link) -> None:
    """Puts back what the last restoring replaced, and sets its data aside in turn."""
    aside, between = databases.replaced(keeper.database), databases.beside(keeper.database)
    if not databases.exists(link, aside):
        raise Refused("There is nothing to put back: no restoring has replaced anything, or it was dropped since.")
    connections.close_all()
    databases.drop(link, between)
    moves = (keeper.database, between), (aside, keeper.database), (between, aside)
    databases.exchange(link, *moves)
    if (kept := _folder().path / f"{KEY}.replaced").exists():
        _keep_key(kept.read_text().strip())


def key_trouble(manifest: Manifest, backup: Backup) -> str:
    """What will not work because the environment's SECRET_KEY is another one; nothing where all will."""
    key = settings.SECRET_KEY if _key_is_given() or not backup.secret_key() else backup.secret_key()
    if key_print(key) == manifest.key_print:
        return ""
    return (
        "The SECRET_KEY is not the one of the backup: recovery codes of two-factor log-in do not work, calendar feeds go on"
        " but their addresses cannot be shown. Set BOOKINGOFFICE_SECRET_KEY to that of the day, or leave it out where the"
        " data folder's own was used."
    )


def _keep_key(key: str) -> None:
    folder = _folder()
    folder.write_private(f"{KEY}.replaced", folder.secret_key())
    folder.write_private(KEY, key)


def _key_is_given() -> bool:
    kept = _folder().path / KEY
    return not kept.exists() or kept.read_text().strip() != settings.SECRET_KEY


def _folder() -> DataFolder:
    folder: DataFolder = settings.DATA
    return folder
