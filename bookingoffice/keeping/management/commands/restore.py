"""`restore FILE`: a backup in the place of what is there, whole or not at all."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from bookingoffice.commands import OfficeCommand
from bookingoffice.database.server.locks import FolderLock
from bookingoffice.keeping import databases, replacing, restoring
from bookingoffice.keeping.archive import DUMP, Backup
from bookingoffice.keeping.keeper import Keeper, Link
from bookingoffice.keeping.manifest import Manifest
from bookingoffice.keeping.refusals import Refused
from bookingoffice.keeping.telling import described, progress


class Command(OfficeCommand):
    help = "Puts a backup in the place of what is there, whole or not at all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("file", metavar="FILE", nargs="?")
        what.add_argument("--undo", action="store_true", help="put back what the last --replace replaced")
        what.add_argument("--forget", action="store_true", help="drop what the last --replace replaced")
        parser.add_argument("--replace", action="store_true", help="also where there are data, which are kept aside")
        parser.add_argument("--dry-run", action="store_true", help="restore it beside the database, compare, drop it")

    def handle(self, *args: Any, file: str | None, undo: bool, forget: bool, **options: Any) -> None:
        if file is None and (options["dry_run"] or options["replace"]):
            raise CommandError(
                "--dry-run and --replace go with a FILE: --undo and --forget are done at once.", returncode=2
            )
        try:
            with nobody_serves():
                keeper = Keeper.here()
                with databases.alone(keeper) as link:
                    if undo:
                        replacing.undo(keeper, link)
                        self.stdout.write("What was replaced is back in its place.")
                    elif forget:
                        databases.drop(link, databases.replaced(keeper.database))
                        self.stdout.write("What was replaced is gone.")
                    else:
                        self._restore(keeper, link, Backup(Path(str(file))), **options)
        except Refused as refused:
            raise CommandError(str(refused)) from refused

    def _restore(
        self, keeper: Keeper, link: Link, backup: Backup, *, replace: bool, dry_run: bool, **options: Any
    ) -> None:
        manifest = self._looked_at(keeper, backup)
        if not (replace or dry_run):
            replacing.refuse_filled(keeper)
        trouble = replacing.key_trouble(manifest, backup)
        with (
            progress("Restoring", backup.size_of(DUMP)) as told,
            restoring.restored(keeper, link, backup, manifest, told) as name,
        ):
            newer = restoring.bring_up_to_date(keeper, name, manifest)
            wrong = restoring.ledger_of(name)
            if not dry_run:
                replacing.put_in_place(keeper, link, name, backup)
        self._tell(manifest, newer, dry_run=dry_run)
        for sentence in filter(None, (trouble, wrong)):
            self.stderr.write(sentence)
        if wrong and dry_run:
            raise CommandError("The backup is whole, but its ledger is not.")

    def _looked_at(self, keeper: Keeper, backup: Backup) -> Manifest:
        """Everything that can be refused before anything is made."""
        with progress("Reading", backup.path.stat().st_size) as told:
            backup.check(told)
        manifest = backup.manifest()
        manifest.refuse_newer()
        restoring.refuse_other_roles(keeper, manifest)
        return manifest

    def _tell(self, manifest: Manifest, newer: int, *, dry_run: bool) -> None:
        done = "Could be restored" if dry_run else "Restored"
        self.stdout.write(f"{done}: {described(manifest)}, {newer} newer migrations.")


@contextmanager
def nobody_serves() -> Iterator[None]:
    """Held while it lasts, so that no `up` of this data folder begins meanwhile."""
    lock = FolderLock(settings.DATA, "up")
    try:
        if not lock.take():
            raise Refused(f"`up` runs on this data folder (process {lock.read()}): stop it first.")
        yield
    finally:
        lock.close()
