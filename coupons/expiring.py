"""A coupon expires once for each deadline that it lets pass, whether anybody calls or not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Min, Q
from psycopg import sql

from bookingoffice.database.backend.moments import read_instant
from bookingoffice.database.rows import execute
from bookingoffice.webhooks.tellers import Change, Happening, Image, Listening, read_json
from coupons.models import Coupon

EVENT = "coupons.expired"

EXPIRED = sql.SQL("""
SELECT id, expires_at, to_jsonb(coupons)::text FROM coupons WHERE organization_id = %(organization_id)s
AND expires_at > %(after)s AND expires_at <= %(until)s AND deleted_at IS NULL AND archived_at IS NULL
AND (currency IS NULL OR currency = %(currency)s)
ORDER BY expires_at, id
""")


class Expiries:
    def deadline(self, change: Change) -> datetime | None:
        return _expiry(change.new) if change.table == "coupons" else None

    def come(self, listening: Listening) -> Iterator[Happening]:
        if EVENT not in listening.wanted:
            return
        found = execute(
            EXPIRED,
            organization_id=listening.organization.pk,
            after=listening.deadlines_until,
            until=listening.moment,
            currency=listening.organization.currency,
        )
        for coupon_id, expires_at, image in found:
            yield _expired(coupon_id, expires_at, read_json(image))

    def next(self, listening: Listening) -> datetime | None:
        ahead = Q(expires_at__gt=listening.moment, deleted_at=None, archived_at=None)
        coupons = Coupon.objects.of(listening.organization.pk).filter(ahead)
        first: datetime | None = coupons.aggregate(first=Min("expires_at"))["first"]
        return first


def expired_by(change: Change, deadlines_until: datetime) -> Iterator[Happening]:
    """A change that sets a deadline which has passed already, and one that hides a deadline nobody saw pass from the calendar."""
    before, after = _expiry(change.old), _expiry(change.new)
    moved = before != after
    hides = moved or not _in_use(change.new)
    if hides and before and deadlines_until < before <= change.moment and _in_use(change.old):
        yield _expired(change.row_id, before, change.old)
    if moved and after and after <= deadlines_until and _in_use(change.new):
        yield (
            _set_too_late(change, after)
            if after <= _written_at(change.entry)
            else _expired(change.row_id, after, change.new)
        )


def _set_too_late(change: Change, expires_at: datetime) -> Happening:
    """Not the calendar's: to the same deadline in the past it may be set again and again."""
    return Happening(EVENT, expires_at, change.row_id, str(change.entry), "coupons", change.new, change.new)


def _written_at(entry: UUID) -> datetime:
    """By the database's clock, to the millisecond."""
    return datetime.fromtimestamp((entry.int >> 80) / 1000, UTC)


def _expired(coupon_id: UUID, expires_at: datetime, image: Image | None) -> Happening:
    """Found by the calendar or by a change, it is the same event."""
    return Happening(EVENT, expires_at, coupon_id, f"{coupon_id} {expires_at.isoformat()}", "coupons", image, image)


def _expiry(image: Image | None) -> datetime | None:
    return read_instant(_value(image, "expires_at"))


def _in_use(image: Image | None) -> bool:
    """What staff took away outranks the calendar."""
    return not _value(image, "deleted_at") and not _value(image, "archived_at")


def _value(image: Image | None, column: str) -> Any:
    return None if image is None else image.get(column)
