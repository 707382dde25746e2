"""A page of history, ready to be read: who did what, when, through which door, and why if anybody said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from bookingoffice.audit.columns import table_named_by
from bookingoffice.audit.models import ActorKind, AuditEntry
from bookingoffice.audit.naming import Named, names_of
from bookingoffice.audit.rows import SUBJECTS
from bookingoffice.audit.words import changes_in_words, deed

SUBJECT_TABLES: Final = {"coupon_id": "coupons", "season_id": "seasons", "booking_id": "bookings"}
CHOSEN: Final = {"coupon_products": "product_id", "coupon_services": "service_id", "coupon_plans": "plan_id"}
WHOLE: Final = ("created", "deleted")
NOBODY: Final = Named("", gone=True)
OF_A_USE: Final = ("coupon_id", "booking_id", "state", "currency", "redeemed_at")


@dataclass(frozen=True, slots=True)
class Told:
    """`table` and `row_id` are of the row on whose page the change belongs; `gone` says that it is no more."""

    at: datetime
    who: str
    door: str
    deed: str
    lines: tuple[str, ...]
    reason: str | None
    table: str
    row_id: UUID
    gone: bool

    @property
    def local(self) -> datetime:
        """By the clock of the organization, which whoever shows it has set."""
        return timezone.localtime(self.at)


def told(organization_id: UUID, entries: Iterable[AuditEntry], *, currency: str) -> list[Told]:
    """At most two statements, however many entries. `currency` is the organization's, in which limits are that name none."""
    kept = list(entries)
    names = names_of(organization_id, _wanted(kept))
    return [_Teller(entry, names, currency).told() for entry in kept]


def _wanted(entries: Sequence[AuditEntry]) -> dict[str, set[str]]:
    wanted: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        wanted[entry.table_name].add(str(entry.row_id))
        if entry.subject_id:
            wanted[SUBJECT_TABLES[SUBJECTS[entry.table_name]]].add(str(entry.subject_id))
        for column, value in _references(entry):
            wanted[table_named_by(entry.table_name, column) or ""].add(value)
    return wanted


def _references(entry: AuditEntry) -> Iterator[tuple[str, str]]:
    for column, sides in entry.changes.items():
        if column != "organization_id" and table_named_by(entry.table_name, column):
            for side in sides:
                yield from ((column, str(each)) for each in (side if isinstance(side, list) else [side]) if each)


class _Teller:
    """Tells one entry."""

    def __init__(self, entry: AuditEntry, names: dict[tuple[str, str], Named], currency: str) -> None:
        self.entry = entry
        self.table = entry.table_name
        self.names = names
        self.organizations_currency = currency
        self.row = names.get((self.table, str(entry.row_id)), Named(""))
        subject = SUBJECT_TABLES[SUBJECTS[self.table]] if entry.subject_id else ""
        self.page = (subject, entry.subject_id) if entry.subject_id else (self.table, entry.row_id)
        self.subject = names.get((subject, str(entry.subject_id)), Named(""))

    def told(self) -> Told:
        entry = self.entry
        table, row_id = self.page
        return Told(
            at=entry.created_at,
            who=entry.actor_label or str(entry.get_actor_kind_display()),
            door=_door(entry.actor_kind),
            deed=self.deed(),
            lines=tuple(self.lines()),
            reason=entry.reason,
            table=table,
            row_id=row_id,
            gone=self.names.get((table, str(row_id)), NOBODY).gone,
        )

    def deed(self) -> str:
        if self.table == "coupon_uses":
            return self._deed_of_use()
        if self.table in CHOSEN:
            return self._deed_of_choice()
        name = self.entry.row_label
        if self.table == "members":
            name = self.name_of("user_id", self._value("user_id")) or self.row.label or name
        sentence = deed(self.entry.action, self.table, name)
        return f"{sentence} ({self.subject.label})" if self.subject.label else sentence

    def _deed_of_use(self) -> str:
        coupon = self.row.coupon or self.name_of("coupon_id", self._value("coupon_id"))
        booking = self.row.booking or self.name_of("booking_id", self._value("booking_id"))
        redeemed = self._value("state") == "redeemed"
        sentences = {
            "created": _("Redeemed coupon %(coupon)s on booking %(booking)s")
            if redeemed
            else _("Held coupon %(coupon)s for booking %(booking)s"),
            "redeemed": _("Redeemed coupon %(coupon)s on booking %(booking)s"),
            "reserved": _("Held coupon %(coupon)s for booking %(booking)s"),
            "deleted": _("Released coupon %(coupon)s from booking %(booking)s"),
        }
        changed = _("Changed the use of coupon %(coupon)s on booking %(booking)s")
        return sentences.get(self.entry.action, changed) % {"coupon": coupon, "booking": booking}

    def _deed_of_choice(self) -> str:
        column = CHOSEN[self.table]
        sentences = {
            "created": _("Added %(target)s to coupon %(coupon)s"),
            "deleted": _("Took %(target)s from coupon %(coupon)s"),
        }
        target = self.name_of(column, self._value(column) or self.entry.row_label)
        changed = _("Changed %(target)s of coupon %(coupon)s")
        return sentences.get(self.entry.action, changed) % {"target": target, "coupon": self.subject.label}

    def lines(self) -> Iterator[str]:
        unsaid = self._said_by_the_deed()
        changes: dict[str, Any] = {name: sides for name, sides in self.entry.changes.items() if name not in unsaid}
        whole = self.entry.action in WHOLE
        return changes_in_words(self.table, changes, whole=whole, name_of=self.name_of, currency_of=self.currency_of)

    def _said_by_the_deed(self) -> set[str | None]:
        if self.table == "coupon_uses":
            return {*OF_A_USE}
        if self.table == "members" and self.entry.action in WHOLE:
            return {"user_id"}
        return {SUBJECTS.get(self.table), CHOSEN.get(self.table)}

    def name_of(self, column: str, value: str | None) -> str:
        """The text itself where it names nothing."""
        if not value:
            return ""
        named = self.names.get((table_named_by(self.table, column) or "", str(value)))
        return named.label if named and named.label else str(value)

    def currency_of(self, column: str) -> str | None:
        """That of the amount's own row, else of its booking; for a limit the organization's."""
        limits = self.table == "coupons" and column != "amount_minor"
        told_here = self._value("limit_currency" if limits else "currency")
        if limits:
            return told_here or self.row.limit_currency or self.organizations_currency
        return told_here or self.row.currency or self.subject.currency

    def _value(self, column: str) -> str | None:
        """What the entry itself says of a column: as it became, else as it was."""
        before, after = self.entry.changes.get(column, (None, None))
        told: Any = after if after is not None else before
        return None if told is None else str(told)


def _door(kind: str) -> str:
    doors = {ActorKind.STAFF: _("in the admin"), ActorKind.KEY: _("over the API"), ActorKind.COMMAND: _("by a command")}
    return doors.get(ActorKind(kind), kind) if kind in ActorKind.values else kind
