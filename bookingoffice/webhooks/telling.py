"""From the history to notifications, for one organization at a time: everything that is new in it, told to whoever asked.

Nothing is lost: an entry that is committed after a reading belongs to a transaction that was under way then, so it is at or above
the horizon that was kept, and is read next time, whatever was committed before it. Nothing is told that was undone, because
only committed entries are seen. Nothing is told twice: what is read again meets the unique cause of its notification.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction
from psycopg import sql

from bookingoffice.accounts.models import Organization
from bookingoffice.database.jsontext import Written
from bookingoffice.database.rows import execute
from bookingoffice.database.scope import tenant_scope
from bookingoffice.webhooks.changes import CHUNK, new_entries, whole_changes
from bookingoffice.webhooks.models import Cursor, Webhook
from bookingoffice.webhooks.shapes import shown
from bookingoffice.webhooks.tellers import Change, Happening, Image, Listening, Teller, tellers

SNAPSHOT = sql.SQL("""
SELECT pg_snapshot_xmin(taken)::text::bigint, pg_snapshot_xmax(taken)::text::bigint, clock_timestamp()
FROM pg_current_snapshot() AS taken
""")

TELL = sql.SQL("""
INSERT INTO webhook_notifications (organization_id, id, webhook_id, event_type, payload, happened_at, subject, cause)
SELECT %(organization_id)s, public.uuid7(), webhooks.id, given.event_type, given.payload, given.happened_at,
    given.subject, given.cause
FROM ROWS FROM (json_to_recordset(%(rows)s::json)
    AS (event_type text, payload jsonb, happened_at timestamptz, subject uuid, cause text))
    WITH ORDINALITY AS given(event_type, payload, happened_at, subject, cause, place)
JOIN webhooks ON webhooks.organization_id = %(organization_id)s AND webhooks.events @> ARRAY[given.event_type]
ORDER BY place, webhooks.id
ON CONFLICT (organization_id, webhook_id, event_type, cause) DO NOTHING RETURNING id
""")

EARLIEST = UUID(int=0)
SLACK = timedelta(seconds=10)
"""How much earlier than its transaction began to write an entry's id may have been made."""
BREATH = timedelta(seconds=5)
"""Deadlines are looked for no more often: that reads every coupon."""


class Reading(NamedTuple):
    """Where the history stood when a reading began."""

    horizon: int
    end: int
    taken_at: datetime


def tell(organization: Organization, moment: datetime) -> int:
    """Answers how many notifications were made. One transaction that sees one moment; one that dies is read again."""
    with _one_moment(), tenant_scope(organization.pk):
        cursor = _held(organization)
        if cursor is None:
            return 0
        reading = Reading(*execute(SNAPSHOT)[0])
        listening = _listening(organization, cursor, moment)
        told = sum(_tell_portion(listening, cursor, portion) for portion in _portions(listening, cursor, reading))
        told += _tell_deadlines(listening, cursor)
        _move(cursor, reading, moment)
        cursor.save()
        return told


