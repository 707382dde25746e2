"""`backup FILE`: everything in one file, proved by restoring it."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from bookingoffice.commands import OfficeCommand
from bookingoffice.keeping import databases, restoring
from bookingoffice.keeping.archive import DUMP, Backup, drafted
from bookingoffice.keeping.dumping import dump_into
from bookingoffice.keeping.keeper import Keeper, Link
from bookingoffice.keeping.manifest import Manifest
from bookingoffice.keeping.naming import outdated, place_for
from bookingoffice.keeping.refusals import Refused
from bookingoffice.keeping.telling import described, progress


class Command(OfficeCommand):
    help = "Keeps everything in one file, also while others work, and proves it by restoring it beside the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="or a folder, in which the file is named by the moment")
        parser.add_argument("--no-verify", action="store_true", help="do not restore it for a proof")
        parser.add_argument("--keep", type=int, metavar="N", help="of the folder's backups, only the newest N")

    def handle(self, *args: Any, file: str, no_verify: bool, keep: int | None, **options: Any) -> None:
        if keep is not None and (keep < 1 or not Path(file).is_dir()):
            raise CommandError("--keep takes a whole number above 0, and a folder to keep them in.")
        try:
            wrong = self._kept(place_for(file, datetime.now(UTC)), verify=not no_verify)
            for path in outdated(Path(file), keep) if keep else []:
                path.unlink(missing_ok=True)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        if wrong:
            raise CommandError(f"The backup is whole, but its ledger is not:\n{wrong}")

    def _kept(self, place: Path, *, verify: bool) -> str:
        """What is wrong with the ledger, though everything was kept."""
        keeper = Keeper.here()
        with databases.alone(keeper) as link:
            with drafted(place) as (draft, path):
                with progress("Dumping") as told:
                    manifest = dump_into(draft, keeper, datetime.now(UTC), told)
                wrong = self._proved(keeper, link, Backup(path), manifest) if verify else ""
            proof = "restored and compared" if verify else "not restored for a proof"
            size = place.stat().st_size
            self.stdout.write(f"{place}: {size:,} bytes, {described(manifest)}, {proof}.")
        return wrong

    def _proved(self, keeper: Keeper, link: Link, backup: Backup, manifest: Manifest) -> str:
        with progress("Reading again", backup.path.stat().st_size) as told:
            backup.check(told)
        with (
            progress("Restoring for a proof", backup.size_of(DUMP)) as told,
            restoring.restored(keeper, link, backup, manifest, told) as name,
        ):
            return restoring.ledger_of(name)
