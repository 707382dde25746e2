"""The rooms that know what a change means tell it here, each about its own tables; this room knows none of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from bookingoffice.accounts.models import Organization
from bookingoffice.postgrest.resources import Resource

Image = Mapping[str, Any]
"""A row as `to_jsonb` tells it."""


def read_json(text: str | None) -> Any:
    """With every digit of its numbers."""
    return None if text is None else json.loads(text, parse_float=Decimal)


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the history with the whole row before and after it; None where there was, or is, none."""

    entry: UUID
    moment: datetime
    table: str
    row_id: UUID
    subject_id: UUID | None
    old: Image | None
    new: Image | None

    @property
    def either(self) -> Image:
        """Of a row that went as it was."""
        image = self.old if self.new is None else self.new
        assert image is not None
        return image


@dataclass(frozen=True, slots=True)
class Happening:
    """One event. `cause` tells it from every other event of its type; `subject` is what has its events told in order."""

    event_type: str
    moment: datetime
    subject: UUID
    cause: str
    table: str
    old: Image | None
    new: Image | None

    @classmethod
    def of(cls, change: Change, event_type: str, subject: UUID) -> Happening:
        return cls(event_type, change.moment, subject, str(change.entry), change.table, change.old, change.new)


@dataclass(frozen=True, slots=True)
class Listening:
    """For whom changes are told: an organization, and the events that somebody there asked for."""

    organization: Organization
    wanted: frozenset[str]
    moment: datetime
    deadlines_until: datetime
    """Deadlines up to here were told when they came."""
    remembered: dict[str, Any] = field(default_factory=dict)
    """Between the portions of one reading; each teller has a key of its own."""
    last: bool = True
    """Whether this is the last portion, so that the rows as they stand are what its changes led to."""


Meaning = Callable[[Listening, Sequence[Change]], Iterable[Happening]]


class Calendar(Protocol):
    """What comes to pass by time alone."""

    def deadline(self, change: Change) -> datetime | None:
        """The one that a change has set."""

    def come(self, listening: Listening) -> Iterable[Happening]:
        """Those after `deadlines_until`, up to the moment."""

    def next(self, listening: Listening) -> datetime | None:
        """The first after the moment."""


@dataclass(frozen=True, slots=True)
class Teller:
    """`shown` gives the wire's columns of each table; `computed` is SQL for columns that a remembered row may lack."""

    meaning: Meaning
    shown: Sequence[Resource]
    computed: Mapping[str, str] = field(default_factory=dict)
    also_reads: Sequence[str] = ()
    calendar: Calendar | None = None

    @property
    def tables(self) -> frozenset[str]:
        return frozenset([*(resource.table for resource in self.shown), *self.also_reads])


_tellers: list[Teller] = []


def tells(teller: Teller) -> None:
    _tellers.append(teller)


def tellers() -> Sequence[Teller]:
    return tuple(_tellers)


def made_changed_or_gone(change: Change, subject: UUID, name: str | None = None) -> Happening:
    """`<table>.created`, `.updated` or `.deleted`."""
    deed = "created" if change.old is None else "deleted" if change.new is None else "updated"
    return Happening.of(change, f"{name or change.table}.{deed}", subject)
