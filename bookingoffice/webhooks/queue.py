"""The notifications that are to be sent: claimed in turn by one of the workers.

Claiming is a short transaction of its own, and so is marking: nothing is open while a receiver is spoken to. A worker that dies
in between leaves its claims behind, and they are due again once they count as lost.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from psycopg import sql

from bookingoffice.database.rows import execute
from bookingoffice.database.scope import tenant_scope

LOST_AFTER: Final = timedelta(seconds=60)  # longer than any sending takes
SIGHT: Final = 1000  # of the oldest that are pending for one receiver; it looks behind them where none of these can go

OPEN = sql.SQL("""
SELECT id, endpoint, signing_secret, failures FROM webhooks WHERE organization_id = %(organization_id)s
AND (resting_until IS NULL OR resting_until <= %(moment)s) ORDER BY random()
""")

# Of one subject only the first: what is behind it waits, also while it is on its way or rests between two tries
CLAIM = sql.SQL("""
WITH oldest AS (
    SELECT id, subject, due_at FROM webhook_notifications
    WHERE organization_id = %(organization_id)s AND webhook_id = %(webhook_id)s AND status = 'pending'
    ORDER BY id LIMIT %(sight)s
), near AS (
    SELECT id FROM (SELECT id, due_at, row_number() OVER (PARTITION BY subject ORDER BY id) AS turn FROM oldest) AS turns
    WHERE turn = 1 AND due_at <= %(moment)s
), heads AS (
    SELECT id FROM near UNION ALL
    SELECT id FROM (
        SELECT id, due_at, row_number() OVER (PARTITION BY subject ORDER BY id) AS turn FROM webhook_notifications
        WHERE organization_id = %(organization_id)s AND webhook_id = %(webhook_id)s AND status = 'pending'
        AND (SELECT count(*) FROM oldest) = %(sight)s AND NOT EXISTS (SELECT FROM near)
    ) AS turns WHERE turn = 1 AND due_at <= %(moment)s
), chosen AS (
    SELECT notes.id FROM webhook_notifications AS notes
    WHERE notes.organization_id = %(organization_id)s AND notes.id IN (SELECT id FROM heads)
    AND notes.status = 'pending' AND notes.due_at <= %(moment)s
    ORDER BY notes.id LIMIT %(most)s FOR UPDATE SKIP LOCKED
)
UPDATE webhook_notifications AS notes SET tries = tries + 1, due_at = %(lost_at)s, updated_at = clock_timestamp()
FROM chosen WHERE notes.organization_id = %(organization_id)s AND notes.id = chosen.id
RETURNING notes.id, notes.event_type, notes.payload::text, notes.happened_at, notes.tries, notes.queued_at
""")


@dataclass(frozen=True, slots=True)
class Receiver:
    organization_id: UUID
    webhook_id: UUID
    endpoint: str
    secret: str
    failures: int


@dataclass(frozen=True, slots=True)
class Claim:
    """One notification on its way to a receiver. It is ours as long as nobody has tried it since."""

    receiver: Receiver
    id: UUID
    event_type: str
    payload: str
    happened_at: datetime
    tries: int
    queued_at: datetime

    @property
    def body(self) -> bytes:
        """The same bytes at every try."""
        head = {"id": str(self.id), "date": int(self.happened_at.timestamp()), "event_type": self.event_type}
        return f'{json.dumps(head)[:-1]}, "payload": {self.payload}}}'.encode()


def claim(organization_id: UUID, moment: datetime, room: Mapping[UUID, int], usual: int, *, most: int) -> list[Claim]:
    """At most `most`: up to `usual` for each receiver, or as many as `room` says; for one that has failed a single one."""
    claims: list[Claim] = []
    with tenant_scope(organization_id):
        for row in execute(OPEN, organization_id=organization_id, moment=moment):
            receiver = Receiver(organization_id, *row)
            places = room.get(receiver.webhook_id, usual)
            wanted = min(places, 1 - (usual - places)) if receiver.failures else places
            number = min(wanted, most - len(claims))
            if number > 0:
                claims += _claimed(receiver, moment, number)
    return claims


def _claimed(receiver: Receiver, moment: datetime, most: int) -> list[Claim]:
    found = execute(
        CLAIM,
        organization_id=receiver.organization_id,
        webhook_id=receiver.webhook_id,
        moment=moment,
        lost_at=moment + LOST_AFTER,
        most=most,
        sight=SIGHT,
    )
    return sorted((Claim(receiver, *row) for row in found), key=lambda one: one.id)
