"""The life of a claim: taken before the act, held while it runs, then kept with its answer or given up.

Time only says when a claim may be taken over; that an act counts once follows from `hold` and `keep`, which look for the claim
in the transaction of the act.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bookingoffice.database.batches import Query
from bookingoffice.database.jsontext import json_text
from bookingoffice.database.pipeline import connection_of, put_off, row_of
from bookingoffice.database.rows import query
from bookingoffice.database.scope import tenant_scope
from bookingoffice.idempotency.answers import Answer
from bookingoffice.idempotency.asking import Asked
from bookingoffice.idempotency.models import KEPT, LAPSES_AFTER, Claim
from bookingoffice.idempotency.refusals import reused_key, running_key, unkeepable_answer
from bookingoffice.records import uuid7

PATIENT = f"SET LOCAL idle_in_transaction_session_timeout = '{LAPSES_AFTER.seconds}s'".encode()
LARGEST_ANSWER = 32 * 1024 * 1024
PORTION = 20  # expired claims that one new claim clears away, so that they become fewer and no request pays for all

TAKE = """
INSERT INTO idempotency_claims (organization_id, api_key_id, key, id, created_at, fingerprint)
VALUES (%(organization_id)s, %(api_key_id)s, %(key)s, %(id)s, %(moment)s, %(fingerprint)s)
ON CONFLICT (organization_id, api_key_id, key) DO NOTHING RETURNING id
"""

PRUNE = """
DELETE FROM idempotency_claims AS old USING (
    SELECT api_key_id, key FROM idempotency_claims WHERE organization_id = %(organization_id)s AND created_at <= %(moment)s
    ORDER BY created_at LIMIT %(portion)s FOR UPDATE SKIP LOCKED
) AS expired
WHERE old.organization_id = %(organization_id)s AND old.api_key_id = expired.api_key_id AND old.key = expired.key
"""

HOLD = """
SELECT id FROM idempotency_claims
WHERE organization_id = %(organization_id)s AND api_key_id = %(api_key_id)s AND key = %(key)s AND id = %(id)s
FOR NO KEY UPDATE SKIP LOCKED
"""

KEEP = """
UPDATE idempotency_claims SET status = %(status)s, headers = %(headers)s, body = %(body)s
WHERE organization_id = %(organization_id)s AND api_key_id = %(api_key_id)s AND key = %(key)s AND id = %(id)s RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Held:
    """A claim of ours, as long as a row has its id."""

    asked: Asked
    id: UUID

    def named(self) -> dict[str, Any]:
        asked = self.asked
        return {
            "organization_id": asked.organization_id,
            "api_key_id": asked.api_key_id,
            "key": asked.key,
            "id": self.id,
        }


def take(asked: Asked, moment: datetime) -> Held | Answer:
    """In a short transaction of its own, so that every other request sees it at once; or the answer that is kept already.

    Refuses a key that is running or was sent with another request.
    """
    held = Held(asked, uuid7())
    with tenant_scope(asked.organization_id):
        _hurry()
        put_off(connection_of(), pruning(asked.organization_id, moment))
        if _inserted(held, moment):
            return held
    with tenant_scope(asked.organization_id):
        _hurry()
        return _found(held, moment)


def hold(held: Held) -> None:
    """For the transaction of the act: nobody takes over what is locked. Refuses if somebody did before.

    A server that vanished with its network must not hold the lock for longer than a claim lasts.
    """
    connection_of().send_ahead(PATIENT)
    if not row_of(query(HOLD, **held.named())):
        raise running_key()


def keep(held: Held, answer: Answer) -> None:
    """Refuses, and so undoes the act, where the claim is lost or the answer too long."""
    if len(answer.body) > LARGEST_ANSWER:
        raise unkeepable_answer(LARGEST_ANSWER)
    kept: dict[str, Any] = {"status": answer.status, "headers": json_text(answer.headers), "body": answer.body}
    if not row_of(query(KEEP, **held.named(), **kept)):
        raise running_key()


def give_up(held: Held) -> None:
    """The key is free again; one that was answered after all, or is another's by now, stays."""
    with tenant_scope(held.asked.organization_id):
        _row(held.asked).filter(id=held.id, status=None).delete()


def prune(organization_id: UUID, moment: datetime, portion: int = PORTION) -> None:
    row_of(pruning(organization_id, moment, portion))


def pruning(organization_id: UUID, moment: datetime, portion: int = PORTION) -> Query:
    return query(PRUNE, organization_id=organization_id, moment=moment - KEPT, portion=portion)


def _hurry() -> None:
    """A claim need not reach the disk by itself: the commit of its act takes it along, and without that it may be forgotten."""
    connection_of().send_ahead(b"SET LOCAL synchronous_commit = off")


def _inserted(held: Held, moment: datetime) -> bool:
    """The COMMIT leaves with it, whether or not."""
    asked = query(TAKE, **held.named(), moment=moment, fingerprint=held.asked.fingerprint)
    return bool(row_of(asked, last=True))


def _found(held: Held, moment: datetime) -> Held | Answer:
    claim: Claim | None = _row(held.asked).first()
    if claim is None:  # given up since the insert met it
        raise running_key()
    if not claim.expired_at(moment):
        if bytes(claim.fingerprint) != held.asked.fingerprint:
            raise reused_key()
        if answer := claim.answer:
            return answer
        if not claim.lapsed_at(moment):
            raise running_key()
    return _taken_over(claim, held, moment)


def _taken_over(claim: Claim, held: Held, moment: datetime) -> Held:
    """By one of those who found it: it must still be as it was found, and nobody at work on it."""
    if not _locked(_row(held.asked).filter(id=claim.id, status=claim.status)):
        raise running_key()
    _row(held.asked).update(
        id=held.id, created_at=moment, fingerprint=held.asked.fingerprint, status=None, headers=None, body=None
    )
    return held


def _row(asked: Asked) -> Any:
    return Claim.objects.of(asked.organization_id).filter(api_key_id=asked.api_key_id, key=asked.key)


def _locked(claims: Any) -> bool:
    return bool(list(claims.select_for_update(skip_locked=True, no_key=True).values_list("id", flat=True)))
