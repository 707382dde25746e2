"""The history of one season in words, that of its single years among it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from bookingoffice.audit.models import AuditEntry
from bookingoffice.audit.words import changes_in_words
from seasons.calendar import ONE_DAY, Stretch
from seasons.changes import change_in_words, state_in_words
from seasons.spoken import stretches_in_words

MOST_SHOWN: Final = 20
DEEDS: Final = {"created": "Made", "changed": "Changed", "deleted": "Deleted"}


@dataclass(frozen=True)
class Entry:
    at: datetime
    who: str
    deed: str
    changes: tuple[str, ...]


def history_of(organization_id: UUID, season_id: UUID) -> list[Entry]:
    """Newest first."""
    entries = AuditEntry.objects.of(organization_id)
    of_years = entries.filter(table_name="season_years")
    years = of_years.filter(action="created", changes__season_id__contains=[str(season_id)]).values("row_id")
    mine = Q(table_name="seasons", row_id=season_id) | Q(table_name="season_years", row_id__in=years)
    return [_entry(found) for found in entries.filter(mine).order_by("-created_at", "-id")[:MOST_SHOWN]]


def _entry(found: AuditEntry) -> Entry:
    deed = DEEDS.get(found.action, found.action)
    if found.table_name == "season_years":
        deed = f"{deed}: dates for {found.row_label}"
    who = found.actor_label or found.get_actor_kind_display()
    return Entry(found.created_at, who, deed, tuple(_words(found)))


def _words(found: AuditEntry) -> Iterator[str]:
    changes: dict[str, Any] = dict(found.changes)
    if "value" in changes:
        before, after = changes.pop("value")
        yield from [state_in_words(after)] if found.action == "created" else change_in_words(before, after)
    elif found.action == "created" and found.table_name == "seasons":
        yield state_in_words(None)
    if "dates" in changes:
        yield " → ".join(_dates(side) for side in changes.pop("dates") if side is not None)
    if found.table_name == "seasons":
        yield from changes_in_words({name: sides for name, sides in changes.items() if name == "name"})


def _dates(text: str) -> str:
    """Of a `datemultirange` as the history keeps it: `{[2027-06-18,2027-06-28),…}`."""
    ends = [date.fromisoformat(end.strip("[{()}]")) for end in text.split(",") if end != "{}"]
    return stretches_in_words([Stretch(first, end - ONE_DAY) for first, end in zip(ends[::2], ends[1::2], strict=True)])
