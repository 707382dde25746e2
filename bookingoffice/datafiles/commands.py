"""The operator's doors to files; a subject's command only names its sheet."""

from __future__ import annotations

from argparse import ArgumentParser
from contextlib import closing
from functools import partial
from typing import Any, Final

from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone
from tqdm import tqdm

from bookingoffice.accounts.finding import the_organization
from bookingoffice.audit.actors import Actor
from bookingoffice.commands import OfficeCommand, whole
from bookingoffice.database.scope import tenant_scope
from bookingoffice.datafiles.exporting import exported
from bookingoffice.datafiles.faults import Faults
from bookingoffice.datafiles.given import GivenFile
from bookingoffice.datafiles.importing import Import
from bookingoffice.datafiles.rows import unknown_column
from bookingoffice.datafiles.sheets import Sheet
from bookingoffice.datafiles.sources import FORMATS, STANDARD, format_of, progress, reading, writing

MOST_FAULTS: Final = 1_000_000


class FileCommand(OfficeCommand):
    sheet: Sheet

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", default=STANDARD, help="(default: -, the standard stream)")
        parser.add_argument("--organization", metavar="ID", help="needed when there are several")
        parser.add_argument("--format", choices=FORMATS, help="(default: by the file's ending, else csv)")


class ExportCommand(FileCommand):
    def handle(self, *args: Any, file: str, organization: str | None, format: str | None, **options: Any) -> None:
        file_format = format_of(file, format)
        place = the_organization(organization)
        with (
            writing(file) as stream,
            tenant_scope(place.pk),
            progress("Writing", "B") as bar,
            closing(exported(self.sheet, place, file_format)) as pieces,
        ):
            for piece in pieces:
                stream.write(piece)
                bar.update(len(piece))


class ImportCommand(FileCommand):
    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--leave-out", metavar="COLUMNS", default="", help="columns of the file not to read, separated by commas"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what it would do, and leave everything as it is"
        )
        parser.add_argument(
            "--most-faults",
            type=whole(1, MOST_FAULTS),
            default=100,
            metavar="N",
            help="stop after so many (default: %(default)s)",
        )

    def handle(
        self,
        *args: Any,
        file: str,
        organization: str | None,
        format: str | None,
        leave_out: str,
        dry_run: bool,
        most_faults: int,
        **options: Any,
    ) -> None:
        file_format = format_of(file, format)
        left_out = self._columns(leave_out)
        faults = Faults(most_faults)
        place = the_organization(organization)
        actor = Actor.command(f"import_{self.sheet.plural}")
        work = Import(self.sheet, place, faults, actor, timezone.now(), rehearsed=dry_run)
        with reading(file) as stream, tenant_scope(place.pk), progress("Keeping", " rows") as bar:
            work.run(GivenFile(stream, file_format, left_out), partial(_show, bar))
            if dry_run or len(faults):
                transaction.set_rollback(True)
        self._tell(work, "stdin" if file == STANDARD else file, dry_run=dry_run)

    def _columns(self, typed: str) -> frozenset[str]:
        """The named columns; a name that is none would leave in what should be out."""
        names = {name.strip() for name in typed.split(",")} - {""}
        for name in names - {column.name for column in self.sheet.columns}:
            raise CommandError(f"--leave-out, {name}: {unknown_column(name, self.sheet.columns)}")
        return frozenset(names)

    def _tell(self, work: Import, file: str, *, dry_run: bool) -> None:
        for fault in work.faults:
            where = ": ".join(filter(None, (f"{file}:{fault.line}", fault.column)))
            self.stderr.write(f"{where}: {fault.sentence} [{fault.code}]", str)
        if len(work.faults):
            more = " There may be more." if work.faults.full else ""
            raise CommandError(f"Nothing was imported: {_counted(len(work.faults), 'fault', 'faults')}.{more}")
        outcome = f"{_counted(work.created, self.sheet.noun, self.sheet.plural)} made, {work.changed} changed"
        outcome += f", {work.unchanged} as they were" if work.unchanged else ""
        self.stdout.write(f"{outcome}; taken back, as it was a dry run." if dry_run else f"{outcome}.")


def _show(bar: tqdm[Any], done: int, of: int) -> None:
    bar.total = of
    bar.update(done - bar.n)


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
