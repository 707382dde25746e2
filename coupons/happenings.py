"""What changes of coupons, of what they are for and of their uses mean to whoever listens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any
from uuid import UUID

from bookingoffice.database.backend.moments import read_instant
from bookingoffice.webhooks.tellers import Change, Happening, Image, Listening, Teller, made_changed_or_gone
from coupons.api.bookingmood.resources import RESOURCES
from coupons.expiring import Expiries, expired_by
from coupons.using_up import used_up

LINKS = frozenset({"coupon_products", "coupon_services"})


def meaning(listening: Listening, changes: Sequence[Change]) -> Iterator[Happening]:
    told = [change for change in changes if _on_the_wire(listening, change)]
    for change in told:
        yield from _of_one(listening, change)
    yield from used_up(listening, told)


def _of_one(listening: Listening, change: Change) -> Iterable[Happening]:
    if change.table == "coupons":
        return chain(_of_coupon(change), expired_by(change, listening.deadlines_until))
    if change.table == "coupon_uses":
        return _of_use(change)
    return [made_changed_or_gone(change, _id(change.either, "coupon_id"))]


def _of_coupon(change: Change) -> Iterator[Happening]:
    """A mark of deletion deletes for those who listen; removing the row afterwards is no news to them."""
    plain = made_changed_or_gone(change, change.row_id)
    if change.new is not None:
        yield plain
    if _has_come(change, "archived_at"):
        yield Happening.of(change, "coupons.archived", change.row_id)
    if _has_come(change, "deleted_at") or (change.new is None and not _value(change.old, "deleted_at")):
        yield Happening.of(change, "coupons.deleted", change.row_id)


def _of_use(change: Change) -> Iterator[Happening]:
    """A hold past its deadline was gone already when its row went."""
    subject = _id(change.either, "coupon_id")
    before, after = _value(change.old, "state"), _value(change.new, "state")
    if change.new is None and _lapsed(change):
        return
    yield made_changed_or_gone(change, subject)
    if change.new is None:
        yield Happening.of(change, "coupon_uses.released", subject)
    elif before != after:
        yield Happening.of(change, f"coupon_uses.{after}", subject)


def _lapsed(change: Change) -> bool:
    until = read_instant(_value(change.old, "expires_at"))
    return until is not None and until <= change.moment


def _has_come(change: Change, column: str) -> bool:
    return bool(_value(change.new, column)) and not _value(change.old, column)


def _on_the_wire(listening: Listening, change: Change) -> bool:
    """The row grammar lists neither coupons fixed in a foreign currency nor what a coupon is not for."""
    if change.table == "coupons":
        return change.either.get("currency") in (None, listening.organization.currency)
    return change.table not in LINKS or not change.either.get("excluded")


def _value(image: Image | None, column: str) -> Any:
    return None if image is None else image.get(column)


def _id(image: Image, column: str) -> UUID:
    return UUID(image[column])


TELLER = Teller(
    meaning=meaning,
    shown=RESOURCES,
    computed={"fts": "to_tsvector('simple'::regconfig, code)"},
    calendar=Expiries(),
)
