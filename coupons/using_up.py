"""A coupon is used up once for each time that its quota is reached.

Whether that was told stands in the database until it ends: by a use that was given back, by a quota that was raised, or by a hold
that lapsed, which a later use proves, since there was room for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from psycopg import sql

from bookingoffice.database.rows import execute
from bookingoffice.records import uuid7
from bookingoffice.webhooks.models import Told
from bookingoffice.webhooks.tellers import Change, Happening, Image, Listening, read_json

EVENT = "coupons.exhausted"

# Counted from the counters, less the holds that lapsed and were not cleared away yet; a coupon without a counter has no uses
STANDING = sql.SQL("""
SELECT coupons.id, to_jsonb(coupons)::text, coupons.quota <= coalesce((
    SELECT sum(used) FROM coupon_counters AS counters
    WHERE counters.organization_id = %(organization_id)s AND counters.coupon_id = coupons.id
), 0) - (
    SELECT count(*) FROM coupon_uses AS uses
    WHERE uses.organization_id = %(organization_id)s AND uses.coupon_id = coupons.id
    AND uses.state = 'reserved' AND uses.expires_at <= %(moment)s
)
FROM coupons WHERE coupons.organization_id = %(organization_id)s AND coupons.id = ANY(%(ids)s) AND coupons.quota IS NOT NULL
AND (coupons.currency IS NULL OR coupons.currency = %(currency)s)
""")

USED_BY = sql.SQL("""
SELECT count(*) FROM coupon_uses WHERE organization_id = %(organization_id)s AND coupon_id = %(coupon_id)s
AND created_at <= %(moment)s AND (state = 'redeemed' OR expires_at > %(moment)s)
""")


def used_up(listening: Listening, changes: Sequence[Change]) -> list[Happening]:
    """Judged at the end of a reading, when the coupons stand where all that was read has led them."""
    if EVENT not in listening.wanted:
        return []
    by_coupon: dict[UUID, list[Change]] = listening.remembered.setdefault(EVENT, defaultdict(list))
    for change in changes:
        if (coupon_id := _weighed(change)) is not None:
            by_coupon[coupon_id].append(_light(change))
    return _told_of(listening, by_coupon) if listening.last and by_coupon else []


def _light(change: Change) -> Change:
    """Many may have to be remembered; of a use nothing but its entry counts."""
    return change if change.table == "coupons" else replace(change, old=None, new=None)


def _weighed(change: Change) -> UUID | None:
    """The coupon of a use that came or went, or of a quota that was set."""
    if change.table == "coupon_uses" and (change.old is None or change.new is None):
        return UUID(change.either["coupon_id"])
    if change.table == "coupons" and _quota(change.old) != _quota(change.new):
        return change.row_id
    return None


def _told_of(listening: Listening, by_coupon: Mapping[UUID, Sequence[Change]]) -> list[Happening]:
    organization_id = listening.organization.pk
    known = {one.subject: one for one in Told.objects.of(organization_id).filter(subject__in=by_coupon)}
    standing = execute(
        STANDING,
        organization_id=organization_id,
        ids=list(by_coupon),
        moment=listening.moment,
        currency=listening.organization.currency,
    )
    found: list[Happening] = []
    kept: list[Told] = []
    for coupon_id, image, exhausted in standing:
        told = known.get(coupon_id) or Told(organization_id=organization_id, subject=coupon_id, last_entry=UUID(int=0))
        found += _weigh(told, by_coupon[coupon_id], read_json(image), exhausted)
        kept.append(told)
    Told.objects.bulk_create(
        kept,
        update_conflicts=True,
        unique_fields=["organization", "subject"],
        update_fields=["told", "last_entry"],
    )
    return found


def _weigh(told: Told, changes: Sequence[Change], image: Image, exhausted: bool) -> list[Happening]:
    """What ended the state arms it again; how the coupon stands now decides whether it has come back since.

    The last use may be committed after one whose entry is later, as counters in slots allow: nothing is new then but the state.
    """
    new = [change for change in changes if change.entry > told.last_entry]
    happenings = []
    for change in new:
        if change.table == "coupons" and not told.told and _was_used_up(change):
            happenings.append(_exhausted(change, change.old, change.entry))
        told.told = False
    if exhausted and not told.told:
        happenings.append(_exhausted(changes[-1], image, new[-1].entry if new else uuid7()))
        told.told = True
    told.last_entry = max([told.last_entry, *(change.entry for change in new)])
    return happenings


def _was_used_up(change: Change) -> bool:
    """Whether the quota had been reached before it was raised, between two readings."""
    before = _quota(change.old)
    if before is None or change.old is None:
        return False
    return used_by(UUID(change.old["organization_id"]), change.row_id, change.moment) >= before


def used_by(organization_id: UUID, coupon_id: UUID, moment: datetime) -> int:
    return int(execute(USED_BY, organization_id=organization_id, coupon_id=coupon_id, moment=moment)[0][0])


def _exhausted(change: Change, image: Image | None, cause: UUID) -> Happening:
    return Happening(EVENT, change.moment, UUID(str((image or {})["id"])), str(cause), "coupons", image, image)


def _quota(image: Image | None) -> int | None:
    return None if image is None else image.get("quota")