@contextmanager
def _one_moment() -> Iterator[None]:
    """Rows are held against entries, so both must be of one snapshot. Who is in a transaction already sees to that."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            execute(sql.SQL("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        yield


def _held(organization: Organization) -> Cursor | None:
    """None where nobody listens, or another worker is reading."""
    cursors = Cursor.objects.of(organization.pk).select_for_update(skip_locked=True, no_key=True)
    cursor: Cursor | None = cursors.first()
    return cursor


def _listening(organization: Organization, cursor: Cursor, moment: datetime) -> Listening:
    asked = Webhook.objects.of(organization.pk).values_list("events", flat=True)
    return Listening(organization, frozenset(chain.from_iterable(asked)), moment, cursor.deadlines_until)


def _portions(listening: Listening, cursor: Cursor, reading: Reading) -> Iterator[tuple[Sequence[Change], bool]]:
    """What is new, in order; with each portion whether it is the last."""
    organization_id = listening.organization.pk
    tables = sorted(frozenset[str]().union(*(teller.tables for teller in tellers())))
    since, after = min(cursor.since, reading.taken_at) - SLACK, EARLIEST
    while True:
        entries = new_entries(organization_id, tables, since=since, horizon=cursor.horizon, after=after)
        last = len(entries) < CHUNK
        yield whole_changes(organization_id, entries) if listening.wanted else (), last
        if last:
            return
        after = entries[-1].id


def _tell_portion(listening: Listening, cursor: Cursor, portion: tuple[Sequence[Change], bool]) -> int:
    changes, last = portion
    cursor.next_deadline = _first(cursor.next_deadline, *_deadlines_set(changes))
    here = replace(listening, last=last)
    return sum(_tell_changes(here, teller, changes) for teller in tellers())


def _tell_changes(listening: Listening, teller: Teller, changes: Sequence[Change]) -> int:
    mine = [change for change in changes if change.table in teller.tables]
    return _write(listening, teller, teller.meaning(listening, mine))


def _deadlines_set(changes: Sequence[Change]) -> Iterator[datetime | None]:
    for teller in tellers():
        if teller.calendar:
            yield from (teller.calendar.deadline(change) for change in changes if change.table in teller.tables)


def _tell_deadlines(listening: Listening, cursor: Cursor) -> int:
    """Looks for them only where one is due, as far as the changes that set them tell."""
    told, moment = 0, listening.moment
    if cursor.next_deadline and cursor.next_deadline <= moment:
        keepers = [(teller, teller.calendar) for teller in tellers() if teller.calendar]
        told = sum(_write(listening, teller, calendar.come(listening)) for teller, calendar in keepers)
        upcoming = _first(*(calendar.next(listening) for _, calendar in keepers))
        cursor.next_deadline = max(upcoming, moment + BREATH) if upcoming else None
    cursor.deadlines_until = max(moment, cursor.deadlines_until)
    return told


def _first(*moments: datetime | None) -> datetime | None:
    return min(filter(None, moments), default=None)


def _write(listening: Listening, teller: Teller, happenings: Iterable[Happening]) -> int:
    """Only what somebody asked for; one statement for all of it."""
    wanted = [one for one in happenings if one.event_type in listening.wanted]
    rows = [
        {
            "event_type": one.event_type,
            "payload": {"new": new, "old": old},
            "happened_at": one.moment,
            "subject": one.subject,
            "cause": one.cause,
        }
        for one, new, old in zip(wanted, _texts(teller, wanted, "new"), _texts(teller, wanted, "old"), strict=True)
    ]
    return len(execute(TELL, organization_id=listening.organization.pk, rows=rows)) if rows else 0


def _texts(teller: Teller, happenings: Sequence[Happening], side: str) -> list[Written | None]:
    """The rows of one side as JSON, in the order of the happenings."""
    texts: list[Written | None] = [None] * len(happenings)
    for resource in teller.shown:
        images: list[tuple[int, Image]] = [
            (place, image)
            for place, one in enumerate(happenings)
            if one.table == resource.table and (image := getattr(one, side)) is not None
        ]
        for (place, _), text in zip(
            images, shown(resource, [image for _, image in images], teller.computed), strict=True
        ):
            texts[place] = Written(text)
    return texts


def _move(cursor: Cursor, reading: Reading, moment: datetime) -> None:
    """Everything below the horizon of the reading is told. A clock that was set back takes the search back with it."""
    cursor.horizon = max(cursor.horizon, reading.horizon)
    if cursor.horizon >= cursor.mark:
        cursor.since = cursor.marked_at
        cursor.mark, cursor.marked_at = reading.end, reading.taken_at
    cursor.since = min(cursor.since, reading.taken_at)
    cursor.marked_at = min(cursor.marked_at, reading.taken_at)
    cursor.read_at = moment
