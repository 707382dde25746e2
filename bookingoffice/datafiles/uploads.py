"""What becomes of an uploaded file: kept in pieces, checked, imported, forgotten. Rows are seen by their uploader alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from bookingoffice.accounts.models import Organization
from bookingoffice.audit.actors import Actor
from bookingoffice.datafiles.faults import Faults
from bookingoffice.datafiles.given import GivenFile
from bookingoffice.datafiles.importing import Import, Told
from bookingoffice.datafiles.models import KEPT, RUNNING, FileImport, FileImportFault, FileImportPart, State
from bookingoffice.datafiles.sheets import Sheet
from bookingoffice.datafiles.sources import Format

LARGEST: Final = 200 * 1024 * 1024
PIECE: Final = 1024 * 1024
SMALL: Final = 256 * 1024
"""Worked off at once, while the person waits; larger ones are left to `work_imports`."""

MOST_FAULTS: Final = 10_000


def sheet_of(kind: str) -> Sheet:
    sheet: Sheet = import_string(settings.FILE_SHEETS[kind])()
    return sheet


def format_of_content(beginning: bytes) -> Format:
    """By what a file begins with; its name may say anything."""
    if beginning.startswith(b"PK"):
        return "xlsx"
    return "json" if beginning.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"[" else "csv"


def files_of(organization_id: UUID, user_id: int) -> Any:
    """Without the bytes; newest first."""
    return FileImport.objects.of(organization_id).filter(user_id=user_id).order_by("-created_at", "-id")


@transaction.atomic
def keep_upload(
    organization: Organization, user: Any, *, kind: str, filename: str, pieces: Iterable[bytes], moment: datetime
) -> FileImport:
    """Kept under the organization and the user; whatever is older than a day goes."""
    forget_expired(organization.pk, moment)
    job: FileImport = FileImport.objects.create(
        organization=organization, user_id=user.pk, user_label=Actor.staff(user).label, kind=kind, format="csv",
        filename=filename[:200], size=0, created_at=moment,
    )  # fmt: skip
    for number, piece in enumerate(pieces):
        job.format = format_of_content(piece) if number == 0 else job.format
        job.size += len(piece)
        FileImportPart.objects.create(organization=organization, file_import=job, number=number, content=piece)
    _set(job, format=job.format, size=job.size)
    return job


def forget_expired(organization_id: UUID, moment: datetime) -> None:
    forget(FileImport.objects.of(organization_id).filter(created_at__lte=moment - KEPT))


def forget(jobs: Any) -> None:
    """The database takes the bytes and the faults along."""
    jobs.order_by()._raw_delete("default")


def confirm(job: FileImport) -> bool:
    """Whether it was for this call to confirm; a second press of the button changes nothing."""
    return bool(_where(job).filter(state=State.CHECKED, faults=0).update(state=State.TO_IMPORT, seen_at=None, done=0))


def work_off(job: FileImport, organization: Organization, moment: datetime, told: Told | None = None) -> None:
    """Checks or imports, as the state says. What is told of it is committed with what was done.

    A check is the import rehearsed and taken back: what it counts is what would happen.
    """
    checking = job.state in (State.TO_CHECK, State.CHECKING)
    faults = Faults(MOST_FAULTS)
    actor = Actor("staff", str(job.user_id), job.user_label)
    work = Import(sheet_of(job.kind), organization, faults, actor, moment, rehearsed=checking)
    with _content(job) as stream, transaction.atomic():
        work.run(GivenFile(stream, as_format(job.format)), told or (lambda done, of: None))
        if checking or len(faults):
            transaction.set_rollback(True)
    _tell(job, work, _state_after(checking=checking, refused=bool(len(faults))))


def give_up(job: FileImport) -> None:
    """A mistake of ours, which the log tells of."""
    sentence = _("Something went wrong on our side, and nothing was imported. The log of the server says what.")
    FileImportFault.objects.update_or_create(
        organization_id=job.organization_id, file_import_id=job.pk, number=0,
        defaults={"line": 1, "column": "", "code": "not_finished", "sentence": sentence},
    )  # fmt: skip
    _set(job, state=State.REFUSED, seen_at=None, faults=1)


def as_format(text: str) -> Format:
    return "xlsx" if text == "xlsx" else "json" if text == "json" else "csv"


def _state_after(*, checking: bool, refused: bool) -> State:
    if checking:
        return State.CHECKED
    return State.REFUSED if refused else State.DONE


def _tell(job: FileImport, work: Import, state: State) -> None:
    told = FileImportFault.objects.of(job.organization_id).filter(file_import_id=job.pk)
    told.order_by()._raw_delete("default")
    rows = [
        FileImportFault(organization_id=job.organization_id, file_import_id=job.pk, number=number, **fault._asdict())
        for number, fault in enumerate(work.faults)
    ]
    FileImportFault.objects.bulk_create(rows, batch_size=1000)
    _set(
        job, state=state, seen_at=None, made=work.created, changed=work.changed, unchanged=work.unchanged,
        faults=len(rows), more_faults=work.faults.full,
    )  # fmt: skip
    if state == State.DONE:  # what has been imported need not be kept
        parts = FileImportPart.objects.of(job.organization_id).filter(file_import_id=job.pk)
        parts.order_by()._raw_delete("default")


@contextmanager
def _content(job: FileImport) -> Iterator[BinaryIO]:
    with TemporaryFile() as stream:
        parts = FileImportPart.objects.of(job.organization_id).filter(file_import_id=job.pk)
        for number in range(-(-job.size // PIECE) if job.size else 0):
            stream.write(bytes(parts.values_list("content", flat=True).get(number=number)))
        stream.seek(0)
        yield stream


def claim(job_id: UUID, organization_id: UUID, moment: datetime) -> FileImport | None:
    """None where another worker has it. Whoever has it says every second that it lives."""
    waiting = FileImport.objects.of(organization_id).filter(pk=job_id).select_for_update(skip_locked=True)
    job: FileImport | None = waiting.first()
    if job is None or not job.running or (job.state not in RUNNING and not job.waits_long_at(moment)):
        return None
    _set(job, state=RUNNING.get(State(job.state), job.state), seen_at=moment, done=0, total=0)
    return job


def seen(job: FileImport, moment: datetime, done: int, total: int) -> None:
    _where(job).filter(state__in=RUNNING.values()).update(seen_at=moment, done=done, total=total)


def _where(job: FileImport) -> Any:
    return FileImport.objects.of(job.organization_id).filter(pk=job.pk)


def _set(job: FileImport, **values: Any) -> None:
    _where(job).update(**values)
    for name, value in values.items():
        setattr(job, name, value)
