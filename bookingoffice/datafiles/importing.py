"""A file into an organization: all of its rows or none, and every fault that can be found in one run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, transaction

from bookingoffice.accounts.models import Organization
from bookingoffice.audit.actors import Actor
from bookingoffice.audit.writing import told_of
from bookingoffice.datafiles.changing import Changing, Verdicts
from bookingoffice.datafiles.faults import Faults, Unreadable
from bookingoffice.datafiles.given import GivenFile
from bookingoffice.datafiles.making import Making
from bookingoffice.datafiles.sheets import Sheet
from bookingoffice.datafiles.staging import StagedRow, Staging
from bookingoffice.datafiles.typed import Portion, TypedRows
from bookingoffice.errors import Malformed, RuleViolation
from bookingoffice.records import uuid7

PORTION = 3_000  # what PostgreSQL keeps in memory between the rows and their history
CHUNK = 1000

Told = Callable[[int, int], object]
"""Hears how many rows of how many are done."""


def _silent(done: int, of: int) -> None: ...


@dataclass
class Import:
    """Runs in the organization's scope. Whoever runs it takes everything back when there are faults, and after a rehearsal."""

    sheet: Sheet
    organization: Organization
    faults: Faults
    actor: Actor
    moment: datetime
    rehearsed: bool = False
    created: int = 0
    changed: int = 0
    unchanged: int = 0

    def run(self, file: GivenFile, told: Told = _silent) -> None:
        staging = Staging(self.sheet.columns, self.organization.timezone, self.sheet.keys)
        try:
            staging.fill(file, self.faults)
        except Unreadable as unreadable:
            self.faults.add(*unreadable.fault)
            return
        bad = staging.find_bad_cells(self.faults)
        bad |= self.sheet.recognize(staging, self.organization, self.faults)
        if self.faults.full:  # of the rows that nobody looked at any more, some are bad
            return
        rows = self._typed(staging)
        making = Making(self.sheet.bulk, self.sheet.model, rows, rehearsed=self.rehearsed)
        changing = Changing(self.sheet.bulk, self.sheet.model, self.sheet.expressions, rows, self.organization.pk)
        for first, last in staging.portions(PORTION):
            portion = Portion(first, last, {place for place in bad if first <= place <= last})
            rest = self._put_plain(making, changing, portion)
            for place in range(0, len(rest), CHUNK):
                self._put(staging.rows_at(rest[place : place + CHUNK]))
            told(last, staging.length)

    def _typed(self, staging: Staging) -> TypedRows:
        place = {"organization_id": self.organization.pk, "currency": self.organization.currency}
        return TypedRows(staging, {**place, "moment": self.moment, **told_of(self.actor)})

    def _put_plain(self, making: Making, changing: Changing, portion: Portion) -> list[int]:
        """Answers the places that are left to the service: of a portion that the database refuses, all."""
        verdicts = changing.verdicts(portion)
        self.unchanged += len(verdicts.unchanged)
        try:
            with transaction.atomic():
                made = making.make(portion)
                if verdicts.change:
                    changing.change(portion, verdicts.change)
        except DatabaseError:
            return _all_but(portion, verdicts)
        self.created += made.number
        self.changed += len(verdicts.change)
        return sorted([*made.service, *verdicts.service])

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


def _all_but(portion: Portion, verdicts: Verdicts) -> list[int]:
    return sorted({*range(portion.first, portion.last + 1)} - {*portion.without} - {*verdicts.unchanged})


def _identified(row: StagedRow) -> dict[str, Any]:
    """The id of the row it changes, the id it came with, or a new one."""
    return {**row.values, "id": row.target or row.values.get("id") or uuid7()}
