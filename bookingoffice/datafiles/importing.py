"""A file into an organization: all of its rows or none, and every fault that can be found in one run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, transaction

from bookingoffice.accounts.models import Organization
from bookingoffice.audit.actors import Actor
from bookingoffice.datafiles.faults import Faults, Unreadable
from bookingoffice.datafiles.rows import FileRow
from bookingoffice.datafiles.sheets import Sheet
from bookingoffice.datafiles.staging import StagedRow, Staging
from bookingoffice.errors import Malformed, RuleViolation
from bookingoffice.records import uuid7

CHUNK = 1000


@dataclass
class Import:
    """Runs in the organization's scope. Whoever runs it takes everything back when there are faults."""

    sheet: Sheet
    organization: Organization
    faults: Faults
    actor: Actor
    moment: datetime
    created: int = 0
    changed: int = 0

    def run(self, rows: Iterable[FileRow], told: Callable[[int], object] = lambda number: None) -> None:
        """`told` hears how many rows were put each time."""
        staging = Staging(self.sheet.columns, self.organization.timezone)
        try:
            staging.fill(rows)
        except Unreadable as unreadable:
            self.faults.add(*unreadable.fault)
            return
        bad = staging.find_bad_cells(self.faults)
        bad |= self.sheet.recognize(staging, self.organization, self.faults)
        if self.faults.full:  # of the rows that nobody looked at any more, some are bad
            return
        for chunk in staging.chunks(CHUNK, without=bad):
            self._put(chunk)
            told(len(chunk))

    def _put(self, rows: Sequence[StagedRow]) -> None:
        """A refused chunk is taken back and halved until the row at fault stands alone."""
        if not rows or self.faults.full:
            return
        try:
            with transaction.atomic():
                self._put_now(rows)
        except Malformed as malformed:
            self._leave_out(rows, malformed)
        except (RuleViolation, DatabaseError) as refusal:
            if len(rows) > 1:
                self._put(rows[: len(rows) // 2])
                self._put(rows[len(rows) // 2 :])
            else:
                self._tell(rows[0].line, refusal)

    def _put_now(self, rows: Sequence[StagedRow]) -> None:
        known = {row.target for row in rows if row.target}
        self.sheet.put(
            self.organization, [_identified(row) for row in rows], known=known, actor=self.actor, moment=self.moment
        )
        self.changed += len(known)
        self.created += len(rows) - len(known)

    def _leave_out(self, rows: Sequence[StagedRow], malformed: Malformed) -> None:
        for fault in malformed.faults:
            place = f"{fault.field}.{fault.path}" if fault.path and fault.path != fault.field else fault.field
            self.faults.add(rows[fault.row].line, place, fault.code, fault.message)
        bad = {fault.row for fault in malformed.faults}
        self._put([row for place, row in enumerate(rows) if place not in bad])

    def _tell(self, line: int, refusal: RuleViolation | DatabaseError) -> None:
        if isinstance(refusal, RuleViolation):
            self.faults.add(line, refusal.field or "", refusal.code, refusal.sentence)
        else:
            self.faults.add(line, *self.sheet.told(refusal))


def _identified(row: StagedRow) -> dict[str, Any]:
    """The id of the row it changes, the id it came with, or a new one."""
    return {**row.values, "id": row.target or row.values.get("id") or uuid7()}
